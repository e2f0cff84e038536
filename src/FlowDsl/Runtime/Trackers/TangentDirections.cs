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

    /// <summary>A direction: a coordinate or, if there are more coordinates than tangents, one with random signs (Hutchinson).</summary>
    /// <param name="dimension">d.</param>
    /// <param name="tangentCount">The number of tangents.</param>
    /// <param name="tangent">Which tangent, from 1 on.</param>
    public static double[] Of(int dimension, int tangentCount, int tangent)
        => [.. Enumerable.Range(0, dimension).Select(
            j => dimension < tangentCount ? (j == tangent - 1 ? 1 : 0) : SplitMix.Sign(tangent, j) / Math.Sqrt(dimension))];

    private static void Set<TKernel, T>(TKernel kernel, Span<T> rows, int tangent)
        where TKernel : ITangentKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] direction = Of(kernel.Dimension, kernel.TangentCount, tangent);
        for (int j = 0; j < direction.Length; j++)
            rows.Slice((kernel.TangentRow(tangent) + j) * kernel.Stride, kernel.Stride).Fill(T.CreateTruncating(direction[j]));
    }
}
