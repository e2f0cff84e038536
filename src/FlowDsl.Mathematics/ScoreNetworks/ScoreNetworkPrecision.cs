namespace FlowDsl.Mathematics;

/// <summary>The precision of a score network's parts, which with the mixture determines its size.</summary>
/// <param name="TimeDoublings">Doublings of the exponential of t; 0 if there is none.</param>
/// <param name="InverseFactors">Factors of the reciprocals of the variances at t, one count each; empty if they are constants.</param>
/// <param name="LogarithmDoublings">Doublings of the logarithms of the variances at t, one list each; empty if they are not needed or constants.</param>
/// <param name="Clip">B, the maximum difference of logits that counts.</param>
/// <param name="SoftmaxDoublings">Doublings of the exponentials of the logits.</param>
/// <param name="SoftmaxFactors">Factors of the reciprocal of their sum.</param>
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
        && LogarithmDoublings.Count == other.LogarithmDoublings.Count
            && LogarithmDoublings.Zip(other.LogarithmDoublings, (own, its) => own.SequenceEqual(its)).All(same => same);

    /// <inheritdoc/>
    public override int GetHashCode() => (TimeDoublings, InverseFactors.Count, LogarithmDoublings.Count, Clip, SoftmaxDoublings, SoftmaxFactors).GetHashCode();
}
