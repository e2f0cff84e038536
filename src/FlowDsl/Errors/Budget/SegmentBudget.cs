using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>What one segment of a composition adds to its error; root mean squares over samples, in the units of x.</summary>
/// <param name="From">The time at which the segment starts.</param>
/// <param name="To">The time at which it ends.</param>
/// <param name="LocalError">|f_j(x̂_j) - Φ_j→j+1(x̂_j)|: the error of its map on the points it is given.</param>
/// <param name="Contribution">|Φ_j+1→N(f_j(x̂_j)) - Φ_j→N(x̂_j)|: what the exact flow turns that into by the end.</param>
/// <param name="FirstOrderContribution">
/// |DΦ_j+1→N(x̂_j+1)·(f_j(x̂_j) - Φ_j→j+1(x̂_j))|: the same to first order, cut for each sample at the largest distance between two means.
/// </param>
/// <param name="Share">
/// The mean product of the contribution with the total error, divided by the mean square of the total error. Shares sum to 1; a segment whose error
/// is cancelled by others has a negative share. NaN if there is no error.
/// </param>
/// <param name="CumulativeError">|Φ_j+1→N(x̂_j+1) - x_N|: the error at the end if all later segments were exact.</param>
public readonly record struct SegmentBudget(
    double From, double To, double LocalError, double Contribution, double FirstOrderContribution, double Share, double CumulativeError)
{
    /// <summary>The contribution divided by the local error: how much the exact flow amplifies this segment's error.</summary>
    public double Amplification => Contribution / LocalError;

    /// <summary>The figures as text, the same in every culture.</summary>
    public override string ToString()
        => $"t = {NumberText.Short(From)} to {NumberText.Short(To)}: local error {NumberText.Brief(LocalError)}, "
            + $"amplified ×{NumberText.Brief(Amplification)} to {NumberText.Brief(Contribution)} "
            + $"(to first order {NumberText.Brief(FirstOrderContribution)}), share {NumberText.Brief(Share)}, error so far {NumberText.Brief(CumulativeError)}";
}
