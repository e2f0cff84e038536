using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>What one segment of a sampler on a network adds to the error: the network's part and the solver's; root mean squares over samples.</summary>
/// <param name="Network">
/// Of Φⁿ_j(x̂_j) - Φ_j(x̂_j), by which the network's own flow leaves the mixture's over the segment. Its cumulative error is that at the end if everything
/// later were exact, this segment's solver too.
/// </param>
/// <param name="Solver">Of f_j(x̂_j) - Φⁿ_j(x̂_j), by which the sampler's map leaves the network's own flow.</param>
/// <param name="Doubt">The distance of Φⁿ_j(x̂_j) from a run of half as many steps: parts that are not much longer are not known.</param>
public readonly record struct FieldSegmentBudget(SegmentBudget Network, SegmentBudget Solver, double Doubt)
{
    /// <summary>The time at which the segment starts.</summary>
    public double From => Network.From;

    /// <summary>The time at which it ends.</summary>
    public double To => Network.To;

    /// <summary>The figures as text, the same in every culture.</summary>
    public override string ToString()
        => $"t = {NumberText.Short(From)} to {NumberText.Short(To)}: {Part("network", Network)}; {Part("solver", Solver)}; "
            + $"doubt {NumberText.Brief(Doubt)}, error so far {NumberText.Brief(Solver.CumulativeError)}";

    private static string Part(string name, in SegmentBudget own)
        => $"{name} {NumberText.Brief(own.LocalError)}, amplified ×{NumberText.Brief(own.Amplification)} to {NumberText.Brief(own.Contribution)}, "
            + $"share {NumberText.Brief(own.Share)}";
}
