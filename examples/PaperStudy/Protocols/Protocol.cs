using System.Text.Json.Nodes;
using FlowDsl.Hosting;
using FlowDsl.Training;

namespace FlowDsl.Examples.Protocols;

/// <summary>What the published experiments have in common.</summary>
internal static class Protocol
{
    /// <summary>The samples of a step; each step draws its own.</summary>
    public const int Batch = 1024;

    /// <summary>The steps of a network of experiments 1 to 3.</summary>
    public const int Steps = 20_000;

    /// <summary>The steps of a composition of experiment 4, all its segments together.</summary>
    public const int CompositionSteps = 100_000;

    /// <summary>The fresh samples on which a network is judged.</summary>
    public const int EvaluationSamples = 50_000;

    /// <summary>AdamW's rate, constant.</summary>
    public const double LearningRate = 2e-4;

    private static readonly Lazy<Truth> s_truth = new(() => new Truth(EvaluationSamples));

    /// <summary>A share of a number of steps, one at least.</summary>
    public static int Share(this StudyBudget budget, int steps) => (int)Math.Max(1, Math.Round(budget.Share * steps));

    /// <summary>The published training: AdamW without decay at a constant rate, gradients clipped at 1.</summary>
    public static TrainingOptions Options(int steps, ulong seed, StudyRun run) => new()
    {
        Steps = steps,
        BatchSize = Batch,
        LearningRate = LearningRate,
        Decay = LearningRateDecay.None,
        ClipNorm = 1,
        EvaluationSamples = EvaluationSamples,
        Seed = seed,
        MaxThreads = run.MaxThreads,
        Checkpoint = run.Checkpoint,
    };

    /// <summary>The operations of a network's training and judgement: two for each weight of a sample forward, four more backward.</summary>
    public static double Operations(int weights, int steps) => weights * (6.0 * Batch * steps + 2.0 * EvaluationSamples);

    /// <summary>The weights of four hidden layers between 64 numbers and 64.</summary>
    public static int Weights(int width) => 2 * 64 * width + 3 * width * width;

    /// <summary>The figures of a composition on the paper's mixture, from the same starts for all of them.</summary>
    public static JsonObject Judge(StudentFlow flow, TrainingResult result)
    {
        Judgement judgement = s_truth.Value.Judge(flow, result.SegmentErrors);
        return new JsonObject
        {
            [Published.RelativeMse] = judgement.RelativeMse,
            [Published.Nll] = judgement.NegativeLogLikelihood,
            ["worstSegment"] = judgement.WorstSegment,
            ["flipShare"] = judgement.FlipShare,
            ["medianError"] = judgement.MedianError,
        };
    }

    /// <summary>Tells a task's bar of a training's progress.</summary>
    public static IProgress<TrainingProgress> Progress(StudyRun run) => new Bar(run);

    private sealed class Bar(StudyRun run) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => run.Report(value.Done);
    }
}
