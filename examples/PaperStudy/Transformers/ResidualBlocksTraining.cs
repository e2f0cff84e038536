using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Transformers;

/// <summary>Trains the residual blocks of the paper's Definition 10 on experiment 3. There are no published figures.</summary>
internal static class ResidualBlocksTraining
{
    /// <inheritdoc cref="NetworkTraining.Run"/>
    public static NetworkTrainingResult Run(
        NetworkTrainingOptions options, IProgress<NetworkTrainingProgress>? progress = null, CancellationToken token = default)
    {
        var shape = new ResidualShape(options.Blocks, TotalTime: StudyMixture.Beta * StudyMixture.Horizon);
        return NetworkTraining.Run(new ResidualBlocks(shape), new StudyMixture(PublishedMeans.Draw(0), TransformerTraining.Sigma0), options, progress, token);
    }
}
