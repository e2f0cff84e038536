using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Transformers;

/// <summary>Trains the transformer of experiment 3: its means of seed 0, modes of deviation 0.001, from T to 0.</summary>
internal static class TransformerTraining
{
    /// <summary>σ0 of experiment 3.</summary>
    public const double Sigma0 = 0.001;

    /// <inheritdoc cref="NetworkTraining.Run"/>
    public static NetworkTrainingResult Run(
        NetworkTrainingOptions options, IProgress<NetworkTrainingProgress>? progress = null, CancellationToken token = default)
        => NetworkTraining.Run(
            new TimeFreeTransformer(new TransformerShape(options.Blocks)), new StudyMixture(PublishedMeans.Draw(0), Sigma0), options, progress, token);
}
