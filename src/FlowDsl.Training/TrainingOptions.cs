namespace FlowDsl.Training;

/// <summary>How a student is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>The number of AdamW steps per segment.</summary>
    public int Steps { get; init; } = 5000;

    /// <summary>The number of fresh samples per step.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>The maximum learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate falls.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Cosine;

    /// <summary>The weight decay per step, in units of the learning rate (AdamW).</summary>
    public double WeightDecay { get; init; }

    /// <summary>The maximum norm of a step's gradient; longer gradients are clipped to it.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The number of L-BFGS iterations on one large batch after the steps; 0 for none.</summary>
    public int FinishIterations { get; init; }

    /// <summary>The number of samples in that batch.</summary>
    public int FinishSamples { get; init; } = 65_536;

    /// <summary>The number of samples on which a segment's error is measured after training.</summary>
    public int EvaluationSamples { get; init; } = 16_384;

    /// <summary>The seed of the initial weights and of all samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The maximum number of threads; -1 for one per processor. It does not change any bit of the weights.</summary>
    public int MaxThreads { get; init; } = -1;

    /// <summary>
    /// A folder to which the state of each segment is written from time to time, a file a segment. Training resumes from what is there, to the same bits.
    /// Processes that train different <see cref="Segments"/> may share one. Null for none.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>
    /// The segments to train, which do not depend on each other; null, the default, for all. The others are as far as the checkpoint has them: a training
    /// of all segments, after those of its parts, has nothing left to do.
    /// </summary>
    public Range? Segments { get; init; }

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
        if (MaxThreads is 0 or < -1)
            throw new ArgumentOutOfRangeException(nameof(MaxThreads), MaxThreads, "The number of threads must be at least 1, or -1 for one per processor.");
    }

    private static void ThrowIfNotPositive(double value, string name)
    {
        if (!(value > 0)) throw new ArgumentOutOfRangeException(name, value, "The value must be positive.");
    }
}

/// <summary>How the learning rate falls during training.</summary>
public enum LearningRateDecay
{
    /// <summary>By half a cosine to 0 at the last step, after a linear warm-up over the first hundredth of the steps.</summary>
    Cosine,

    /// <summary>It stays constant.</summary>
    None,
}
