using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowDsl.Tests;

/// <summary>Each example runs as its reader would run it, and prints what is right.</summary>
public class ExampleTests
{
    private static readonly Lazy<Task<CommandResult>> s_oldFaithful = new(
        () => Run("OldFaithful", "compare", "OldFaithful", "-n", "2000", "--seed", "3"));

    private static Task<CommandResult> Run(string example, params string[] arguments) => Command.Example(example, arguments);

    [Fact]
    public async Task OldFaithfulComparesSamplersWithTheExactFlow()
    {
        CommandResult result = await s_oldFaithful.Value;
        Assert.True(result.ExitCode == 0, result.ToString());
        Dictionary<string, double[]> table = Table(result.Output);
        Assert.Equal(12, table.Count);
        foreach ((string name, double[] row) in table)
        {
            double evaluations = row[0], throughput = row[1], relative = row[2], median = row[6], percentile = row[7];
            Assert.Equal(name.StartsWith("Rk4", StringComparison.Ordinal) ? 32 : 16, evaluations);
            Assert.InRange(throughput, 0.01, 1e5);
            Assert.InRange(relative, 1e-13, 1);
            Assert.InRange(relative, row[3], row[4]);
            Assert.InRange(median, 1e-9, 1);
            Assert.InRange(percentile, median, 100);
        }
        foreach (string grid in new[] { "Uniform", "LogSnr", "Stability", "Expected", "Angle" })
        {
            Assert.True(table["Rk4" + grid][2] < table["Heun" + grid][2], grid);
            Assert.True(table["Rk4" + grid][6] < table["Heun" + grid][6], grid);
        }
        // Nearly all of these steps are at the smallest times: the grid for a worst case is a bad one for these solvers.
        Assert.True(table["HeunStability"][2] > 10 * table["HeunAngle"][2]);
        Assert.True(table["Dpm3M"][6] < table["Dpm2M"][6]);
    }

