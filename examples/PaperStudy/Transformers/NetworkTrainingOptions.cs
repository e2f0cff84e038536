namespace FlowDsl.Examples.Transformers;

/// <summary>How a network of experiment 3 is trained; the defaults are the published ones.</summary>
internal sealed record NetworkTrainingOptions
{
    /// <summary>L, the number of blocks.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>The number of steps. The rate is constant, so a checkpoint after fewer steps can be continued to more.</summary>
    public int Steps { get; init; } = 20_000;

    /// <summary>The samples of a step; they are drawn anew for each.</summary>
    public int Batch { get; init; } = 1024;

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>The trial: it decides the first parameters and all samples.</summary>
    public int Seed { get; init; }

    /// <summary>The samples that the error is measured on.</summary>
    public int EvaluationSamples { get; init; } = 50_000;

    /// <summary>The most threads; -1 for as many as there are processors. They do not change any bit.</summary>
    public int MaxThreads { get; init; } = -1;

    /// <summary>The file of the state, from which the same training continues; null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The time between two writes of the state. It is also written at the end and when the training is cancelled.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What is learned.</summary>
    public StudyTeacher Teacher { get; init; }
}
