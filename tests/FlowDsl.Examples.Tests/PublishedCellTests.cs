using System.Text.Json.Nodes;
using FlowDsl.Examples;
using FlowDsl.Examples.Protocols;
using FlowDsl.Examples.Results;
using FlowDsl.Hosting;

namespace FlowDsl.Tests;

/// <summary>The published figures, and what is kept of our trials beside them.</summary>
public class PublishedCellTests
{
    private static readonly string s_results = Path.Combine(Root(), "examples", "PaperStudy", "results");

    /// <summary>67 relative errors, and the NLL of the six compositions; mean and sample deviation are those of the ten single trials.</summary>
    [Fact]
    public void TheyAreTheMeansOfTheirTrials()
    {
        Assert.Equal((67, 6), (Count(Published.RelativeMse), Count(Published.Nll)));
        foreach (Published.Cell cell in Published.Results.Cells)
        {
            Assert.Equal(10, cell.Trials.Length);
            double mean = cell.Trials.Average(), deviation = Math.Sqrt(cell.Trials.Sum(trial => (trial - mean) * (trial - mean)) / 9);
            // Nine digits were published.
            Assert.Equal(1, cell.Mean / mean, 1e-8);
            Assert.InRange(cell.Deviation / deviation, 1 - 1e-6, 1 + 1e-6);
        }

        static int Count(string metric) => Published.Results.Cells.Count(cell => cell.Metric == metric);
    }

    /// <summary>Each is a task of its study, and a trial of it has the cell's name.</summary>
    [Fact]
    public void EachCanBeRun()
    {
        foreach (string table in VerdictTable.Names)
        {
            Study? study = Studies.All.FirstOrDefault(study => study.Name == table);
            Assert.True(study is not null, $"There is no study of {table}.");
            string[] tasks = [.. study.CreateTasks(new StudyBudget(1, 2)).Select(task => task.Name)];
            Assert.All(Published.Results.Of(table), cell => Assert.Equal(
                [$"{cell.Name}-trial0", $"{cell.Name}-trial1"],
                tasks.Where(task => task.StartsWith($"{cell.Name}-trial", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public void EachHasItsVerdict()
    {
        JsonArray verdicts = JsonNode.Parse(File.ReadAllText(Path.Combine(s_results, VerdictFile.Name)))!["verdicts"]!.AsArray();
        Assert.Equal(
            Published.Results.Cells.Select(cell => (cell.Table, cell.Name, cell.Metric)),
            verdicts.Select(own => (Text(own, "table"), Text(own, "cell"), Text(own, "metric"))));
        Assert.All(verdicts, own => Assert.Contains(Text(own, "verdict"), (string[])["reproduced", "refuted", "not reached"]));
        Assert.All(verdicts, own => Assert.NotEmpty(Text(own, "reason")));

        static string Text(JsonNode? own, string name) => own![name]!.GetValue<string>();
    }

    /// <summary>The verdicts and the tables of README and docs are those of the trials that are kept.</summary>
    [Fact]
    public void TablesSayWhatTheTrialsSay()
    {
        TrialTable[] trials = [.. Studies.All.Select(study => TrialTable.Read(s_results, study.Name))];
        Assert.Equal(VerdictFile.Text(trials), File.ReadAllText(Path.Combine(s_results, VerdictFile.Name)).ReplaceLineEndings("\n"));
        JsonObject figures = JsonNode.Parse(File.ReadAllText(Path.Combine(Root(), "docs", "results", "paper.json")))!["figures"]!.AsObject();
        Assert.Equal(TablesCommand.Make(trials).ToString(), string.Join("\n\n", figures.Select(figure => Figures.ResultFile.Text(figure.Value!))) + "\n");
    }

    /// <summary>Two trials at 1.2 against a mean of 1 and a deviation of 0.1 over ten: z = 0.2/(0.1 √(1/10 + 1/2)) = 2.58.</summary>
    [Theory]
    [InlineData(1.2, 1, "not reached", 2.582)]
    [InlineData(1.1, 1, "reproduced", 1.291)]
    [InlineData(0.9, 1, "reproduced", -1.291)]
    [InlineData(1.0, 0.5, "not reached", 0)]
    public void TheVerdictIsThatOfTwoMeans(double value, double share, string word, double z)
    {
        var cell = new Published.Cell("onestep", "x", Published.RelativeMse, 1, 1, 0.1, new double[10]);
        // A trial of a smaller budget does not count.
        Verdict verdict = Verdict.Of(cell, [Trial(0, share, value - 0.05), Trial(1, share, value + 0.05), Trial(2, share / 2, 7)], operations: 2);
        Assert.Equal((2, share, word), (verdict.Trials.Count, verdict.Share, verdict.Word));
        Assert.Equal(value, verdict.Mean, 1e-12);
        Assert.Equal(z, verdict.Z, 1e-3);
        Assert.Equal("not run; a full trial takes 2.5E14 operations", Verdict.Of(cell, [], operations: 2.5e14).Reason);
    }

    [Fact]
    public void ALargerBudgetOrALaterRunReplacesWhatIsKnown()
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl-trials-").FullName;
        try
        {
            var known = new TrialTable("onestep", new Dictionary<string, IReadOnlyList<Trial>> { ["a"] = [Trial(0, 0.5, 3), Trial(1, 1, 4), Trial(3, 1, 8)] });
            Directory.CreateDirectory(Path.Combine(folder, "onestep"));
            foreach ((int number, double share, double value) in new[] { (0, 1.0, 5.0), (1, 0.5, 6.0), (2, 0.5, 7.0), (3, 1.0, 9.0) })
            {
                var record = new JsonObject
                {
                    ["share"] = share,
                    ["seconds"] = 1,
                    ["threads"] = 1,
                    ["version"] = "0",
                    ["result"] = new JsonObject { ["cell"] = "a", ["trial"] = number, ["steps"] = 10, [Published.RelativeMse] = value },
                };
                File.WriteAllText(Path.Combine(folder, "onestep", $"a-trial{number}.json"), record.ToJsonString());
            }
            TrialTable merged = known.With(folder);
            merged.Write(folder);
            merged = TrialTable.Read(folder, "onestep");
            Assert.Equal(
                [(0, 1, 5), (1, 1, 4), (2, 0.5, 7), (3, 1, 9)],
                merged["a"].Select(trial => (trial.Number, trial.Share, trial.Figures[Published.RelativeMse])));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Trial Trial(int number, double share, double value)
        => new(number, share, 10, 1, 1, "0", new Dictionary<string, double> { [Published.RelativeMse] = value });

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FlowDsl.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run below the repository.");
    }
}
