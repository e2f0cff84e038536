using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Measurements;

/// <summary>How likely a fit makes points that it has not seen, by cross-validation.</summary>
internal static class HeldOutLikelihood
{
    private const int Folds = 5;

    /// <summary>The mean log-density of points in fits to the other folds; each point is held out once.</summary>
    /// <param name="rows">n×d values, row-major.</param>
    /// <param name="dimension">d.</param>
    /// <param name="componentCount">K.</param>
    /// <param name="options">How to fit; its seed chooses the folds too.</param>
    /// <param name="cancellationToken">Stops within a fit.</param>
    /// <returns>The mean in nats, with a 95 % interval that takes the fits as given.</returns>
    /// <exception cref="ArgumentException">A fold's fit is not possible.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Measure(
        ReadOnlySpan<double> rows, int dimension, int componentCount, FitOptions options, CancellationToken cancellationToken)
    {
        int n = rows.Length / dimension;
        if (n < 2 * Folds) throw new ArgumentException($"there are {n} points; {Folds} folds need {2 * Folds} at least.");
        int[] order = Shuffled(n, options.Seed);
        double[] logs = new double[n];
        for (int fold = 0; fold < Folds; fold++)
        {
            int first = (int)((long)fold * n / Folds), end = (int)((fold + 1L) * n / Folds);
            double[] seen = Take(rows, dimension, [.. order.AsSpan(0, first), .. order.AsSpan(end)]);
            FitResult fit = GaussianMixtureFit.Fit(seen, dimension, componentCount, options, cancellationToken: cancellationToken);
            // At time 0 it is the mixture itself, whatever the process.
            var model = new GaussianMixtureModel(fit.Mixture, new OrnsteinUhlenbeckProcess());
            for (int i = first; i < end; i++) logs[i] = model.LogDensity(0, rows.Slice(order[i] * dimension, dimension));
        }
        double mean = logs.Average();
        return MetricEstimate.Normal(mean, logs.Sum(value => (value - mean) * (value - mean)) / ((double)n * (n - 1)));
    }

    /// <summary>The numbers from 0 to n - 1 in an order that the seed decides, the same on every machine.</summary>
    private static int[] Shuffled(int n, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, n)];
        ulong[] keys = [.. order.Select(i => SplitMix.Mix(unchecked(SplitMix.Mix(seed) + ((ulong)i + 1) * SplitMix.Increment)))];
        Array.Sort(keys, order);
        return order;
    }

    private static double[] Take(ReadOnlySpan<double> rows, int dimension, int[] which)
    {
        double[] taken = new double[which.Length * dimension];
        for (int i = 0; i < which.Length; i++) rows.Slice(which[i] * dimension, dimension).CopyTo(taken.AsSpan(i * dimension));
        return taken;
    }
}
