using System.Numerics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Data;
using FlowDsl.Runtime.Trackers;
using FlowDsl.Sampling;

namespace FlowDsl;

/// <summary>Draws samples with generated samplers, in parallel and reproducibly.</summary>
public static class FlowSampling
{
    /// <summary>
    /// Draws x_T from the prior and integrates it to x_0. Sample i depends only on the seed and on i: on hardware with fused multiply-add it has the
    /// same bits for any number of threads, batch size and vector width.
    /// </summary>
    /// <remarks>
    /// The starts are those of <see cref="DrawPrior"/>, in the sampler's precision. Generated samplers offer the same call as <c>Sample</c>, without
    /// type arguments.
    /// </remarks>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <typeparam name="T">float or double, the sampler's precision.</typeparam>
    /// <param name="count">n, the number of samples to draw.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    /// <param name="options">Prior, first index and threads.</param>
    /// <param name="progress">Receives the number of finished samples after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops within a batch.</param>
    /// <returns>n×d values, row-major.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or more than an array holds, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static T[] Sample<TSampler, T>(
        long count, ulong seed, SamplingOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new SamplingOptions();
        return Run(TSampler.Descriptor.Model, count, seed, options, IntegrationOf<TSampler, T>(options), null, progress, cancellationToken);
    }

    /// <summary>Draws what <see cref="Sample"/> returns, and each sample's log-density under the law that the sampler itself draws from.</summary>
    /// <remarks>
    /// log q(x_0) = log p(x_T) - log|det ∂x_0/∂x_T|, p the prior. Generated samplers offer the same call as <c>SampleWithLogDensities</c>, without type
    /// arguments.
    /// </remarks>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <typeparam name="T">float or double, the sampler's precision.</typeparam>
    /// <param name="count">n, the number of samples to draw.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    /// <param name="options">Prior, first index and threads. Repaired samples do not have the sampler's law, so there is no repair.</param>
    /// <param name="progress">Receives the number of finished samples after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops within a batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or more than an array holds, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DensitySamples<T> SampleWithLogDensities<TSampler, T>(
        long count, ulong seed, SamplingOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new SamplingOptions();
        if (options.Repair != Repair.None)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Repair, $"{nameof(SamplingOptions.Repair)} must be None: repaired samples do not have the sampler's own law.");
        GaussianMixtureModel model = TSampler.Descriptor.Model;
        var prior = new PriorLaw<T>(model, options.Prior);
        double[] logDensities = new double[Math.Clamp(count, 0, Array.MaxLength)];
        long folds = 0;
        T[] states = RunPlaced<T>(model, count, seed, options, Integrate, null, progress, cancellationToken);
        return new(states, logDensities, folds);

        void Integrate(Span<T> rows, int first)
        {
            Span<double> own = logDensities.AsSpan(first, rows.Length / model.Dimension);
            prior.Evaluate(rows, own);
            Interlocked.Add(ref folds, TSampler.Integrate(rows, own));
        }
    }

    /// <summary>The log-density of a prior at starts: what a sampler's call with log-densities takes.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="starts">n×d values, row-major: states at the horizon.</param>
    /// <param name="logDensities">Receives n log-densities in nats; NaN where a start is not finite.</param>
    /// <param name="prior">The law that the starts were drawn from.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prior.</exception>
    public static void PriorLogDensities<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> starts, Span<double> logDensities, Prior prior = Prior.Exact)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckPrior(prior, nameof(prior));
        new PriorLaw<T>(model, prior).Evaluate(starts, logDensities);
    }

    /// <summary>Draws what <see cref="Sample"/> returns into an array that is there already: its first n·d values are written.</summary>
    internal static void SampleInto<TSampler, T>(
        T[] states, long count, ulong seed, SamplingOptions options, IProgress<long>? progress, CancellationToken cancellationToken)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Run(TSampler.Descriptor.Model, count, seed, options, IntegrationOf<TSampler, T>(options), states, progress, cancellationToken);

    /// <summary>Draws x_T from the prior only: where <see cref="Sample"/> with the same arguments starts.</summary>
    /// <remarks>
    /// The same bits on any hardware. Starts in float are not rounded starts in double, but other numbers from the same law: normals come from 32-bit
    /// uniforms by the Box-Muller transform in single precision and reach 6.76 standard deviations (one in 7e10 would lie beyond). A component's
    /// probability differs from its weight by less than 2^-32. In double, a uniform has 52 bits and normals reach 8.6 standard deviations; see
    /// <see cref="NormalSource"/>.
    /// </remarks>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="count">n, the number of samples to draw.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    /// <param name="options">Prior, first index and threads.</param>
    /// <param name="progress">Receives the number of finished samples after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops within a batch.</param>
    /// <returns>n×d values, row-major.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or more than an array holds, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static T[] DrawPrior<T>(
        GaussianMixtureModel model, long count, ulong seed, SamplingOptions? options = null, IProgress<long>? progress = null,
            CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run<T>(model, count, seed, options, static _ => { }, null, progress, cancellationToken);
    }

    /// <summary>Draws what <see cref="DrawPrior"/> returns into an array that is there already: its first n·d values are written.</summary>
    internal static void DrawPriorInto<T>(
        GaussianMixtureModel model, T[] states, long count, ulong seed, SamplingOptions options, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Run(model, count, seed, options, static _ => { }, states, null, cancellationToken);

    /// <summary>The default number of samples per batch.</summary>
    internal const int DefaultBatchSize = 8192;

    // Values that are integrated between two checks for cancellation.
    private const int PieceValues = 1 << 17;

    /// <summary>Integrates some of the states.</summary>
    /// <param name="states">Their rows, in place.</param>
    /// <param name="first">The number of the first among all.</param>
    private delegate void PlacedIntegration<T>(Span<T> states, int first);

    private static Integration<T> IntegrationOf<TSampler, T>(SamplingOptions options)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double margin = options.RepairMargin;
        if (!(margin >= 0))
            throw new ArgumentOutOfRangeException(nameof(options), margin, $"{nameof(SamplingOptions.RepairMargin)} must be at least 0.");
        return options.Repair switch
        {
            Repair.None => static states => TSampler.Integrate(states),
            Repair.Flagged => states => FlowRepair<T>.Of<TSampler>().Integrate(states, margin),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Repair, $"{nameof(SamplingOptions.Repair)} must be None or Flagged."),
        };
    }

    /// <summary>Draws x_T from the prior and integrates it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">n.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="options">Prior, first index and threads.</param>
    /// <param name="integrate">Integrates some of the states.</param>
    /// <param name="own">The array that receives them; null for a new one.</param>
    /// <param name="progress">Receives the number of finished samples.</param>
    /// <param name="cancellationToken">Stops within a batch.</param>
    /// <param name="pieceSize">The maximum number of states that are integrated at a time; null for what stays in the cache.</param>
    internal static T[] Run<T>(
        GaussianMixtureModel model, long count, ulong seed, SamplingOptions? options, Integration<T> integrate, T[]? own, IProgress<long>? progress,
            CancellationToken cancellationToken, int? pieceSize = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => RunPlaced(model, count, seed, options, (rows, _) => integrate(rows), own, progress, cancellationToken, pieceSize);

    private static T[] RunPlaced<T>(
        GaussianMixtureModel model, long count, ulong seed, SamplingOptions? options, PlacedIntegration<T> integrate, T[]? own, IProgress<long>? progress,
            CancellationToken cancellationToken, int? pieceSize = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new SamplingOptions();
        int d = model.Dimension;
        long most = Array.MaxLength / d;
        if (count < 0 || count > most)
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"The count must be between 0 and {most}, the most samples of {d} values that one array holds; " +
                $"draw more in parts with {nameof(SamplingOptions.FirstIndex)}.");
        if (options.BatchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, $"{nameof(SamplingOptions.BatchSize)} must be at least 1.");
        if (options.MaxThreads is 0 or < -1)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MaxThreads, $"{nameof(SamplingOptions.MaxThreads)} must be positive, or -1 for one per processor.");

        if (options.FirstIndex < 0 || options.FirstIndex > long.MaxValue - count)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.FirstIndex, $"{nameof(SamplingOptions.FirstIndex)} must be at least 0 and at most {long.MaxValue - count}, " +
                $"so that all {count} samples have a number.");
        CheckPrior(options.Prior, nameof(options));

        // Every value is written below, so that the thread that uses a page touches it first.
        T[] states = own ?? GC.AllocateUninitializedArray<T>((int)(count * d));
        var prior = PriorDraws.Of(model, options.Prior);
        // A pass over a data set serves one block of samples, and each block may have its own thread.
        int? block = model.Data is null ? null : DataKernel.BlockSamples;
        long batch = Math.Min(options.BatchSize, block ?? options.BatchSize), finished = 0;
        object gate = new();
        int batches = (int)((count + batch - 1) / batch);
        ParallelLoop.For(batches, options.MaxThreads, Draw, cancellationToken);
        return states;

        void Draw(int index)
        {
            long start = index * batch, end = Math.Min(start + batch, count);
            // A batch may be long: pieces, whose size does not change any bit, let it notice a cancellation in time.
            int piece = pieceSize ?? block ?? Math.Clamp(PieceValues / d, 1, DefaultBatchSize);
            for (long first = start; first < end; first += piece)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<T> rows = states.AsSpan((int)(first * d), (int)(Math.Min(piece, end - first) * d));
                prior.Fill(seed, options.FirstIndex + first, rows);
                integrate(rows, (int)first);
            }
            if (progress is null) return;
            lock (gate) progress.Report(finished += end - start);
        }
    }

    private static void CheckPrior(Prior prior, string name)
    {
        if (prior is not (Prior.Exact or Prior.Gaussian))
            throw new ArgumentOutOfRangeException(name, prior, $"{nameof(SamplingOptions.Prior)} must be {nameof(Prior.Exact)} or {nameof(Prior.Gaussian)}.");
    }
}
