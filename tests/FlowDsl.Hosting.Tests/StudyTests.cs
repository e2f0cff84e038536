using System.Text.Json;
using System.Text.Json.Nodes;
using FlowDsl.Hosting;
using FlowDsl.Hosting.Shards;
using FlowDsl.Hosting.Studies;

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

    [Fact]
    public void SharesTogetherGiveWhatOneProcessGives()
    {
        using var folder = new TemporaryFolder();
        Run($"study leibniz --trials 3 --out {folder["whole"]}").Done();
        string first = Run($"study leibniz --trials 3 --out {folder["out"]} --shard 0/2").Done().Output;
        // The other share is no reason to refuse the folder, nor is it touched.
        DateTime[] before = Times(folder["out"]);
        string second = Run($"study leibniz --trials 3 --out {folder["out"]} --shard 1/2 --json").Json().GetProperty("tasks").ToString();
        Assert.Equal(12, before.Length + int.Parse(second, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains($"{before.Length} made, 0 kept", first, StringComparison.Ordinal);
        Assert.Equal(before, Times(folder["out"]).Intersect(before));
        AssertSameResults(folder["whole"], folder["out"]);
        Assert.EndsWith("0 made, 12 kept.\n", Run($"study leibniz --trials 3 --out {folder["out"]} --check").Done().Output, StringComparison.Ordinal);
    }

    /// <summary>Each task goes to one process, and nobody gets much more than a fair share.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void OperationsAreDealtOutInEqualShares(int count)
    {
        IReadOnlyList<StudyTask> tasks = new LeibnizStudy().CreateTasks(new StudyBudget(1, 2));
        IReadOnlyList<StudyTask>[] shares = [.. Enumerable.Range(0, count).Select(i => TaskDeal.Of(tasks, new ShardShare(i, count)))];
        Assert.Equal(tasks.OrderBy(task => task.Name), shares.SelectMany(share => share).OrderBy(task => task.Name));
        Assert.All(shares, share => Assert.Equal(share.OrderBy(task => tasks.ToList().IndexOf(task)), share));
        // A greedy deal is at most 4/3 of the best one, which is no less than a fair share and no less than the largest task.
        double fair = Math.Max(tasks.Sum(task => task.Operations) / count, tasks.Max(task => task.Operations));
        Assert.All(shares, share => Assert.InRange(share.Sum(task => task.Operations), 0, fair * 4 / 3));
    }

    [Fact]
    public void TasksSideBySideGiveTheSame()
    {
        using var folder = new TemporaryFolder();
        Run($"study leibniz --out {folder["whole"]}").Done();
        // All four wait for each other, so they do run at once.
        using var all = new Barrier(4);
        var study = new LeibnizStudy((_, terms) =>
        {
            if (terms == 1000) all.SignalAndWait();
        });
        Run($"study leibniz --out {folder["out"]} --parallel 4", study).Done();
        AssertSameResults(folder["whole"], folder["out"]);
        Assert.All(study.Runs, run => Assert.Equal(Math.Max(1, Environment.ProcessorCount / 4), run.Threads));
        Assert.Equal(4, study.Runs.Select(run => run.Checkpoint).Distinct().Count());
    }

    [Fact]
    public void OnlyTakesTasksByTheirNames()
    {
        using var folder = new TemporaryFolder();
        Run($"study L --out {folder["out"]} --trials 2 --only terms4 --only 2000000-TRIAL1").Done();
        Assert.Equal(["terms2000000-trial1.json", "terms400000-trial0.json", "terms400000-trial1.json"], Names(folder["out"]));
        // Other tasks go to the same folder without a word about these.
        Run($"study leibniz --out {folder["out"]} --only terms8 --budget share 0.02").Done();
        Assert.Equal(0.02, (double)Record(folder["out"], "terms800000-trial0")["share"]!);
    }

    [Fact]
    public void ATaskThatFailsLeavesTheOthersAlone()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Outcome outcome = Run($"study leibniz --out {folder["out"]}", new LeibnizStudy { Failing = "terms8" });
        Assert.Equal(1, outcome.Code);
        string study = Path.Combine(folder["out"], "leibniz");
        Assert.Equal(
            $"1 of 4 tasks failed, the others are finished and kept in '{study}'. The first was 'terms800000-trial0': it was asked to\n", outcome.Error);
        Assert.Equal(3, Names(folder["out"]).Length);
        Run($"study leibniz --out {folder["out"]} --check").Fails(1, "1 of 4 tasks are not finished", "terms800000-trial0", "--resume");
        Run($"study leibniz --out {folder["out"]} --resume").Done();
        Run($"study leibniz --out {folder["out"]} --check").Done();
    }

    [Fact]
    public void AnotherShareIsRefused()
    {
        using var folder = new TemporaryFolder();
        Run($"study leibniz --out {folder["out"]} --only terms4").Done();
        Run($"study leibniz --out {folder["out"]} --budget full --resume").Fails(1, "terms400000-trial0.json", "is of 0.01", "the budget is 1");
        Run($"study leibniz --out {folder["out"]} --budget full --check").Fails(1, "is of 0.01", "the budget is 1");
    }

    [Fact]
    public void WhatIsNoResultIsNamed()
    {
        using var folder = new TemporaryFolder();
        Run($"study leibniz --out {folder["out"]} --only terms4").Done();
        string path = Path.Combine(folder["out"], "leibniz", "terms400000-trial0.json"), other = path.Replace("terms4", "terms8", StringComparison.Ordinal);
        File.Copy(path, other);
        Run($"study leibniz --out {folder["out"]} --resume").Fails(1, "terms800000-trial0.json", "it is of leibniz, terms400000-trial0");
        File.WriteAllText(other, "{}");
        Run($"study leibniz --out {folder["out"]} --resume").Fails(1, "terms800000-trial0.json", "'study' is missing");
        File.WriteAllText(other, "no such format");
        Run($"study leibniz --out {folder["out"]} --resume").Fails(1, "terms800000-trial0.json", "no result");
    }

    /// <summary>Each share of the steps takes its part of the hours, on a machine of a known rate.</summary>
    [Theory]
    [InlineData(10, 1)]
    [InlineData(100, 1)]
    [InlineData(1, 0.1)]
    [InlineData(0.123, 0.012)]
    [InlineData(1e-9, 1e-4)]
    public void HoursBecomeAShare(double hours, double share) => Assert.Equal(share, new BudgetChoice(null, hours).Resolve(part => 10 * part));

    /// <summary>Part of the time is the same for every share.</summary>
    [Fact]
    public void HoursCountWhatDoesNotDependOnTheShare() => Assert.Equal(0.5, new BudgetChoice(null, 2).Resolve(part => 1 + 2 * part));

    [Fact]
    public void HoursGoOnWithTheShareThatIsThere()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        LeibnizStudy study = new((_, terms) => stop.Cancel());
        CommandLine.Outcome outcome = Run($"study leibniz --out {folder["out"]} --budget share 0.015", study, stop.Token);
        Assert.Equal(130, outcome.Code);
        Assert.Contains("0 of 4 tasks are finished", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("--budget share 0.015 --resume", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(0.015, Run($"study leibniz --out {folder["out"]} --budget hours 100 --resume --json").Json().GetProperty("share").GetDouble());
        Assert.Equal(1e-4, Run($"study leibniz --out {folder["new"]} --budget hours 1e-15 --json").Json().GetProperty("share").GetDouble());
    }

    [Fact]
    public void FinishedTasksSayHowFastTheMachineIs()
    {
        static StudyRecord Of(double seconds, int threads, bool isResumed) => new()
        {
            Study = "a",
            Task = "b",
            Share = 1,
            Version = "1",
            Result = [],
            Operations = 1e12,
            Seconds = seconds,
            Threads = threads,
            IsResumed = isResumed,
        };
        // Two of 10¹² operations in 15 and 5 seconds of a thread; nobody knows how long the third took.
        MachineRate rate = MachineRate.Of([Of(15, 1, false), Of(2.5, 2, false), Of(1e-3, 1, true)]);
        Assert.Equal(1e11, rate.OfThread, 1.0);
        Assert.Equal("the rate of 2 finished tasks", rate.Source);
        // On every processor as fast as on one.
        double second = 1e11 * Environment.ProcessorCount;
        Assert.Equal(
            ["about 0.5 s", "about 30 s", "about 2 min", "about 5.5 h", "about 100 h"],
            new[] { 0.5, 30, 120, 19_800, 360_000 }.Select(seconds => rate.Words(second * seconds)));
        Assert.InRange(MachineRate.Of([]).OfThread, 1e7, 1e13);
    }

    [Fact]
    public void JsonHasAllResults()
    {
        using var folder = new TemporaryFolder();
        Run($"study leibniz --out {folder["out"]} --only terms4").Done();
        JsonElement summary = Run($"study leibniz --out {folder["out"]} --resume --json").Json();
        Assert.Equal(3, summary.GetProperty("made").GetInt32());
        Assert.Equal(1, summary.GetProperty("kept").GetInt32());
        IEnumerable<JsonElement> results = summary.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("result"));
        Assert.Equal([4000, 8000, 12000, 20000], results.Select(result => result.GetProperty("terms").GetInt32()));
    }

    [Fact]
    public void StudiesAreListed()
    {
        string[] lines = Run("study --trials 5").Done().Output.Split('\n');
        Assert.StartsWith("leibniz", lines[1].Trim(), StringComparison.Ordinal);
        Assert.Contains("20", lines[1], StringComparison.Ordinal);
        Assert.Contains("6.6E+7", lines[1], StringComparison.Ordinal);
        JsonElement study = Assert.Single(Run("study --json").Json().GetProperty("studies").EnumerateArray());
        Assert.Equal(4, study.GetProperty("tasks").GetInt32());
        Assert.Equal(13.2e6, study.GetProperty("operations").GetDouble());
        Assert.True(study.GetProperty("hours").GetDouble() > 0);
    }

    [Fact]
    public void AProgramMayHaveNoStudies()
    {
        Assert.Equal("This program declares no studies.\n", CommandLine.Run("study").Done().Output);
        CommandLine.Run("study leibniz --out a").Fails(2, "'leibniz'", "declares none");
        Assert.Equal(0, CommandLine.Run("study --json").Json().GetProperty("studies").GetArrayLength());
    }

    [Theory]
    [InlineData("study leibnitz --out a", "'leibnitz'", "did you mean 'leibniz'?")]
    [InlineData("study leibniz", "study NAME needs --out")]
    [InlineData("study leibniz --out a --budget hours", "--budget is 'hours'", "a positive number")]
    [InlineData("study leibniz --out a --budget hours 0", "--budget is 'hours 0'")]
    [InlineData("study leibniz --out a --budget share 1.5", "--budget is 'share 1.5'", "up to 1")]
    [InlineData("study leibniz --out a --budget full 2", "--budget is 'full 2'")]
    [InlineData("study --out a --budget minutes leibniz", "--budget is 'minutes leibniz'", "Name the study first")]
    [InlineData("study leibniz --out a --budget days", "--budget is 'days'")]
    [InlineData("study leibniz --out a --trials 0", "--trials is '0'")]
    [InlineData("study leibniz --out a --parallel 0", "--parallel is '0'")]
    [InlineData("study leibniz --out a --shard 2/2", "--shard is '2/2'")]
    [InlineData("study leibniz --out a --only sigma", "'sigma'", "they are like 'terms400000-trial0'")]
    public void BadInputIsNamed(string words, params string[] expected) => Run(words).Fails(2, expected);

    [Theory]
    [InlineData("study --budget minutes --only terms4 leibniz --out")]
    [InlineData("study --only terms4 leibniz --budget MINUTES --out")]
    [InlineData("study --budget share 0.01 leibniz --only terms4 --out")]
    public void TheNameMayComeLater(string words)
    {
        using var folder = new TemporaryFolder();
        Run($"{words} {folder["out"]}").Done();
        Assert.Equal(["terms400000-trial0.json"], Names(folder["out"]));
    }

    [Fact]
    public void AFileIsNoFolder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["out"], "mine");
        Run($"study leibniz --out {folder["out"]}").Fails(1, "is a file");
        Assert.Equal("mine", File.ReadAllText(folder["out"]));
    }

    /// <summary>What a process left that was killed while it wrote is removed; what a living one writes is not.</summary>
    [Fact]
    public void LeftoversAreRemoved()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder["out"], "leibniz"));
        string left = Path.Combine(folder["out"], "leibniz", "terms400000-trial0.json.1-0a0b.partial");
        string alive = left.Replace("0a0b", "0c0d", StringComparison.Ordinal);
        File.WriteAllText(left, "{");
        using (File.Create(alive, 1, FileOptions.None))
        {
            Run($"study leibniz --out {folder["out"]} --only terms4").Done();
            Assert.Equal(["terms400000-trial0.json", Path.GetFileName(alive)], Names(folder["out"]));
        }
    }

    internal static CommandLine.Outcome Run(string words, LeibnizStudy? study = null, CancellationToken cancellationToken = default)
        => CommandLine.Run(words, [study ?? new LeibnizStudy()], cancellationToken);

    private static string[] Names(string root)
        => [.. Directory.EnumerateFileSystemEntries(Path.Combine(root, "leibniz")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static DateTime[] Times(string root)
        => [.. Directory.EnumerateFiles(Path.Combine(root, "leibniz")).Order(StringComparer.Ordinal).Select(File.GetLastWriteTimeUtc)];

    private static JsonObject Record(string root, string task)
        => JsonNode.Parse(File.ReadAllText(Path.Combine(root, "leibniz", task + ".json")))!.AsObject();

    internal static void AssertSameResults(string expected, string actual)
    {
        Assert.Equal(Names(expected), Names(actual));
        foreach (string name in Names(expected))
        {
            string task = Path.GetFileNameWithoutExtension(name);
            Assert.Equal(Record(expected, task)["result"]!.ToJsonString(), Record(actual, task)["result"]!.ToJsonString());
        }
    }
}
