using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>A student that can be trained and judged.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Student">What it is.</param>
/// <param name="Train">Trains it; the flow is ready to be run.</param>
internal sealed record Trainee(string Name, Func<StudentDescriptor> Student, Func<TrainingOptions, CancellationToken, (StudentFlow Flow, TrainingResult Result)> Train)
{
    public static Trainee Of<TStudent>()
        where TStudent : IFlowStudent<TStudent>
    {
        // Students of several models have the same names.
        string name = $"{typeof(TStudent).DeclaringType!.Name}.{typeof(TStudent).Name}";
        return new Trainee(name, () => TStudent.Student, (options, token) =>
        {
            TrainingResult result = StudentTraining.Train<TStudent>(options, new ConsoleProgress($"{name}, seed {options.Seed}"), token);
            return (StudentFlow.Create<TStudent>(result.Weights), result);
        });
    }

    /// <summary>Trains with a seed; keeps the weights, and goes on from a checkpoint, in a folder where one is given.</summary>
    public (StudentFlow Flow, TrainingResult Result) Run(StudyOptions study, TrainingOptions options, CancellationToken token)
    {
        options = options with { MaxThreads = study.Threads };
        if (study.Out is not { } folder) return Train(options, token);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{Name}-{options.Seed}");
        (StudentFlow flow, TrainingResult result) = Train(options with { Checkpoint = file + ".checkpoint" }, token);
        result.Weights.Save(file + ".safetensors");
        return (flow, result);
    }
}
