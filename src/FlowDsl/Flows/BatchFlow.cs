using System.Collections.Concurrent;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Flows;

/// <summary>The exact flow of a model for many points, with the data that its parallel runs share.</summary>
/// <param name="mixture">The mixture.</param>
/// <param name="process">The process.</param>
internal sealed class BatchFlow(Mixture mixture, Process process)
{
    /// <summary>The minimum tolerance; below it, rounding dominates.</summary>
    public const double MinTolerance = 1e-13;

    private readonly ConcurrentBag<FlowWorker> _workers = [], _tangentWorkers = [];

    /// <summary>The coordinates that are integrated.</summary>
    public FlowCoordinates Coordinates { get; } = new(mixture);

    /// <summary>Checks a tolerance.</summary>
    /// <param name="tolerance">The tolerance.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public static void CheckTolerance(double tolerance)
    {
        if (!(tolerance >= MinTolerance && tolerance < 1))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance,
                $"The tolerance must be at least {PortableNumber.Format(MinTolerance)} and less than 1.");
    }

    /// <summary>The exact flow with its working memory, for one point at a time.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="tolerance">The accepted local error, at least 1e-14.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is too small.</exception>
    public static ExtrapolatedFlow ByPoints(Mixture mixture, Process process, double tolerance)
    {
        if (!(tolerance >= 1e-14))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be at least 1e-14.");
        return new ExtrapolatedFlow(mixture, process, ChartFrame.Canonical(mixture.MeanVariance), tolerance);
    }

    /// <summary>
    /// The number of points that one thread takes at a time: enough for its lanes, few enough to share among threads and to report progress.
    /// </summary>
    /// <param name="count">The number of points.</param>
    /// <param name="tangent">Whether a direction is carried with each point.</param>
    /// <param name="threads">The maximum number of threads; -1 for one per processor.</param>
    public int BatchSize(int count, bool tangent, int threads)
    {
        const int BatchesPerThread = 4, MaxLoads = 8;
        int lanes = Coordinates.Field is { } field ? LaneFlow.Lanes(field, tangent) : 1024, workers = threads < 0 ? Environment.ProcessorCount : threads;
        int share = count / (BatchesPerThread * workers) / lanes * lanes;
        return Math.Clamp(share, lanes, MaxLoads * lanes);
    }

    /// <summary>Runs batches in parallel, each with its own worker.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="tangent">Whether the workers carry directions.</param>
    /// <param name="threads">The maximum number of threads; -1 for one per processor.</param>
    /// <param name="batch">Processes a number of points from a first one on.</param>
    /// <param name="progress">Receives the number of finished points, in increasing order.</param>
    /// <param name="cancellationToken">Stops within batches.</param>
    public void ForEachBatch(int count, bool tangent, int threads, Action<FlowWorker, int, int> batch, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        if (threads is 0 or < -1)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "The number of threads must be positive, or -1 for one per processor.");
        cancellationToken.ThrowIfCancellationRequested();
        int size = BatchSize(count, tangent, threads);
        long finished = 0;
        object gate = new();
        ConcurrentBag<FlowWorker> workers = tangent ? _tangentWorkers : _workers;
        ParallelLoop.For((count + size - 1) / size, threads, Map, cancellationToken);

        void Map(int index)
        {
            if (!workers.TryTake(out FlowWorker? worker)) worker = new FlowWorker(mixture, process, Coordinates, tangent);
            int first = index * size, n = Math.Min(size, count - first);
            batch(worker, first, n);
            workers.Add(worker);
            if (progress is null) return;
            lock (gate) progress.Report(finished += n);
        }
    }
}
