using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowDsl.Tests;

/// <summary>Each example runs as its reader would run it, and prints what is right.</summary>
public class ExampleTests
{
    private static readonly string s_comparison = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
    private static readonly Lazy<Task<CommandResult>> s_oldFaithful = new(
        () => Run("OldFaithful", "--samples", "2000", "--seed", "3", "--results", s_comparison));

    private static Task<CommandResult> Run(string example, params string[] arguments) => Command.Example(example, arguments);

    [Fact]
    public async Task OldFaithfulFindsThePublishedFit()
    {
        CommandResult result = await s_oldFaithful.Value;
        Assert.True(result.ExitCode == 0, result.ToString());
        // R: Mclust(faithful, G = 2, modelNames = "VVV").
        Assert.Contains("in minutes -1130.26", result.Output, StringComparison.Ordinal);
        Assert.Contains("component 0, in minutes: weight 0.3559, mean [2.0364, 54.4785], covariance [0.0692, 0.4352, 0.4352, 33.697", result.Output, StringComparison.Ordinal);
        Assert.Contains("component 1, in minutes: weight 0.6441, mean [4.2897, 79.9681], covariance [0.1700, 0.9406, 0.9406, 36.046", result.Output, StringComparison.Ordinal);
        Assert.Contains("equals the stored OldFaithful.mixture.json bit for bit", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OldFaithfulPrintsGridsFromTheHorizonToTheEarlyStop()
    {
        string output = (await s_oldFaithful.Value).Output;
        MatchCollection grids = Regex.Matches(output, @"^  (\w+), (\d+) steps +([\d. ]+?)\r?$", RegexOptions.Multiline);
        Assert.Equal(
            ["Uniform 8", "UniformLogSnr 8", "StabilityBalanced 8", "ExpectedStability 8", "Angle 8", "UniformLogSnr 16"],
            grids.Select(grid => $"{grid.Groups[1].Value} {grid.Groups[2].Value}"));
        foreach (Match grid in grids)
        {
            double[] times = [.. grid.Groups[3].Value.Split(' ').Select(Number)];
            Assert.Equal(int.Parse(grid.Groups[2].Value) + 1, times.Length);
            Assert.Equal((3, 0.001), (times[0], times[^1]));
            Assert.Equal(times.OrderDescending(), times);
        }
    }

    [Fact]
    public async Task OldFaithfulComparesSamplersWithTheExactFlow()
    {
        Dictionary<string, double[]> table = Table((await s_oldFaithful.Value).Output);
        Assert.Equal(12, table.Count);
        foreach ((string name, double[] row) in table)
        {
            double evaluations = row[0], throughput = row[1], relative = row[^4], median = row[^3], percentile = row[^2], other = row[^1];
            Assert.Equal(name.StartsWith("Rk4", StringComparison.Ordinal) ? 32 : 16, evaluations);
            Assert.InRange(throughput, 0.01, 1e5);
            Assert.InRange(relative, 1e-13, 1);
            Assert.InRange(median, 1e-9, 1);
            Assert.InRange(percentile, median, 100);
            Assert.InRange(other, 0, 50);
        }
        foreach (string grid in new[] { "Uniform", "LogSnr", "Stability", "Expected", "Angle" })
        {
            Assert.True(table["Rk4" + grid][^4] < table["Heun" + grid][^4], grid);
            Assert.True(table["Rk4" + grid][^3] < table["Heun" + grid][^3], grid);
        }
        // Nearly all of these steps are at the smallest times: the grid for a worst case is a bad one for these solvers.
        Assert.True(table["HeunStability"][^4] > 10 * table["HeunAngle"][^4]);
        Assert.True(table["Dpm3M"][^3] < table["Dpm2M"][^3]);
    }

    [Fact]
    public async Task OldFaithfulKeepsTheComparisonAsItWasPrinted()
    {
        string output = (await s_oldFaithful.Value).Output;
        JsonElement file = JsonDocument.Parse(File.ReadAllText(s_comparison)).RootElement;
        File.Delete(s_comparison);
        Assert.Contains("--samples 2000 --seed 3", file.GetProperty("command").GetString(), StringComparison.Ordinal);
        JsonElement[] rows = [.. file.GetProperty("figures").GetProperty("samplers").GetProperty("rows").EnumerateArray()];
        // NFE, speed on one core, relative MSE, median error, share in another mode.
        Assert.Equal(
            Table(output).Values.Select(row => (row[0], row[1], row[3], row[4], row[6])).Order(),
            rows.Select(row => (Cell(row, 3), Cell(row, 4), Cell(row, 5), Cell(row, 6), Cell(row, 7))).Order());

        static double Cell(JsonElement row, int column) => Numbers(row[column].GetString()!)[0];
    }

    [Fact]
    public async Task OldFaithfulMapsSamplesBackToMinutes()
    {
        string output = (await s_oldFaithful.Value).Output;
        double[] eruptions = Numbers(Regex.Match(output, "eruptions mean .*").Value), waiting = Numbers(Regex.Match(output, "waiting +mean .*").Value);
        // Four standard errors of 2000 samples.
        Assert.Equal(eruptions[2], eruptions[0], 0.1);
        Assert.Equal(eruptions[3], eruptions[1], 0.1);
        Assert.Equal(waiting[2], waiting[0], 1.2);
        Assert.Equal(waiting[3], waiting[1], 0.9);
        Assert.Equal((3.49, 70.90), (eruptions[2], waiting[2]));
    }

    [Fact]
    public async Task OldFaithfulReportsProgressOnTheErrorStream()
    {
        CommandResult result = await s_oldFaithful.Value;
        Assert.Contains("exact flow maps: 2000", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("exact flow maps: ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OldFaithfulWritesTheStoredMixture()
    {
        string path = Path.GetTempFileName();
        try
        {
            CommandResult result = await Run("OldFaithful", "--write", path);
            Assert.True(result.ExitCode == 0, result.ToString());
            string stored = Path.Combine(AppContext.BaseDirectory, "OldFaithful.mixture.json");
            Assert.Equal(File.ReadAllText(stored).ReplaceLineEndings("\n"), File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("--samples is 'many'", "--samples", "many")]
    [InlineData("--samples is '99'", "--samples", "99")]
    [InlineData("--samples needs a value", "--samples")]
    [InlineData("--seed is '-1'", "--seed", "-1")]
    [InlineData("There is no option '--fast'", "--fast")]
    public async Task OldFaithfulBadOptionIsNamed(string problem, params string[] arguments)
    {
        CommandResult result = await Run("OldFaithful", arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task RingReachesEveryModeByItsWeight()
    {
        CommandResult result = await Run("Ring");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Fast: Heun in 8 steps, 16 velocity evaluations per sample", result.Output, StringComparison.Ordinal);
        MatchCollection modes = Regex.Matches(result.Output, @"mode \d: ([\d.]+) ?% of the samples, weight ([\d.]+) ?%");
        Assert.Equal(6, modes.Count);
        // Five standard errors of 100,000 samples are 0.7 %; few steps add some bias.
        foreach (Match mode in modes) Assert.Equal(Number(mode.Groups[2].Value), Number(mode.Groups[1].Value), 1.5);
    }

    [Fact]
    public async Task ScoreNetworksAreWithinTheirAccuracyAndSmallerThanTrainedOnes()
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl").FullName, picture = Path.Combine(folder, "growth.png");
        string onnx = Path.Combine(folder, "ring.onnx"), results = Path.Combine(folder, "results.json");
        try
        {
            CommandResult result = await Run("ScoreNetworks", "--out", picture, "--onnx", onnx, "--write", results);
            Assert.True(result.ExitCode == 0, result.ToString());
            Match[] rows = [.. Regex.Matches(result.Output, @"^(1E-\d)\s+(\S+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(\d+)$", RegexOptions.Multiline).Cast<Match>()];
            Assert.Equal(16, rows.Length);
            foreach (Match row in rows) Assert.InRange(Number(row.Groups[2].Value), 0, Number(row.Groups[3].Value));
            foreach (Match row in rows) Assert.InRange(Number(row.Groups[3].Value), 0, Number(row.Groups[1].Value));
            // Fewer weights than the least of the trained networks, and at t = 0.5 an error less than that of the greatest.
            double[] built = Numbers(Regex.Match(result.Output, @"for one time, ε = 1E0(.*)").Groups[1].Value), trained = Numbers(Regex.Match(result.Output, @"4 × 2048 \(published\)(.*)").Groups[1].Value);
            Assert.InRange(built[0], 1, 66_112);
            Assert.InRange(built[3], 0, 0.1 * trained[3]);
            Assert.True(new FileInfo(picture).Length > 5000);
            Assert.True(new FileInfo(onnx).Length > 5000);
            AssertComparesLikeWithLike(results);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Published and constructed networks are for modes of one width, and each row says of which mixture and by what training it is.</summary>
    private static void AssertComparesLikeWithLike(string results)
    {
        JsonElement table = JsonDocument.Parse(File.ReadAllText(results)).RootElement.GetProperty("figures").GetProperty("paper");
        Assert.Equal(
            ["network", "mixture", "σ0", "activation", "steps", "trials", "weights", "t = 0.1", "t = 0.3", "t = 0.5", "t = 0.7", "t = 0.9"],
            Cells(table.GetProperty("columns")));
        string[][] rows = [.. table.GetProperty("rows").EnumerateArray().Select(Cells)];
        Assert.Equal(5 + 8, rows.Length);
        Assert.All(rows, row => Assert.Equal("0.1", row[2]));
        foreach (string[] row in rows)
        {
            string[] setting = row[0].StartsWith("trained", StringComparison.Ordinal)
                ? ["means drawn anew for each trial", "ReLU, ReQU alternating", "20,000 of 1024 samples", "10"]
                : ["means of seed 0", "ReLU and ReQU", "none", "1"];
            string[] told = [row[1], row[3], row[4], row[5]];
            Assert.Equal(setting, told);
        }

        static string[] Cells(JsonElement array) => [.. array.EnumerateArray().Select(cell => cell.GetString()!)];
    }

    [Fact]
    public async Task ErrorBarsEstimatesBoundsRepairsAndDraws()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            CommandResult result = await Run("ErrorBars", "--count", "4000", "--out", path);
            Assert.True(result.ExitCode == 0, result.ToString());
            double[] estimates = Numbers(Regex.Match(result.Output, "estimated / true.*").Value);
            Assert.InRange(estimates[0], 0.9, 1.05);
            Assert.InRange(estimates[2], 98, 100);
            double[] bounds = Numbers(Regex.Match(result.Output, "bounds of.*").Value);
            Assert.Equal(0, bounds[1]);
            Assert.InRange(bounds[2], 0.9999, 1.01);
            MatchCollection rows = Regex.Matches(result.Output, @"^ +\d+( +[\d.]+E[+-]\d+){3} +[\d.]+\r?$", RegexOptions.Multiline);
            Assert.Equal(7, rows.Count);
            foreach (double[] row in rows.Select(row => Numbers(row.Value)))
            {
                Assert.InRange(row[2], 0.5 * row[1], 2 * row[1]);
                Assert.InRange(row[3], row[1], 1.02 * row[1]);
            }
            double[] flips = Numbers(Regex.Match(result.Output, "in another mode: .*").Value), relative = Numbers(Regex.Match(result.Output, "relative MSE: .*").Value);
            Assert.True(flips[0] >= 10 && flips[1] <= 0.2 * flips[0], result.Output);
            Assert.True(relative[1] < 0.5 * relative[0], result.Output);
            Assert.Equal(6, Regex.Count(result.Output, @"^  \d  .* to .*%", RegexOptions.Multiline));

            Assert.Contains($"Wrote {path}.", result.Output, StringComparison.Ordinal);
            byte[] picture = File.ReadAllBytes(path);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
            Assert.InRange(picture.Length, 20_000, 400_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("--count 10", "--count", "10")]
    [InlineData("--count", "--count")]
    [InlineData("--fast", "--fast")]
    public async Task ErrorBarsBadOptionIsNamed(string problem, params string[] arguments)
    {
        CommandResult result = await Run("ErrorBars", arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"'{problem}' is no valid option", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task ErrorBarsWritesNoFileThatIsNotAskedFor()
    {
        CommandResult result = await Run("ErrorBars", "--count", "1000");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("No picture: --out FILE.png", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Wrote", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists("errors.png"));
    }

    /// <summary>The rows of the table of samplers: name to numbers, from the second column on.</summary>
    private static Dictionary<string, double[]> Table(string output)
        => Regex.Matches(output, @"^  (Heun\w+|Rk4\w+|Dpm\w+) +(\d+ .*%)\r?$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => Numbers(row.Groups[2].Value));

    private static double[] Numbers(string text) => [.. Regex.Matches(text, @"-?\d+(\.\d+)?(E[+-]\d+)?").Select(match => Number(match.Value))];

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
