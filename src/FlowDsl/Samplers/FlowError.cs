using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>The error of one sample, as its sampler estimates it. Distances are Euclidean, in the units of x.</summary>
/// <param name="Estimate">
/// An estimate of |x̂_0 - x_0|, the distance between the sample and the point to which the exact flow takes its start. Not finite if the sample is not.
/// </param>
/// <param name="Bound">A proven upper bound on the same distance; +∞ if there is none, as without <see cref="Tracking.Certified"/>.</param>
/// <param name="Amplification">
/// The factor by which the sampler's map amplifies a small error of this sample's x_T: the root mean square over the error's directions, ‖J‖_F/√d for
/// the Jacobian J of the map there. For d > 2 it is estimated from two directions. NaN unless tracking is <see cref="Tracking.Tangent"/>.
/// </param>
/// <param name="BranchMargin">
/// How near the trajectory came to a separatrix, the border between the starts of two modes. It is the minimum over the sampler's nodes of the
/// log-odds of the two likeliest components, divided by (aD)²/(2λ), where D is the smallest distance between two means and λ is the variance at the
/// node. 0 on a border, 1 at a mode whose neighbour is nearest. Only nodes with aD ≥ 4√λ count; +∞ if there are none. Samples with a small margin may
/// have ended in the wrong mode.
/// </param>
public readonly record struct FlowError(double Estimate, double Bound, double Amplification, double BranchMargin)
{
    /// <summary>The figures as text, the same in every culture.</summary>
    public override string ToString()
        => $"estimate {NumberText.Brief(Estimate)}, bound {NumberText.Brief(Bound)}, "
            + $"amplification {NumberText.Brief(Amplification)}, branch margin {NumberText.Brief(BranchMargin)}";
}
