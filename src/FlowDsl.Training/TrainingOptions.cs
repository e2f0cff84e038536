namespace FlowDsl.Training;

/// <summary>How a student is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Steps of AdamW for each segment.</summary>
    public int Steps { get; init; } = 5000;

    /// <summary>Fresh samples of a step.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>The largest learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate falls.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Cosine;

    /// <summary>The decay of weights in a step, times the learning rate (AdamW).</summary>
    public double WeightDecay { get; init; }

    /// <summary>The largest length of a step's gradient; longer ones are shortened to it.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Iterations of L-BFGS over one large batch after the steps; 0 for none.</summary>
    public int FinishIterations { get; init; }

    /// <summary>The samples of that batch.</summary>
    public int FinishSamples { get; init; } = 65_536;

    /// <summary>Samples on which a segment's error is measured when it is trained.</summary>
    public int EvaluationSamples { get; init; } = 16_384;

    /// <summary>The seed of the first weights and of all samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The maximum number of threads; -1 for one per processor. It changes no bit of the weights.</summary>
    public int MaxThreads { get; init; } = -1;

    /// <summary>
    /// A file to which the state is written now and then and from which training goes on where it is there already, to the same bits; null for none.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>How often the state is written.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ThrowIfNotPositive(LearningRate, nameof(LearningRate));
        ThrowIfNotPositive(ClipNorm, nameof(ClipNorm));
        if (!(WeightDecay >= 0)) throw new ArgumentOutOfRangeException(nameof(WeightDecay), WeightDecay, "The decay must be at least 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(FinishIterations);
        ArgumentOutOfRangeException.ThrowIfLessThan(FinishSamples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(EvaluationSamples, 1);
        if (MaxThreads is 0 or < -1) throw new ArgumentOutOfRangeException(nameof(MaxThreads), MaxThreads, "There must be at least one thread, or -1 for one per processor.");
    }

    private static void ThrowIfNotPositive(double value, string name)
    {
        if (!(value > 0)) throw new ArgumentOutOfRangeException(name, value, "It must be positive.");
    }
}

/// <summary>How the learning rate falls during training.</summary>
public enum LearningRateDecay
{
    /// <summary>By half a cosine to 0 at the last step, after a rise over the first hundredth.</summary>
    Cosine,

    /// <summary>Not at all.</summary>
    None,
}
