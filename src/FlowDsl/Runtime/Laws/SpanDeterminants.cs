using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Laws;

/// <summary>
/// The determinants along the axes of a <see cref="MeansSpan"/>. In the other directions the map is the same factor everywhere, whose logarithm is a
/// constant.
/// </summary>
internal sealed class SpanDeterminants<T> : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MapDeterminants<T> _along;
    private readonly T[][] _axes;
    private readonly double _outside;

    /// <summary>Puts the two parts together.</summary>
    /// <param name="mixture">The mixture in the given coordinates.</param>
    /// <param name="program">The solver.</param>
    /// <param name="span">The axes.</param>
    /// <param name="along">The determinants along the axes.</param>
    public SpanDeterminants(Mixture mixture, FlowProgram program, MeansSpan span, MapDeterminants<T> along)
    {
        _along = along;
        _axes = [.. span.Axes.Select(axis => Array.ConvertAll(axis, T.CreateTruncating))];
        if (span.IsWhole) return;
        var flow = GaussianFlow.Over(program, mixture.Covariances[0].MinVariance, 0, program.Steps.Length);
        _outside = (mixture.Dimension - _axes.Length) * Math.Log(Math.Abs(flow.Start));
    }

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        int d = _axes[0].Length, r = _axes.Length;
        T[] pooled = ArrayPool<T>.Shared.Rent(logDensities.Length * r);
        Span<T> coordinates = pooled.AsSpan(0, logDensities.Length * r);
        for (int i = 0; i < logDensities.Length; i++)
        {
            ReadOnlySpan<T> start = starts.Slice(i * d, d);
            for (int axis = 0; axis < r; axis++) coordinates[i * r + axis] = Product(start, _axes[axis]);
            logDensities[i] -= _outside;
        }
        _along.Subtract(coordinates, logDensities, reversed);
        ArrayPool<T>.Shared.Return(pooled);
    }

    private static T Product(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        int j = 0;
        T sum = T.Zero;
        if (left.Length >= Vector<T>.Count)
        {
            Vector<T> sums = Vector<T>.Zero;
            ref T first = ref MemoryMarshal.GetReference(left), second = ref MemoryMarshal.GetReference(right);
            for (; j + Vector<T>.Count <= left.Length; j += Vector<T>.Count)
                sums = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref first, (nuint)j), Vector.LoadUnsafe(ref second, (nuint)j), sums);
            sum = Vector.Sum(sums);
        }
        for (; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }
}
