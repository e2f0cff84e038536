using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Maps;

namespace FlowDsl.Benchmarks;

/// <summary>The command "maps": what flow maps prove and whether it holds, their speed beside solvers', and what their tables cost a build.</summary>
internal static class MapFigures
{
    public const string Command = "maps";

    private const int DefaultCount = 10_000_000, Batch = 4096, Rounds = 21, Checked = 20_000;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (CommandOptions.Read(Command, arguments, ["--count"]) is not { } options) return 2;
        int count = options.Count("--count", DefaultCount);
        var results = options.Results(Machine.Description);
        results.Add(
            "proof", ["mixture", "asked", "proved", "undecided", "samples checked", "largest error seen", "beyond the proof", "tables, ms", "kB"],
            [Proof<MapGrid.Jump>("5×5 grid", count), Proof<MapPair.Jump>("two modes, d = 64", count)]);
        results.Add(
            "speed",
            [
                "mixture", "million samples/s", "as fast as Heun, 8 steps", "as Runge-Kutta, 32 steps", "64 steps", "128 steps",
                "99 % errors of these four below",
            ],
            [
                Speed<MapGrid.Jump, MapGrid.Heun8, MapGrid.Runge32, MapGrid.Runge64, MapGrid.Runge128>("5×5 grid"),
                Speed<MapPair.Jump, MapPair.Heun8, MapPair.Runge32, MapPair.Runge64, MapPair.Runge128>("two modes, d = 64"),
            ]);
        options.Show(results);
        return 0;
    }

    private static string[] Proof<TMap>(string title, int count)
        where TMap : IFlowSampler<TMap, float>
    {
        SamplerDescriptor descriptor = TMap.Descriptor;
        GaussianMixtureModel model = descriptor.Model;
        FlowMapDescriptor map = descriptor.Map!;
        FlowAxes axes = FlowAxes.Find(model.Mixture, out _)!;
        ProcessPoint from = model.Process.At(descriptor.Times[0]), to = model.Process.At(descriptor.Times[^1]);
        double milliseconds = double.PositiveInfinity;
        long bytes = 0;
        for (int round = 0; round < 5; round++)
        {
            double began = ThreadTime.Seconds;
            var tables = SegmentTables.Build(model.Mixture, axes, from, to, map.Accuracy, Precision.Single);
            milliseconds = Math.Min(milliseconds, 1e3 * (ThreadTime.Seconds - began));
            bytes = LineTableData.Write(tables.Lines).Length;
        }
        double worst = 0;
        long beyond = 0;
        object gate = new();
        int batches = (count + Batch - 1) / Batch;
        Parallel.For(0, batches, batch =>
        {
            int n = Math.Min(Batch, count - batch * Batch);
            float[] states = FlowSampling.DrawPrior<float>(model, n, 1, new SamplingOptions { FirstIndex = (long)batch * Batch, MaxThreads = 1 });
            var errors = new FlowError[n];
            TMap.Integrate(states, errors);
            lock (gate)
            {
                worst = Math.Max(worst, errors.Max(error => error.Estimate));
                beyond += errors.Count(error => !(error.Estimate <= error.Bound) || !(error.Estimate <= map.Error));
            }
        });
        return
        [
            title, $"{map.Accuracy:0E+0}", $"{map.Error:0.00E+0}", $"{map.Undecided:0.0E+0}", $"{count:0E+0}", $"{worst:0.00E+0}",
            $"{beyond}", $"{milliseconds:F0}",
            $"{bytes / 1024.0:F0}",
        ];
    }

    private static string[] Speed<TMap, THeun, TRunge32, TRunge64, TRunge128>(string title)
        where TMap : IFlowSampler<TMap, float>
        where THeun : IFlowSampler<THeun, float>
        where TRunge32 : IFlowSampler<TRunge32, float>
        where TRunge64 : IFlowSampler<TRunge64, float>
        where TRunge128 : IFlowSampler<TRunge128, float>
    {
        GaussianMixtureModel model = TMap.Descriptor.Model;
        float[] starts = FlowSampling.DrawPrior<float>(model, Batch, seed: 2), states = new float[starts.Length];
        Action[] runs =
        [
            () => TMap.Integrate(states), () => THeun.Integrate(states), () => TRunge32.Integrate(states),
            () => TRunge64.Integrate(states), () => TRunge128.Integrate(states),
        ];
        for (int warm = 0; warm < 60; warm++) Array.ForEach(runs, run => Time(run));
        double[][] times = [.. Enumerable.Range(0, Rounds).Select(_ => runs.Select(run => Math.Min(Time(run), Time(run))).ToArray())];
        double[] ratios = [.. Enumerable.Range(1, 4).Select(i => Quantiles.Median([.. times.Select(round => round[i] / round[0])]))];
        double[] errors = [.. Enumerable.Range(0, 5).Where(i => i != 1).Select(i => Error(runs[i]))];
        return
        [
            title, $"{1e-6 * Batch / Quantiles.Median([.. times.Select(round => round[0])]):F1}", .. ratios.Select(ratio => $"×{ratio:F1}"),
            string.Join(", ", errors.Select(error => $"{error:0.0E+0}")),
        ];

        double Time(Action run)
        {
            starts.CopyTo(states, 0);
            double began = ThreadTime.Seconds;
            run();
            return ThreadTime.Seconds - began;
        }

        // The 99 % quantile of distances from the exact images.
        double Error(Action run)
        {
            int d = model.Dimension, n = Math.Min(Batch, Checked);
            double[] exact = Array.ConvertAll(starts, value => (double)value), ends = new double[exact.Length];
            model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, exact, ends, tolerance: 1e-10);
            starts.CopyTo(states, 0);
            run();
            double Distance(int i) => Math.Sqrt(Enumerable.Range(i * d, d).Sum(j => (states[j] - ends[j]) * (states[j] - ends[j])));
            double[] distances = [.. Enumerable.Range(0, n).Select(Distance).Order()];
            return distances[(int)(0.99 * n)];
        }
    }
}
