using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Metrics;

/// <summary>Work on blocks of samples, on several threads, with progress.</summary>
internal sealed class ParallelRows
{
    private readonly int _maxThreads;
    private readonly double _from, _to;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellationToken;

    /// <summary>All of a metric's work.</summary>
    public ParallelRows(MetricOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
        : this(options.MaxThreads, progress, 0, 1, cancellationToken)
    {
    }

    private ParallelRows(int maxThreads, IProgress<double>? progress, double from, double to, CancellationToken cancellationToken)
        => (_maxThreads, _progress, _from, _to, _cancellationToken) = (maxThreads, progress, from, to, cancellationToken);

    /// <summary>A part of this work, which takes the progress from one share of it to another.</summary>
    public ParallelRows Part(double from, double to)
        => new(_maxThreads, _progress, _from + from * (_to - _from), _from + to * (_to - _from), _cancellationToken);

    /// <summary>Runs a body for each block of rows. Blocks are the same whatever the number of threads.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="block">The number of rows in a block.</param>
    /// <param name="body">Gets the first row of a block and the row behind its last.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void For(int count, int block, Action<int, int> body)
    {
        int blocks = (int)(((long)count + block - 1) / block), finished = 0;
        Lock gate = new();
        ParallelLoop.For(blocks, _maxThreads, Run, _cancellationToken);

        void Run(int index)
        {
            body(index * block, (int)Math.Min(count, ((long)index + 1) * block));
            if (_progress is null) return;
            lock (gate) _progress.Report(_from + (_to - _from) * ++finished / blocks);
        }
    }
}
