using System.Text.Json.Nodes;

namespace FlowDsl.Tests;

/// <summary>The command <c>study</c>, on sums whose errors are known.</summary>
public class StudyTests
{
    [Fact]
    public void EachTaskIsAFile()
    {
        using var folder = new TemporaryFolder();
        string output = Run($"study leibniz --out {folder["out"]} --trials 2").Done().Output;
        Assert.Contains("leibniz: 0.01 of the published steps, 8 tasks, 2.6E+5 operations", output, StringComparison.Ordinal);
        Assert.Contains("8 of 8: terms2000000-trial1", output, StringComparison.Ordinal);
        Assert.EndsWith("8 made, 0 kept.\n", output, StringComparison.Ordinal);
        string[] names = Names(folder["out"]);
        Assert.Equal(8, names.Length);
        Assert.All(names, name => Assert.EndsWith(".json", name, StringComparison.Ordinal));
        JsonObject record = Record(folder["out"], "terms800000-trial1");
        Assert.Equal("leibniz", (string?)record["study"]);
        Assert.Equal("terms800000-trial1", (string?)record["task"]);
        Assert.Equal(0.01, (double)record["share"]!);
        Assert.True((double)record["seconds"]! > 0);
        Assert.Equal(8000, (int)record["result"]!["terms"]!);
        // Below the first term that is left out, and not by much.
        double error = Math.Abs((double)record["result"]!["sum"]! - Math.PI);
        Assert.InRange(error, 1.0 / 16001, 4.0 / 16001);
        Assert.Equal("NaN", (string?)record["result"]!["spread"]);
        Assert.Equal("Infinity", (string?)record["result"]!["list"]![1]);
    }

    [Fact]
    public void ACancelledRunGoesOnToTheSameResults()
    {
        using var folder = new TemporaryFolder();
        Run($"study leibniz --out {folder["whole"]}").Done();
        using var stop = new CancellationTokenSource();
        var stopping = new LeibnizStudy((task, terms) =>
        {
            if (task.StartsWith("terms800000", StringComparison.Ordinal) && terms == 3000) stop.Cancel();
        });
        Run($"study leibniz --out {folder["out"]}", stopping, stop.Token);
        Assert.Equal(["terms400000-trial0.json", "terms800000-trial0.share0.01.checkpoint"], Names(folder["out"]));
        Run($"study leibniz --out {folder["out"]}").Fails(1, "terms400000-trial0", "--resume");
        int first = int.MaxValue;
        var going = new LeibnizStudy((task, terms) => first = Math.Min(first, terms));
        string output = Run($"study leibniz --out {folder["out"]} --resume", going).Done().Output;
        Assert.EndsWith("3 made, 1 kept.\n", output, StringComparison.Ordinal);
        Assert.Equal(1000, first);
        Assert.True((bool)Record(folder["out"], "terms800000-trial0")["resumed"]!);
        AssertSameResults(folder["whole"], folder["out"]);
    }

    internal static CommandLine.Outcome Run(string words, LeibnizStudy? study = null, CancellationToken cancellationToken = default)
        => CommandLine.Run(words, [study ?? new LeibnizStudy()], cancellationToken);

    private static string[] Names(string root)
        => [.. Directory.EnumerateFileSystemEntries(Path.Combine(root, "leibniz")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static JsonObject Record(string root, string task)
        => JsonNode.Parse(File.ReadAllText(Path.Combine(root, "leibniz", task + ".json")))!.AsObject();

    private static void AssertSameResults(string expected, string actual)
    {
        Assert.Equal(Names(expected), Names(actual));
        foreach (string name in Names(expected))
        {
            string task = Path.GetFileNameWithoutExtension(name);
            Assert.Equal(Record(expected, task)["result"]!.ToJsonString(), Record(actual, task)["result"]!.ToJsonString());
        }
    }
}
