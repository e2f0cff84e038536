using System.Diagnostics;
using FlowDsl.Hosting.Cluster;

namespace FlowDsl.Tests;

/// <summary>Words of a shell, against bash.</summary>
public class ShellWordsTests
{
    private static readonly string[] s_words =
    [
        "", "plain", "/a/b.c-d_e:f,g+h@i%j", "two words", "it's", "\"quoted\"", "$HOME", "`id`", @"back\slash", "~",
        "~/x", "*", "a=b", "#no", "!x", "naïve", "\t", "a'b\"c",
    ];

    [BashFact]
    public void BashReadsQuotedWordsBack()
    {
        string printed = Bash($"printf '%s\\n' {ShellWords.Join(s_words)}");
        Assert.Equal(s_words, printed.Split('\n')[..^1]);
    }

    [Fact]
    public void QuotedWordsAreSplitBack() => Assert.Equal(s_words, ShellWords.Split(ShellWords.Join(s_words))!.Value);

    [BashTheory]
    [InlineData("a b  c")]
    [InlineData("  a\t'b c' ")]
    [InlineData(@"""a \"" \$ \x b"" c\ d e'f'""g""")]
    [InlineData("'' x\"\"")]
    [InlineData(@"a\\b '\'")]
    public void SplitsAsBashDoes(string line)
    {
        Assert.Equal(Bash($"printf '%s\\n' {line}").Split('\n')[..^1], ShellWords.Split(line)!.Value);
    }

    [Theory]
    [InlineData("'a")]
    [InlineData("a \"b")]
    [InlineData("\"a'")]
    public void AnOpenQuoteIsNoLine(string line) => Assert.Null(ShellWords.Split(line));

    [Fact]
    public void WordsThatNeedNoQuotesHaveNone() => Assert.Equal("sample /a/b.npy -n 1e9", ShellWords.Join(["sample", "/a/b.npy", "-n", "1e9"]));

    private static string Bash(string command)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
        return output;
    }
}
