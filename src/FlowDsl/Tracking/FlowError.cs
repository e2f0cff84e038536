namespace FlowDsl;

/// <summary>What a sampler knows of the error of one of its samples; distances are Euclidean, in the units of x.</summary>
/// <param name="Estimate">
/// An estimate of |x̂_0 - x_0|, the distance of the sample from where the exact flow takes its start. Not finite where the sample is not.
/// </param>
/// <param name="Bound">An upper bound of the same distance that is proved; +∞ where none is.</param>
public readonly record struct FlowError(double Estimate, double Bound);
