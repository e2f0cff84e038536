using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>A student that can be trained and judged.</summary>
/// <param name="Student">What it is.</param>
/// <param name="Train">Trains it; the flow is ready to be run.</param>
internal sealed record Trainee(
    Func<StudentDescriptor> Student, Func<TrainingOptions, IProgress<TrainingProgress>, CancellationToken, (StudentFlow Flow, TrainingResult Result)> Train)
{
    public static Trainee Of<TStudent>()
        where TStudent : IFlowStudent<TStudent>
        => new(() => TStudent.Student, (options, progress, token) =>
        {
            TrainingResult result = StudentTraining.Train<TStudent>(options, progress, token);
            return (StudentFlow.Create<TStudent>(result.Weights), result);
        });
}
