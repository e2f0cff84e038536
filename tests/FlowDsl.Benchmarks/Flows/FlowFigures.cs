using System.Diagnostics;
using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Benchmarks;

/// <summary>The command "flows": how much faster the exact flow of many points is than that of one point after the other.</summary>
internal static class FlowFigures
{
    public const string Command = "flows";

    // The tolerance of FlowMap is that of a step, the tolerance of FlowMaps holds for the end of each sample: with these both deliver about the same.
    private const double StepTolerance = 1e-12, EndTolerance = 1e-9, ReferenceTolerance = 1e-13;

    private const int DefaultRounds = 5, Dimension = 64, Components = 10;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        string said = string.Join(' ', arguments.ToArray());
        (string? path, int rounds) = (null, DefaultRounds);
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--write", { } file, ..]:
                    path = file;
                    arguments = arguments[2..];
                    break;
                case ["--rounds", { } text, ..] when int.TryParse(text, out rounds) && rounds > 0:
                    arguments = arguments[2..];
                    break;
                default:
                    Console.Error.WriteLine($"Usage: {Command} [--rounds N] [--write FILE.json]");
                    return 2;
            }
        }
        FlowFigure[] figures =
        [
            Measure("one isotropic", Mixture(_ => Covariance.Isotropic(Dimension, 0.1)), 1024, 8, rounds),
            Measure("one diagonal", Mixture(_ => Diagonal(0)), 1024, 8, rounds),
            Measure("one full", Mixture(_ => Full(0)), 1024, 2, rounds),
            Measure("isotropic", Mixture(k => Covariance.Isotropic(Dimension, 0.05 + 0.02 * k)), 512, 8, rounds),
            Measure("diagonal", Mixture(Diagonal), 512, 4, rounds),
            Measure("full", Mixture(Full), 256, 1, rounds),
        ];
        var results = new ResultFile($"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {Command} {said}".TrimEnd(), Machine.Description);
        results.Add(
            "flows", ["covariances", "`FlowMap`, ms", "its error", "`FlowMaps`, ms", "its error", "ratio", "on one thread"],
            figures.Select(f => (string[])
                [
                    f.Covariances, Text(1e3 * f.ByPoint, "G3"), Text(f.ByPointError, "0E-0"), Text(1e3 * f.Batched, "G3"), Text(f.BatchedError, "0E-0"),
                    $"×{Text(f.Ratio, "F0")}", $"×{Text(f.RatioOfOneThread, "F0")}",
                ]));
        Console.Write(results);
        if (path is not null) results.Write(path);
        return 0;

        static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static FlowFigure Measure(string covariances, Mixture mixture, int count, int single, int rounds)
    {
        var model = new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess());
        double from = model.Process.Horizon, to = model.Process.EarlyStop;
        double[] starts = FlowSampling.DrawPrior<double>(model, count, 1), one = new double[single * Dimension];
        double[] ends = new double[starts.Length], exact = new double[starts.Length];
        model.FlowMaps(from, to, starts, exact, tolerance: ReferenceTolerance);
        double[] byPoint = new double[rounds], batched = new double[rounds], onOneThread = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            byPoint[round] = Time(single, () =>
            {
                for (int i = 0; i < single; i++)
                    model.FlowMap(from, to, starts.AsSpan(i * Dimension, Dimension), one.AsSpan(i * Dimension, Dimension), StepTolerance);
            });
            batched[round] = Time(count, () => model.FlowMaps(from, to, starts, ends, tolerance: EndTolerance));
            onOneThread[round] = Time(count, () => model.FlowMaps(from, to, starts, ends, tolerance: EndTolerance, maxThreads: 1));
        }
        return new(
            covariances, Quantiles.Median(byPoint), Error(exact, one), Quantiles.Median(batched), Error(exact, ends),
            Quantiles.Median([.. byPoint.Zip(batched, (a, b) => a / b)]), Quantiles.Median([.. byPoint.Zip(onOneThread, (a, b) => a / b)]));
    }

    private static double Time(int samples, Action act)
    {
        long began = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(began).TotalSeconds / samples;
    }

    private static double Error(double[] exact, double[] ends)
        => Quantiles.Median([.. Enumerable.Range(0, ends.Length / Dimension).Select(
            i => Math.Sqrt(Enumerable.Range(i * Dimension, Dimension).Sum(j => (ends[j] - exact[j]) * (ends[j] - exact[j]))))]);

    private static Mixture Mixture(Func<int, Covariance> covariance)
    {
        var random = new Random(64);
        double[][] means = [.. Enumerable.Range(0, Components).Select(_ => new double[Dimension].Select(_ => 1.6 * random.NextDouble() - 0.8).ToArray())];
        return new([.. Enumerable.Repeat(1.0 / Components, Components)], means, [.. Enumerable.Range(0, Components).Select(covariance)]);
    }

    private static Covariance Diagonal(int k) => Covariance.Diagonal([.. Enumerable.Range(0, Dimension).Select(j => 0.1 + 0.06 * Math.Sin(3 * j + k))]);

    private static Covariance Full(int k)
    {
        double[] matrix = new double[Dimension * Dimension];
        for (int i = 0; i < Dimension; i++)
            for (int j = 0; j < Dimension; j++) matrix[i * Dimension + j] = (i == j ? 0.06 : 0) + 0.04 * Math.Cos(i - j) / (1 + 0.05 * k + Math.Abs(i - j));
        return Covariance.Full(Dimension, matrix);
    }
}

/// <summary>What the exact flow of one mixture takes.</summary>
/// <param name="Covariances">Its covariances.</param>
/// <param name="ByPoint">Seconds a sample of FlowMap.</param>
/// <param name="ByPointError">What it is off by, the median.</param>
/// <param name="Batched">Seconds a sample of FlowMaps on all processors.</param>
/// <param name="BatchedError">What it is off by, the median.</param>
/// <param name="Ratio">How many times faster FlowMaps is, the median of the rounds.</param>
/// <param name="RatioOfOneThread">The same on one thread.</param>
internal sealed record FlowFigure(
    string Covariances, double ByPoint, double ByPointError, double Batched, double BatchedError, double Ratio, double RatioOfOneThread);
