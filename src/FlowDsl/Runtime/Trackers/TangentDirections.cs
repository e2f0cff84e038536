using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Trackers;

/// <summary>The rows of tangents: an error that is zero at the start, and unit directions.</summary>
internal static class TangentDirections
{
    /// <summary>Sets the tangents at the start.</summary>
    public static void Start<TKernel, T>(TKernel kernel, Span<T> rows)
        where TKernel : ITangentKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kernel.TangentCount == 0) return;
        rows.Slice(kernel.TangentRow(0) * kernel.Stride, kernel.Dimension * kernel.Stride).Clear();
        for (int tangent = 1; tangent < kernel.TangentCount; tangent++) Set(kernel, rows, tangent);
    }

    /// <summary>The squared length of a sample's tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Square<TKernel, T>(TKernel kernel, ReadOnlySpan<T> rows, int tangent, int lane)
        where TKernel : ITangentKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int j = 0; j < kernel.Dimension; j++)
        {
            double value = double.CreateTruncating(rows[(kernel.TangentRow(tangent) + j) * kernel.Stride + lane]);
            sum += value * value;
        }
        return sum;
    }

    // A coordinate or, if there are more coordinates than tangents, a direction with random signs (Hutchinson).
    private static void Set<TKernel, T>(TKernel kernel, Span<T> rows, int tangent)
        where TKernel : ITangentKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = kernel.Dimension;
        for (int j = 0; j < d; j++)
        {
            double value = d < kernel.TangentCount ? (j == tangent - 1 ? 1 : 0) : SplitMix.Sign(tangent, j) / Math.Sqrt(d);
            rows.Slice((kernel.TangentRow(tangent) + j) * kernel.Stride, kernel.Stride).Fill(T.CreateTruncating(value));
        }
    }
}
