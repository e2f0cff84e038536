namespace FlowDsl.Mathematics;

/// <summary>How exact the parts of a score network are: what its size depends on besides the mixture.</summary>
/// <param name="TimeDoublings">Of the exponential of t; 0 where there is none.</param>
/// <param name="InverseFactors">Of the reciprocals of the variances at t, one each; empty where they are constants.</param>
/// <param name="LogarithmDoublings">Of the logarithms of the variances at t, one list each; empty where they are not needed or constants.</param>
/// <param name="Clip">B, the largest difference of logits that counts.</param>
/// <param name="SoftmaxDoublings">Of the exponentials of the logits.</param>
/// <param name="SoftmaxFactors">Of the reciprocal of their sum.</param>
public sealed record ScoreNetworkPrecision(
    int TimeDoublings,
    IReadOnlyList<int> InverseFactors,
    IReadOnlyList<int[]> LogarithmDoublings,
    double Clip,
    int SoftmaxDoublings,
    int SoftmaxFactors)
{
    /// <inheritdoc/>
    public bool Equals(ScoreNetworkPrecision? other) => other is not null
        && (TimeDoublings, Clip, SoftmaxDoublings, SoftmaxFactors).Equals((other.TimeDoublings, other.Clip, other.SoftmaxDoublings, other.SoftmaxFactors))
        && InverseFactors.SequenceEqual(other.InverseFactors)
        && LogarithmDoublings.Count == other.LogarithmDoublings.Count && LogarithmDoublings.Zip(other.LogarithmDoublings, (own, its) => own.SequenceEqual(its)).All(same => same);

    /// <inheritdoc/>
    public override int GetHashCode() => (TimeDoublings, InverseFactors.Count, LogarithmDoublings.Count, Clip, SoftmaxDoublings, SoftmaxFactors).GetHashCode();
}
