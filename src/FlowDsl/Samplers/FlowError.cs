using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>What a sampler knows of the error of one of its samples; distances are Euclidean, in the units of x.</summary>
/// <param name="Estimate">
/// An estimate of |x̂_0 - x_0|, the distance of the sample from where the exact flow takes its start. Not finite where the sample is not.
/// </param>
/// <param name="Bound">An upper bound of the same distance that is proved; +∞ where none is, as without <see cref="Tracking.Certified"/>.</param>
/// <param name="Amplification">
/// How much longer the sampler's map makes a small error of this sample's x_T: the root mean square over the error's directions, ‖J‖_F/√d for
/// the Jacobian J of the map there. Beyond two coordinates it is estimated from two directions. Only <see cref="Tracking.Tangent"/> says it;
/// else it is not a number.
/// </param>
/// <param name="BranchMargin">
/// How near the trajectory came to a separatrix, the border between starts of one mode and of another: the least over the sampler's
/// nodes of the logarithm of the odds of the two likeliest components, over (aD)²/(2λ), D the least distance of two means and λ the
/// variance at the node. 0 on a border, 1 at a mode whose neighbour is nearest. Only nodes at which aD is 4√λ or more count;
/// +∞ where there are none. Samples of a small margin may have ended in the wrong mode.
/// </param>
public readonly record struct FlowError(double Estimate, double Bound, double Amplification, double BranchMargin)
{
    /// <summary>The figures in words, the same in every culture.</summary>
    public override string ToString()
        => $"estimate {NumberText.Brief(Estimate)}, bound {NumberText.Brief(Bound)}, "
            + $"amplification {NumberText.Brief(Amplification)}, branch margin {NumberText.Brief(BranchMargin)}";
}
