using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Studies;

/// <summary>Runs tasks of a study, some of them side by side, and keeps the result of each.</summary>
/// <param name="study">The study.</param>
/// <param name="folder">Where results are kept.</param>
/// <param name="share">The share of the published steps.</param>
/// <param name="parallel">How many tasks run at once.</param>
internal sealed class StudyRunner(Study study, StudyFolder folder, double share, int parallel)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StudyTask, double> _done = [];
    private readonly List<(string Task, string Message)> _failures = [];
    private ExceptionDispatchInfo? _stopped;

    /// <summary>The threads of each task.</summary>
    public int Threads => Math.Max(1, Environment.ProcessorCount / parallel);

    /// <summary>How many tasks it has finished.</summary>
    public int Made { get; private set; }

    /// <summary>The tasks that failed, in the order in which they did, and why.</summary>
    public IReadOnlyList<(string Task, string Message)> Failures => _failures;

    /// <summary>Runs tasks. One that fails leaves the others alone.</summary>
    /// <param name="tasks">The tasks, the first to run first.</param>
    /// <param name="finished">Is told of each result, one at a time.</param>
    /// <param name="progress">Receives the floating-point operations that are done.</param>
    /// <param name="cancellationToken">Stops as soon as the tasks do.</param>
    /// <exception cref="HostException">A result cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(IReadOnlyList<StudyTask> tasks, Action<StudyRecord> finished, IProgress<long> progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new ConcurrentQueue<StudyTask>(tasks);
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(parallel, tasks.Count)).Select(_ => new Thread(() => Work(queue, finished, progress, stop)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        _stopped?.Throw();
    }

    private void Work(ConcurrentQueue<StudyTask> queue, Action<StudyRecord> finished, IProgress<long> progress, CancellationTokenSource stop)
    {
        try
        {
            while (queue.TryDequeue(out StudyTask? task))
            {
                stop.Token.ThrowIfCancellationRequested();
                RunOne(task, finished, progress, stop.Token);
            }
        }
        catch (Exception exception)
        {
            // What came first is what the user should read; the others stop because of it.
            Interlocked.CompareExchange(ref _stopped, ExceptionDispatchInfo.Capture(exception), null);
            stop.Cancel();
        }
    }

    private void RunOne(StudyTask task, Action<StudyRecord> finished, IProgress<long> progress, CancellationToken cancellationToken)
    {
        bool isResumed = folder.IsBegun(task, share);
        long began = Stopwatch.GetTimestamp();
        StudyRecord record;
        try
        {
            JsonObject result = task.Run(new StudyRun(folder.StatePath(task, share), Threads, new Part(this, task, progress)), cancellationToken);
            record = new StudyRecord
            {
                Study = study.Name,
                Task = task.Name,
                Share = share,
                Version = RunIdentity.CurrentVersion,
                Result = result,
                Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds,
                IsResumed = isResumed,
                Threads = Threads,
                Operations = task.Operations,
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or FormatException or ArithmeticException)
        {
            lock (_lock) _failures.Add((task.Name, failure.Message));
            return;
        }
        folder.Finish(task, record);
        Report(task, 1, progress);
        lock (_lock)
        {
            Made++;
            finished(record);
        }
    }

    private void Report(StudyTask task, double done, IProgress<long> progress)
    {
        double operations;
        lock (_lock)
        {
            _done[task] = done;
            operations = _done.Sum(part => part.Key.Operations * part.Value);
        }
        progress.Report((long)operations);
    }

    private sealed class Part(StudyRunner runner, StudyTask task, IProgress<long> progress) : IProgress<double>
    {
        public void Report(double value) => runner.Report(task, value, progress);
    }
}
