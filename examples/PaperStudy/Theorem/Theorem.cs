using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>
/// The paper's theorem on deep residual compositions as figures: the error of N blocks against the exact flow, and its bound, amplification times the
/// blocks' own errors.
/// </summary>
/// <remarks>
/// In L²(p_T): with e_j = x̂_j - x_j, ‖e_(j+1)‖ ≤ Lip(S_j)‖e_j‖ + ‖S_j(x_j) - x_(j+1)‖ + ½g² h ε. S_j is Euler's step with the exact score. x_j, the exact
/// flow, has the law p_t, so the middle term belongs to the law alone. ε bounds the network's error at x̂_j: it is guaranteed at x_j, and measured at x̂_j
/// (<see cref="DeepError.NetworkShare"/>). Lip(S_j) ≤ 1 + hL(t_j) ≤ exp ∫L over the step, for the paper's L decreases in t.
/// </remarks>
internal static class Theorem
{
    // At these numbers of blocks the accuracy is varied, and errors are followed.
    private const int SweptBlocks = 64, FollowedBlocks = 16;

    private static readonly double[] s_accuracies = [1e-1, 1e-2, 1e-3, 1e-4];

    /// <summary>Measures all mixtures.</summary>
    /// <param name="samples">The number of starts.</param>
    /// <param name="threads">The most threads; -1 for one a processor.</param>
    /// <param name="token">Stops.</param>
    public static IReadOnlyList<TheoremFigure> Run(int samples, int threads, CancellationToken token)
        => [.. DeepFlow.All.Select(flow => Run(flow, samples, threads, token))];

    /// <summary>Measures one mixture.</summary>
    public static TheoremFigure Run(DeepFlow flow, int samples, int threads, CancellationToken token)
    {
        GaussianMixtureModel model = flow.Model;
        var exact = new ExactNodes(model, flow.Compositions[^1].Times, samples, threads, token);
        var measurement = new DeepMeasurement(model, exact, threads, token);
        DeepError[] blocks = [.. flow.Compositions.Select(composition => measurement.Of(composition, flow.Score, flow.Network.Options.Accuracy))];
        IReadOnlyList<double> swept = flow.Compositions.Single(composition => composition.Count == SweptBlocks).Times;
        DeepError[] accuracies = [.. s_accuracies.Select(accuracy =>
        {
            ScoreFunction score = Layered(ScoreNetwork.Build(model.Mixture, model.Process, new ScoreNetworkOptions(accuracy), token).Layers);
            return measurement.Of(DeepComposition.Of(model.Process, swept, model.Dimension, score), score, accuracy);
        })];
        BlockGrowth[] places = measurement.Places(flow.Compositions.Single(composition => composition.Count == FollowedBlocks));
        return new TheoremFigure(flow.Name, model.Dimension, model.ComponentCount, samples, blocks, accuracies, places, FlowGrowths.Of(model));
    }

    private static ScoreFunction Layered(LayeredNetwork network)
        => (t, x, score) => network.Evaluate([.. x, t]).CopyTo(score);
}
