using FlowDsl.Mathematics;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Sampling;

namespace FlowDsl.Metrics;

/// <summary>p_t, the law that samples are compared with: a mixture's law at one time of its process.</summary>
internal sealed class TargetLaw
{
    // Blocks of samples whose coordinates and logits stay in the second-level cache.
    private const int Block = 1024;

    private TargetLaw(GaussianMixtureModel model, double time) => (Mixture, Point) = (model.Mixture, model.Process.At(time));

    /// <summary>The data law.</summary>
    public Mixture Mixture { get; }

    /// <summary>The process at t.</summary>
    public ProcessPoint Point { get; }

    /// <summary>d.</summary>
    public int Dimension => Mixture.Dimension;

    /// <summary>The law at the time that the options say.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at the time.</exception>
    /// <exception cref="ArgumentException">A covariance is singular and the time is 0.</exception>
    public static TargetLaw Of(GaussianMixtureModel model, MetricOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        double time = options.Time ?? model.Process.EarlyStop;
        model.Process.CheckTime(time, nameof(MetricOptions.Time));
        if (model.Process.At(time).S2 == 0 && model.Mixture.MinVariance == 0)
            throw new ArgumentException($"A covariance is singular, so {nameof(MetricOptions.Time)} must be positive.", nameof(options));
        return new TargetLaw(model, time);
    }

    /// <summary>Draws samples of the law, n×d values.</summary>
    public double[] Draw(int count, ulong seed, ParallelRows rows)
    {
        int d = Dimension;
        double[] samples = GC.AllocateUninitializedArray<double>(CheckedLength(count, d));
        var draws = PriorDraws.Of(Mixture, Point);
        rows.For(count, Block, (first, end) => draws.Fill(seed, first, samples.AsSpan(first * d, (end - first) * d)));
        return samples;
    }

    /// <summary>log p_t of each sample.</summary>
    public double[] LogDensities(double[] samples, ParallelRows rows, double extraVariance = 0)
    {
        double[] logs = new double[samples.Length / Dimension];
        Evaluate(samples, logs, [], rows, extraVariance);
        return logs;
    }

    /// <summary>For each sample, the component with the largest responsibility.</summary>
    public int[] Owners(double[] samples, ParallelRows rows)
    {
        int[] owners = new int[samples.Length / Dimension];
        Evaluate(samples, [], owners, rows, 0);
        return owners;
    }

    /// <summary>log p_t of samples of the law that are drawn and forgotten.</summary>
    public double[] DrawLogDensities(int count, ulong seed, ParallelRows rows)
    {
        double[] logs = new double[count];
        DrawBlocks(count, seed, rows, (density, first, samples) => density.Evaluate(samples, logs.AsSpan(first, samples.Length / Dimension), []));
        return logs;
    }

    /// <summary>How many of samples of the law, which are drawn and forgotten, each component owns.</summary>
    public long[] DrawOwnerCounts(int count, ulong seed, ParallelRows rows)
    {
        long[] counts = new long[Mixture.Count];
        DrawBlocks(count, seed, rows, (density, _, samples) =>
        {
            int[] owners = new int[samples.Length / Dimension];
            density.Evaluate(samples, [], owners);
            foreach (int owner in owners) Interlocked.Increment(ref counts[owner]);
        });
        return counts;
    }

    private void DrawBlocks(int count, ulong seed, ParallelRows rows, Action<LogDensityTable<double>, int, double[]> use)
    {
        var density = new LogDensityTable<double>(Mixture, Point, 0);
        var draws = PriorDraws.Of(Mixture, Point);
        rows.For(count, Block, (first, end) =>
        {
            double[] samples = new double[(end - first) * Dimension];
            draws.Fill(seed, first, samples);
            use(density, first, samples);
        });
    }

    private void Evaluate(double[] samples, double[] logs, int[] owners, ParallelRows rows, double extraVariance)
    {
        int d = Dimension;
        var density = new LogDensityTable<double>(Mixture, Point, extraVariance);
        rows.For(samples.Length / d, Block, (first, end) => density.Evaluate(
            samples.AsSpan(first * d, (end - first) * d),
            logs.Length == 0 ? [] : logs.AsSpan(first, end - first), owners.Length == 0 ? [] : owners.AsSpan(first, end - first)));
    }

    private static int CheckedLength(int count, int d)
        => (long)count * d <= Array.MaxLength
            ? count * d
            : throw new ArgumentOutOfRangeException(
                nameof(count), count, $"The count is {count}; it must be at most {Array.MaxLength / d}, the most samples of {d} values that one array holds.");
}
