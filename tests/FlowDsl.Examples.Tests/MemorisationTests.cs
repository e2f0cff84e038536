using System.Globalization;
using System.Text.Json;

namespace FlowDsl.Tests;

/// <summary>The exact score of half of the digits repeats them, a mixture that is fitted to them does not.</summary>
public class MemorisationTests
{
    private const int Dimension = 64, Samples = 1000;
    private const double Variance = 0.0025;

    private static readonly double[][] s_digits = [.. File.ReadLines(Beside("digits.csv")).Skip(1)
        .Select(line => line.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray())];

    private static readonly Lazy<Task<Row[]>> s_table = new(Table);

    [Fact]
    public async Task TheScoreOfTheDataLeadsBackToThem()
    {
        Row[] rows = [.. (await s_table.Value).Where(row => row.Digits.Contains("exact score", StringComparison.Ordinal))];
        Assert.Equal([8, 4, 2, 1, 0.5, 0.25], rows.Select(row => row.Stop));
        Assert.All(rows, row => Assert.Equal(Samples, row.All));
        // The less noise is left, the more are copies; in the end all are, and none has anything of the other half.
        Assert.Equal(rows.Select(row => row.Memorised).Order(), rows.Select(row => row.Memorised));
        Assert.Equal(0, rows[0].Memorised);
        Assert.InRange(rows[^1].Memorised, 0.98 * Samples, Samples);
        Assert.InRange(rows[^1].NearerToTraining, 0.99 * Samples, Samples);
        Assert.InRange(rows[^1].FromTraining, 0, 0.1 * rows[^1].FromHeldOut);
        Assert.True(rows[^1].HeldOut > 10 * Math.Abs(rows[^1].Training), rows[^1].ToString());
    }

    /// <summary>
    /// At σ the law of the data set is that of its digits under noise of variance σ² + v, which needs no sampler: as many of its draws are copies.
    /// </summary>
    [Fact]
    public async Task AsManyAreCopiesAsOfDigitsUnderNoise()
    {
        Row[] rows = [.. (await s_table.Value).Where(row => row.Digits.Contains("exact score", StringComparison.Ordinal))];
        double[][] training = [.. s_digits.Where((_, i) => i % 2 == 0)];
        foreach (Row row in rows)
        {
            var random = new Random(7);
            double deviation = Math.Sqrt(row.Stop * row.Stop + Variance);
            int copies = Enumerable.Range(0, Samples).Count(_ =>
            {
                double[] digit = training[random.Next(training.Length)];
                return IsCopy(training, [.. digit.Select(pixel => pixel + deviation * Normal(random))]);
            });
            // Five standard deviations of the difference of two counts, and a few samples for the steps' own error.
            double share = 0.5 * (copies + row.Memorised) / Samples;
            Assert.InRange(row.Memorised - copies, -5 * Math.Sqrt(2 * Samples * share * (1 - share)) - 5, 5 * Math.Sqrt(2 * Samples * share * (1 - share)) + 5);
        }
    }

    [Fact]
    public async Task TheFittedMixtureDrawsNewDigits()
    {
        Row[] table = await s_table.Value;
        Row fitted = table.Last(row => row.Digits.Contains("fitted", StringComparison.Ordinal)), fresh = table[^1];
        Assert.Contains("held-out", fresh.Digits, StringComparison.Ordinal);
        Assert.Equal(s_digits.Length / 2, fresh.All);
        // Digits that nobody trained on are the measure: hardly any is a copy by chance, and half are nearer to the training half.
        Assert.Equal(s_digits.Where((_, i) => i % 2 == 1).Count(digit => IsCopy([.. s_digits.Where((_, i) => i % 2 == 0)], digit)), fresh.Memorised);
        Assert.InRange(fresh.Memorised, 0, 0.01 * fresh.All);
        Assert.InRange(fitted.Memorised, 0, 0.01 * fitted.All);
        Assert.InRange(fitted.FromHeldOut / fitted.FromTraining, 0.95, 1.1);
        Assert.InRange(fitted.NearerToTraining, 0.4 * Samples, 0.65 * Samples);
        // Its density of new digits is nearly that of the old, and far above that of the data set at any stop.
        double best = table.Where(row => row.Digits.Contains("exact score", StringComparison.Ordinal)).Min(row => row.HeldOut);
        Assert.InRange(fitted.HeldOut - fitted.Training, 0, 20);
        Assert.True(fitted.HeldOut < best - 10, $"{fitted.HeldOut} and {best}");
    }

    /// <summary>The files of the training half are those that README's commands make.</summary>
    [Fact]
    public async Task TheTrainingHalfIsEveryOtherDigit()
    {
        byte[] file = await File.ReadAllBytesAsync(Beside("training.npy"));
        Assert.Equal(s_digits.Where((_, i) => i % 2 == 0).SelectMany(digit => digit).Select(pixel => (byte)pixel), file[^(899 * Dimension)..]);
        string folder = Directory.CreateTempSubdirectory("flowdsl").FullName, mixture = Path.Combine(folder, "training.mixture.json");
        try
        {
            File.Copy(Beside("training.npy"), Path.Combine(folder, "training.npy"));
            Assert.Equal(0, (await Command.Example("Digits", "data", Path.Combine(folder, "training.npy"))).ExitCode);
            Assert.Equal(Text(Beside("training.plan.json")), Text(Path.Combine(folder, "training.plan.json")));
            CommandResult result = await Command.Example(
                "Digits", "fit", Path.Combine(folder, "training.npy"), "-k", "19", "--covariance", "tied", "--floor", "0.5", "--restarts", "1",
                "--out", mixture);
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal(Text(Beside("training.mixture.json")), Text(mixture));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string Text(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    [Fact]
    public async Task WrongArgumentsAreRefused()
    {
        CommandResult result = await Command.Example("Digits", "memorisation", "--fast");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--write FILE.json", result.Error, StringComparison.Ordinal);
    }

    private static async Task<Row[]> Table()
    {
        string path = Path.GetTempFileName();
        try
        {
            CommandResult result = await Command.Example("Digits", "memorisation", "--write", path);
            Assert.True(result.ExitCode == 0, result.ToString());
            using var file = JsonDocument.Parse(await File.ReadAllTextAsync(path));
            return [.. file.RootElement.GetProperty("figures").GetProperty("memorisation").GetProperty("rows").EnumerateArray()
                .Select(row => Row.Of([.. row.EnumerateArray().Select(cell => cell.GetString()!)]))];
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The criterion, by itself.</summary>
    private static bool IsCopy(double[][] training, double[] sample)
    {
        (double first, double second) = (double.PositiveInfinity, double.PositiveInfinity);
        foreach (double[] digit in training)
        {
            double square = 0;
            for (int j = 0; j < digit.Length; j++) square += (digit[j] - sample[j]) * (digit[j] - sample[j]);
            (first, second) = square < first ? (square, first) : (first, Math.Min(second, square));
        }
        return first < second / 9;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    /// <summary>A row of the table.</summary>
    private sealed record Row(
        string Digits, double Stop, int Memorised, int All, int Denoised, double FromTraining,
        double FromHeldOut, int NearerToTraining, double Training, double HeldOut)
    {
        public static Row Of(string[] cells)
        {
            string[] memorised = cells[2].Split(" of ");
            return new(
                cells[0], Number(cells[1]), Whole(memorised[0]), Whole(memorised[1]), Whole(cells[3].Split(' ')[0]), Number(cells[4]), Number(cells[5]),
                Whole(cells[6].Split(' ')[0]), Number(cells[7]), Number(cells[8]));
        }

        private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        private static double Number(string text) => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
