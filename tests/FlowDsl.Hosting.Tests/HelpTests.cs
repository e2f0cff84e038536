using System.CommandLine;

namespace FlowDsl.Tests;

/// <summary>What <c>--help</c> says, of the program and of each command.</summary>
public class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("sample")]
    [InlineData("compare")]
    [InlineData("grid")]
    [InlineData("profile")]
    [InlineData("tune")]
    [InlineData("fit")]
    [InlineData("data")]
    [InlineData("report")]
    [InlineData("bench")]
    [InlineData("certify")]
    [InlineData("budget")]
    [InlineData("train")]
    [InlineData("merge")]
    [InlineData("verify")]
    [InlineData("study")]
    [InlineData("submit")]
    [InlineData("submit sample")]
    [InlineData("submit study")]
    [InlineData("submit train")]
    public Task Help(string command)
    {
        string text = CommandLine.Run($"{command} --help").Done().Output;
        Assert.Equal(command.Length > 0, text.Contains($"Example:\n  {command} ", StringComparison.Ordinal));
        VerifySettings settings = new();
        settings.UseParameters(command.Length == 0 ? "program" : command.Replace(' ', '-'));
        settings.ScrubLinesWithReplace(line => line.Replace(RootCommand.ExecutableName, "program", StringComparison.Ordinal).TrimEnd());
        return Verifier.Verify(text, settings);
    }

    [Fact]
    public void EverySnapshotHasATest()
        => Assert.Empty(SnapshotFiles.FindOrphans(ProjectFolder(), typeof(HelpTests).Assembly));

    private static string ProjectFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
