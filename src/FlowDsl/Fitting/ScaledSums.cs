using System.Numerics;

namespace FlowDsl.Fitting;

/// <summary>Sums of scaled rows.</summary>
internal static class ScaledSums
{
    /// <summary>Computes sum += factor·values, with the same bits for every vector width.</summary>
    /// <param name="sum">The sum, updated in place.</param>
    /// <param name="values">The values, as many as in the sum.</param>
    /// <param name="factor">Their factor.</param>
    public static void AddScaled(Span<double> sum, ReadOnlySpan<double> values, double factor)
    {
        int j = 0;
        var factors = new Vector<double>(factor);
        for (; j <= sum.Length - Vector<double>.Count; j += Vector<double>.Count)
            (new Vector<double>(sum[j..]) + factors * new Vector<double>(values[j..])).CopyTo(sum[j..]);
        for (; j < sum.Length; j++) sum[j] += factor * values[j];
    }
}
