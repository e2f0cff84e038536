using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using FlowDsl.Analysis;

namespace FlowDsl.Flows;

/// <summary>The exact flow of a model for many points: what its parallel runs share.</summary>
/// <param name="model">The model.</param>
internal sealed class BatchFlow(GaussianMixtureModel model)
{
    /// <summary>The least tolerance: below, rounding decides.</summary>
    public const double LeastTolerance = 1e-13;

    private readonly ConcurrentBag<FlowWorker> _workers = [], _tangentWorkers = [];

    /// <summary>The coordinates that are integrated.</summary>
    public FlowCoordinates Coordinates { get; } = new(model.Mixture);

    /// <summary>Checks a tolerance.</summary>
    /// <param name="tolerance">The tolerance.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public static void CheckTolerance(double tolerance)
    {
        if (!(tolerance >= LeastTolerance && tolerance < 1))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance,
                $"The tolerance must be at least {PortableNumber.Format(LeastTolerance)} and less than 1.");
    }

    /// <summary>How many points one thread takes at a time: enough for its lanes, few enough for all threads and for a word on the way.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="threads">The most threads; -1 for one a processor.</param>
    public int BatchSize(int count, int threads)
    {
        const int BatchesPerThread = 8, MostLoads = 4;
        int lanes = Coordinates.Field is { } field ? LaneFlow.Lanes(field) : 1024, workers = threads < 0 ? Environment.ProcessorCount : threads;
        int share = count / (BatchesPerThread * workers) / lanes * lanes;
        return Math.Clamp(share, lanes, MostLoads * lanes);
    }

    /// <summary>Runs batches in parallel, each with a worker of its own.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="tangent">Whether the workers carry directions.</param>
    /// <param name="threads">The most threads; -1 for one a processor.</param>
    /// <param name="batch">What to do with the points from a first one on, and how many.</param>
    /// <param name="progress">Told the number of finished points, in increasing order.</param>
    /// <param name="cancellationToken">Stops within batches.</param>
    public void ForEachBatch(int count, bool tangent, int threads, Action<FlowWorker, int, int> batch, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        if (threads is 0 or < -1)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "The number of threads must be positive, or -1 for one a processor.");
        cancellationToken.ThrowIfCancellationRequested();
        int size = BatchSize(count, threads);
        long finished = 0;
        object gate = new();
        ConcurrentBag<FlowWorker> workers = tangent ? _tangentWorkers : _workers;
        try
        {
            Parallel.For(0, (count + size - 1) / size, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, index =>
            {
                if (!workers.TryTake(out FlowWorker? worker)) worker = new FlowWorker(model, Coordinates, tangent);
                int first = index * size, n = Math.Min(size, count - first);
                batch(worker, first, n);
                workers.Add(worker);
                if (progress is null) return;
                lock (gate) progress.Report(finished += n);
            });
        }
        catch (AggregateException exception)
        {
            // What a batch throws, or whoever listens to progress; one that was stopped on its way is no failure.
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }
}
