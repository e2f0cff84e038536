using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Trackers;

/// <summary>How far the samples of one array are from those of another.</summary>
internal static class SampleDistance
{
    /// <summary>The distance of two arrays, sample by sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, int dimension, int sample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int j = sample * dimension; j < (sample + 1) * dimension; j++)
        {
            double difference = double.CreateTruncating(left[j] - right[j]);
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }
}
