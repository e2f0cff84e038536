using System.Diagnostics;

namespace FlowDsl.Training;

/// <summary>Reports the progress of a training over the segments that it trains, which follow each other.</summary>
internal sealed class TrainingReport
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.25);

    private readonly Lock _lock = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly double[] _done;
    private readonly int _first;
    private readonly double _atStart, _stepShare;
    private TimeSpan _last;

    public TrainingReport(SegmentTrainer[] trainers, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        _progress = progress;
        // An iteration takes as long as steps with the same number of samples; line searches hardly ever need more than one trial.
        double steps = (double)options.Steps * options.BatchSize, finish = (double)options.FinishIterations * options.FinishSamples;
        _stepShare = steps + finish > 0 ? steps / (steps + finish) : 1;
        _done = [.. trainers.Select(trainer => trainer.IsTrained ? 1 : options.Steps == 0 ? 0 : _stepShare * trainer.StepsDone / options.Steps)];
        _first = trainers.Length > 0 ? trainers[0].Index : 0;
        _atStart = trainers.Length > 0 ? _done.Average() : 1;
    }

    /// <summary>Reports on a segment.</summary>
    public void Tell(SegmentTrainer trainer, TrainingPhase phase, int step, int count)
    {
        if (_progress is null) return;
        lock (_lock)
        {
            double share = count == 0 ? 1 : (double)step / count;
            _done[trainer.Index - _first] = phase switch
            {
                TrainingPhase.Steps => _stepShare * share,
                TrainingPhase.Finish => _stepShare + (1 - _stepShare) * share,
                _ => 1,
            };
            TimeSpan now = _watch.Elapsed;
            if (phase != TrainingPhase.Trained && now - _last < s_interval) return;
            _last = now;
            double done = _done.Average();
            // Work before a resumption took none of this time.
            TimeSpan? remaining = done > _atStart ? now * ((1 - done) / (done - _atStart)) : null;
            _progress.Report(new TrainingProgress(trainer.Index, phase, step, count, trainer.RelativeError, done, remaining));
        }
    }
}
