using System.Diagnostics;

namespace FlowDsl.Training;

/// <summary>Completes the training of one segment: steps, finishing batch, evaluation.</summary>
internal sealed class SegmentTraining(SegmentTrainer trainer, TrainingOptions options, Checkpoint? checkpoint, TrainingReport report)
{
    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();

    public void Run(CancellationToken cancellationToken)
    {
        if (trainer.IsTrained) return;
        try
        {
            while (trainer.StepsDone < options.Steps)
            {
                cancellationToken.ThrowIfCancellationRequested();
                trainer.Step();
                report.Tell(trainer, TrainingPhase.Steps, trainer.StepsDone, options.Steps);
                if (checkpoint is null || _sinceSaved.Elapsed < options.CheckpointInterval) continue;
                checkpoint.Save(trainer);
                _sinceSaved.Restart();
            }
            if (options.FinishIterations > 0)
            {
                // If interrupted, this phase starts again from its beginning, with the same result.
                checkpoint?.Save(trainer);
                trainer.Finish(done => report.Tell(trainer, TrainingPhase.Finish, done, options.FinishIterations), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            checkpoint?.Save(trainer);
            throw;
        }
        trainer.RelativeError = trainer.Evaluate();
        trainer.IsTrained = true;
        checkpoint?.Save(trainer);
        report.Tell(trainer, TrainingPhase.Trained, options.Steps, options.Steps);
    }
}
