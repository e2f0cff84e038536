using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>The score at a time, or an approximation of it.</summary>
internal delegate void ScoreFunction(double t, ReadOnlySpan<double> x, Span<double> score);

/// <summary>Applies one residual block to some samples, in place.</summary>
internal delegate void ResidualBlock(Span<double> states, int block);

/// <summary>A mixture, a network for its score, and compositions of residual blocks with that network.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Model">The mixture and its process.</param>
/// <param name="Network">The network.</param>
/// <param name="Score">What it computes.</param>
/// <param name="Compositions">Compositions of growing numbers of blocks, each half as many as the next.</param>
internal sealed record DeepFlow(
    string Name, GaussianMixtureModel Model, ScoreNetworkDescriptor Network, ScoreFunction Score, IReadOnlyList<DeepComposition> Compositions)
{
    /// <summary>The three mixtures of the figure.</summary>
    public static IReadOnlyList<DeepFlow> All { get; } =
    [
        Of<DeepRing, DeepRing.Net>(
            "ring of 8", DeepComposition.Of<DeepRing.Blocks4>(), DeepComposition.Of<DeepRing.Blocks8>(), DeepComposition.Of<DeepRing.Blocks16>(),
            DeepComposition.Of<DeepRing.Blocks32>(), DeepComposition.Of<DeepRing.Blocks64>(), DeepComposition.Of<DeepRing.Blocks128>()),
        Of<DeepGrid, DeepGrid.Net>(
            "5×5 grid", DeepComposition.Of<DeepGrid.Blocks4>(), DeepComposition.Of<DeepGrid.Blocks8>(), DeepComposition.Of<DeepGrid.Blocks16>(),
            DeepComposition.Of<DeepGrid.Blocks32>(), DeepComposition.Of<DeepGrid.Blocks64>(), DeepComposition.Of<DeepGrid.Blocks128>()),
        Of<DeepPaper, DeepPaper.Net>(
            "the paper's", DeepComposition.Of<DeepPaper.Blocks4>(), DeepComposition.Of<DeepPaper.Blocks8>(), DeepComposition.Of<DeepPaper.Blocks16>(),
            DeepComposition.Of<DeepPaper.Blocks32>(), DeepComposition.Of<DeepPaper.Blocks64>(), DeepComposition.Of<DeepPaper.Blocks128>()),
    ];

    private static DeepFlow Of<TMixture, TNetwork>(string name, params DeepComposition[] compositions)
        where TMixture : IGaussianMixture<TMixture>
        where TNetwork : IScoreNetwork<TNetwork>
        => new(name, GaussianMixtureModel.From<TMixture>(), TNetwork.Descriptor, TNetwork.Score, compositions);
}

/// <summary>Residual blocks, one after another.</summary>
/// <param name="Times">The times at which blocks start, and the last one's end.</param>
/// <param name="Block">Applies one.</param>
internal sealed record DeepComposition(IReadOnlyList<double> Times, ResidualBlock Block)
{
    /// <summary>N.</summary>
    public int Count => Times.Count - 1;

    /// <summary>The steps of a sampler.</summary>
    public static DeepComposition Of<TSampler>()
        where TSampler : IFlowSampler<TSampler, double>
        => new(TSampler.Descriptor.Times, (states, block) => TSampler.Integrate(states, block, 1));

    /// <summary>The paper's Definition 10 with any score: x ← x + h (½g² S(x) - f x), with h the length of the step.</summary>
    public static DeepComposition Of(Process process, IReadOnlyList<double> times, int dimension, ScoreFunction score)
        => new(times, (states, block) =>
        {
            ResidualCoefficients step = ResidualCoefficients.Of(process, times[block], times[block + 1]);
            double[] slope = new double[dimension];
            for (int first = 0; first < states.Length; first += dimension)
            {
                Span<double> x = states.Slice(first, dimension);
                score(times[block], x, slope);
                for (int j = 0; j < dimension; j++) x[j] += step.State * x[j] + step.Score * slope[j];
            }
        });
}

/// <summary>What a residual block adds: a multiple of the state and one of the score.</summary>
/// <param name="State">-f h.</param>
/// <param name="Score">½g² h.</param>
internal readonly record struct ResidualCoefficients(double State, double Score)
{
    /// <summary>Those of Euler's step between two times.</summary>
    public static ResidualCoefficients Of(Process process, double from, double to)
    {
        ProcessPoint point = process.At(from);
        double h = from - to;
        return new ResidualCoefficients(-h * point.DA / point.A, -h * point.VelocityContrast / point.A);
    }
}
