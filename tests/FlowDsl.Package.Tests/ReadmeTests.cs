using System.Text.RegularExpressions;

namespace FlowDsl.Tests;

/// <summary>What README promises of the package, as a reader would try it.</summary>
[Collection(PackageCollection.Name)]
public class ReadmeTests(PackageFixture package)
{
    [Fact]
    public async Task ProgramOfOneFileRuns()
    {
        string readme = File.ReadAllText(Path.Combine(PackageFixture.Metadata("RepositoryRoot"), "README.md")).ReplaceLineEndings("\n");
        string program = Regex.Match(readme, "^```csharp\n(#:package .*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        Assert.StartsWith($"#:package FlowDsl@{package.Version}\n", program, StringComparison.Ordinal);
        CommandResult result = await package.CreatePublicConsumer("Single", "").RunFile("one", program);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("100000 samples, 16 evaluations each", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"forecast of the relative mean squared error: \d", result.Output);
    }
}
