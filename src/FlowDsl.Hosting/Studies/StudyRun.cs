namespace FlowDsl.Hosting;

/// <summary>What a task of a study works with.</summary>
public sealed class StudyRun
{
    private readonly IProgress<double>? _progress;

    /// <summary>Takes what a task works with.</summary>
    /// <param name="checkpoint">The path of the task's state.</param>
    /// <param name="maxThreads">The most threads that it may use, 1 or more.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no thread.</exception>
    public StudyRun(string checkpoint, int maxThreads, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        (Checkpoint, MaxThreads, _progress) = (checkpoint, maxThreads, progress);
    }

    /// <summary>A path of the task's own, for a file or a folder that keeps its state. It is removed when the result is written.</summary>
    public string Checkpoint { get; }

    /// <summary>The most threads that the task may use.</summary>
    public int MaxThreads { get; }

    /// <summary>Says how much is done; from any thread.</summary>
    /// <param name="done">The share, from 0 to 1.</param>
    public void Report(double done) => _progress?.Report(double.IsNaN(done) ? 0 : Math.Clamp(done, 0, 1));
}