    /// <summary>Without arguments the main job runs: the same table, of more samples.</summary>
    [Fact]
    public async Task OldFaithfulComparesByDefault()
    {
        CommandResult result = await Run("OldFaithful");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(12, Table(result.Output).Count);
        Assert.Contains("20000 samples, each against the exact flow from the same start.", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task OldFaithfulShowsGridsFromTheHorizonToTheEarlyStop()
    {
        CommandResult result = await Run("OldFaithful", "show", "OldFaithful", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] samplers = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("samplers").EnumerateArray()];
        Assert.Equal(12, samplers.Length);
        foreach (JsonElement sampler in samplers)
        {
            double[] times = [.. sampler.GetProperty("times").EnumerateArray().Select(time => time.GetDouble())];
            Assert.Equal(sampler.GetProperty("solver").GetString()!.StartsWith("Dpm", StringComparison.Ordinal) ? 17 : 9, times.Length);
            Assert.Equal((3, 0.001), (times[0], times[^1]));
            Assert.Equal(times.OrderDescending(), times);
        }
    }

    /// <summary>README's command fits the data anew; the stored file has the same bytes.</summary>
    [Fact]
    public async Task OldFaithfulWritesTheStoredMixture()
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl").FullName, path = Path.Combine(folder, "OldFaithful.mixture.json");
        try
        {
            CommandResult result = await Run(
                "OldFaithful", "fit", Path.Combine(AppContext.BaseDirectory, "faithful.csv"), "-k", "2", "--standardize", "--out", path);
            Assert.True(result.ExitCode == 0, result.ToString());
            string stored = Path.Combine(AppContext.BaseDirectory, "OldFaithful.mixture.json");
            Assert.Equal(File.ReadAllText(stored).ReplaceLineEndings("\n"), File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("-n is 'many'", "compare", "OldFaithful", "-n", "many")]
    [InlineData("did you mean 'OldFaithful'?", "compare", "OldFaithfulX")]
    [InlineData("There is no option '--fast'", "compare", "OldFaithful", "--fast")]
    public async Task OldFaithfulBadUsageIsNamed(string problem, params string[] arguments)
    {
        CommandResult result = await Run("OldFaithful", arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    /// <summary>Samples are about as far from the training digits as these are from each other, and no copies; the picture is one.</summary>
    [Fact]
    public async Task DigitsAreNewOnesLikeTheOld()
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl").FullName, picture = Path.Combine(folder, "digits.png");
        try
        {
            CommandResult result = await Run("Digits", "--out", picture);
            Assert.True(result.ExitCode == 0, result.ToString());
            double[] distances = Numbers(Regex.Match(result.Output, "sample to nearest.*").Value);
            Assert.InRange(distances[0] / distances[1], 1, 1.6);
            Assert.Matches(@"exact score .*\| 0\.25 \| 9[89]\d of 1000|exact score .*\| 0\.25 \| 1000 of 1000", result.Output);
            Assert.Matches(@"mixture fitted .*\| 0\.25 \| 0 of 1000", result.Output);
            byte[] bytes = File.ReadAllBytes(picture);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
            Assert.InRange(bytes.Length, 5_000, 100_000);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>README's command fits the digits anew; the stored file has the same bytes.</summary>
    [Fact]
    public async Task DigitsAreTheFitOfToday()
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl").FullName, path = Path.Combine(folder, "Digits.mixture.json");
        try
        {
            CommandResult result = await Run(
                "Digits", "fit", Path.Combine(AppContext.BaseDirectory, "digits.csv"), "-k", "28", "--covariance", "tied", "--floor", "0.5", "--restarts", "1",
                "--out", path);
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Digits.mixture.json")).ReplaceLineEndings("\n"), File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
            double[] built = Numbers(Regex.Match(result.Output, @"for one time, ε = 1E0(.*)").Groups[1].Value);
            double[] trained = Numbers(Regex.Match(result.Output, @"4 × 2048 \(published\)(.*)").Groups[1].Value);
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
                // An estimate may miss that a sample ended in another mode; its margin does not.
                if (row[4] > 0.05) Assert.InRange(row[2], 0.5 * row[1], 2 * row[1]);
                Assert.InRange(row[3], row[1], 1.02 * row[1]);
            }
            double[] flips = Numbers(Regex.Match(result.Output, "in another mode: .*").Value);
            double[] relative = Numbers(Regex.Match(result.Output, "relative MSE: .*").Value);
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

    /// <summary>On the network of the ring: what the mixture plans is ahead of what people use, at the cost of no evaluation.</summary>
    [Fact]
    public async Task LeaderboardMeasuresNetworks()
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl").FullName, mixture = Path.Combine(folder, "ring.mixture.json");
        try
        {
            string means = string.Join(", ", Enumerable.Range(0, 8).Select(k => string.Create(
                CultureInfo.InvariantCulture, $"[{Math.Cos(Math.PI * k / 4):R}, {Math.Sin(Math.PI * k / 4):R}]")));
            File.WriteAllText(
                mixture,
                $$"""
                {
                  "covariance_type": "spherical", "weights": [{{string.Join(", ", Enumerable.Repeat("0.125", 8))}}],
                  "means": [{{means}}], "covariances": [{{string.Join(", ", Enumerable.Repeat("0.01", 8))}}]
                }
                """);
            string network = Path.Combine(AppContext.BaseDirectory, "ring.onnx");
            CommandResult result = await Run("Leaderboard", "--samples", "300", "--network", network, "--mixture", mixture);
            Assert.True(result.ExitCode == 0, result.ToString());
            double[] planned = Row("DpmSolverPlusPlus2M +Auto"), usual = Row("DpmSolverPlusPlus2M +UniformLogSnr"), euler = Row("Euler +Uniform ");
            for (int i = 0; i < 3; i++) Assert.True(planned[i] < 0.5 * Math.Min(usual[i], euler[i]), result.Output);
            Assert.InRange(Numbers(Regex.Match(result.Output, "is known to.*").Value)[0], 0, 1e-3);

            double[] Row(string start) => [.. Regex.Match(result.Output, $"^{start} +(.*)$", RegexOptions.Multiline).Groups[1].Value
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("""{ "covariance_type": "spherical", "weights": [1], "means": [[0, 0, 0]], "covariances": [1] }""", "3")]
    [InlineData("""{ "covariance_type": "spherical" }""", "weights")]
    public async Task LeaderboardRefusesAMixtureThatIsNotTheNetworks(string mixture, string expected)
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, mixture);
            CommandResult result = await Run("Leaderboard", "--network", Path.Combine(AppContext.BaseDirectory, "ring.onnx"), "--mixture", path);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("--network a.onnx", "go together")]
    [InlineData("--samples 10", "--samples 10")]
    public async Task LeaderboardRefusesWrongArguments(string arguments, string expected)
    {
        CommandResult result = await Run("Leaderboard", arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
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

    /// <summary>The rows of the table of errors: name to numbers, from the second column on.</summary>
    private static Dictionary<string, double[]> Table(string output)
        => Regex.Matches(output, @"^(Heun\w+|Rk4\w+|Dpm\w+) +(\d+ .*%.*)\r?$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => Numbers(row.Groups[2].Value));

    private static double[] Numbers(string text) => [.. Regex.Matches(text, @"-?\d+(\.\d+)?(E[+-]\d+)?").Select(match => Number(match.Value))];

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
