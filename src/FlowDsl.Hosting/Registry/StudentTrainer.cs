using System.ComponentModel;
using FlowDsl.Training;

namespace FlowDsl.Hosting.Registry;

/// <summary>Trains a student, whatever its type.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StudentTrainer
{
    private protected StudentTrainer()
    {
    }

    /// <summary>Trains from the start, or from the checkpoint.</summary>
    /// <param name="options">The training options.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellationToken">Stops soon; the checkpoint keeps the state.</param>
    /// <exception cref="InvalidOperationException">The checkpoint belongs to another training, or a gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal abstract TrainingResult Train(TrainingOptions options, IProgress<TrainingProgress> progress, CancellationToken cancellationToken);
}

/// <summary>Trains a generated student; made by generated code.</summary>
/// <typeparam name="TStudent">The nested type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StudentTrainer<TStudent> : StudentTrainer
    where TStudent : IFlowStudent<TStudent>
{
    /// <inheritdoc/>
    internal override TrainingResult Train(TrainingOptions options, IProgress<TrainingProgress> progress, CancellationToken cancellationToken)
        => StudentTraining.Train<TStudent>(options, progress, cancellationToken);
}
