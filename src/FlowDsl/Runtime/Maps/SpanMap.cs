using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlowDsl.Mathematics.Maps;

namespace FlowDsl.Runtime.Maps;

/// <summary>A flow map that splits along the axes of the means' span: sample by sample, in double precision until the last rounding.</summary>
/// <remarks>
/// With axes Q and y = Qᵀx the image is x' = αx + Q(h(y) - αy) + βμ, where h is the map along the axes and μ the common part of the means. Samples stay as
/// they are stored: a transposition would take longer than the map. Sums have eight lanes whatever the vectors' width, so bits do not depend on it.
/// </remarks>
internal sealed class SpanMap
{
    private const int Width = 8;

    // Samples that stay in the first-level cache from pass to pass.
    private const int Block = 32;

    private readonly FlowAxes _axes;
    private readonly MapSegment[] _segments;
    private readonly int _d, _r, _whole;

    // The axes one after the other.
    private readonly double[] _q;

    // βμ of each segment.
    private readonly double[][] _shifts;

    public SpanMap(FlowAxes axes, MapSegment[] segments)
    {
        (_axes, _segments) = (axes, segments);
        (_r, _d) = (axes.Span!.Axes.Length, axes.Span.Complement.Length);
        _whole = _d / Width * Width;
        _q = [.. axes.Span.Axes.SelectMany(axis => axis)];
        _shifts = [.. segments.Select(segment => axes.Span.Complement.Select(common => (segment.Rest?.Shift ?? 0) * common).ToArray())];
    }

    /// <summary>Maps samples over some segments.</summary>
    public void Integrate<T>(Span<T> states, int firstSegment, int segmentCount)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] changes = ArrayPool<double>.Shared.Rent(Block * _r);
        for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
        {
            MapSegment own = _segments[segment];
            double scale = own.Rest?.Scale ?? 0;
            for (int first = 0; first < states.Length; first += Block * _d)
            {
                Span<T> part = states.Slice(first, Math.Min(Block * _d, states.Length - first));
                // Pass by pass, so that one sample's products do not wait for another one's table.
                for (int i = 0; i < part.Length / _d; i++)
                    for (int axis = 0; axis < _r; axis++) changes[i * _r + axis] = Dot(ref part[i * _d], ref _q[axis * _d]);
                for (int i = 0; i < part.Length / _d * _r; i++)
                {
                    // One coordinate that is not finite makes all of them NaN.
                    double y = changes[i];
                    changes[i] = double.IsFinite(y) ? own.Along(_axes, i % _r, y) - scale * y : double.NaN;
                }
                for (int i = 0; i < part.Length / _d; i++) Update(ref part[i * _d], scale, _shifts[segment], changes.AsSpan(i * _r, _r));
            }
        }
        ArrayPool<double>.Shared.Return(changes);
    }

    /// <summary>A sample's coordinate along an axis.</summary>
    public double Coordinate<T>(ReadOnlySpan<T> sample, int axis)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Dot(ref MemoryMarshal.GetReference(sample), ref _q[axis * _d]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Dot<T>(ref T x, ref double axis)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<double> even = Vector256<double>.Zero, odd = even;
        int j = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<double> both = Vector512<double>.Zero;
            for (; j < _whole; j += Width) both = Vector512.MultiplyAddEstimate(LoadWide(ref x, (nuint)j), Vector512.LoadUnsafe(ref axis, (nuint)j), both);
            (even, odd) = (both.GetLower(), both.GetUpper());
        }
        for (; j < _whole; j += Width)
        {
            (Vector256<double> first, Vector256<double> last) = Load(ref x, (nuint)j);
            even = Vector256.MultiplyAddEstimate(first, Vector256.LoadUnsafe(ref axis, (nuint)j), even);
            odd = Vector256.MultiplyAddEstimate(last, Vector256.LoadUnsafe(ref axis, (nuint)j + Width / 2), odd);
        }
        double sum = Vector256.Sum(even + odd);
        for (; j < _d; j++) sum += double.CreateTruncating(Unsafe.Add(ref x, j)) * Unsafe.Add(ref axis, j);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update<T>(ref T x, double scale, double[] shifts, ReadOnlySpan<double> changes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<double> scales = Vector256.Create(scale);
        int j = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<double> wide = Vector512.Create(scale);
            for (; j < _whole; j += Width)
            {
                Vector512<double> sum = Vector512.MultiplyAddEstimate(LoadWide(ref x, (nuint)j), wide, Vector512.LoadUnsafe(ref shifts[0], (nuint)j));
                for (int i = 0; i < changes.Length; i++)
                    sum = Vector512.MultiplyAddEstimate(Vector512.Create(changes[i]), Vector512.LoadUnsafe(ref _q[0], (nuint)(i * _d + j)), sum);
                if (typeof(T) == typeof(float)) Avx512F.ConvertToVector256Single(sum).StoreUnsafe(ref Unsafe.As<T, float>(ref x), (nuint)j);
                else sum.StoreUnsafe(ref Unsafe.As<T, double>(ref x), (nuint)j);
            }
        }
        for (; j < _whole; j += Width)
        {
            (Vector256<double> first, Vector256<double> last) = Load(ref x, (nuint)j);
            first = Vector256.MultiplyAddEstimate(first, scales, Vector256.LoadUnsafe(ref shifts[0], (nuint)j));
            last = Vector256.MultiplyAddEstimate(last, scales, Vector256.LoadUnsafe(ref shifts[0], (nuint)j + Width / 2));
            for (int i = 0; i < changes.Length; i++)
            {
                Vector256<double> change = Vector256.Create(changes[i]);
                first = Vector256.MultiplyAddEstimate(change, Vector256.LoadUnsafe(ref _q[0], (nuint)(i * _d + j)), first);
                last = Vector256.MultiplyAddEstimate(change, Vector256.LoadUnsafe(ref _q[0], (nuint)(i * _d + j + Width / 2)), last);
            }
            if (typeof(T) == typeof(float))
            {
                Vector256.Narrow(first, last).StoreUnsafe(ref Unsafe.As<T, float>(ref x), (nuint)j);
            }
            else
            {
                first.StoreUnsafe(ref Unsafe.As<T, double>(ref x), (nuint)j);
                last.StoreUnsafe(ref Unsafe.As<T, double>(ref x), (nuint)j + Width / 2);
            }
        }
        for (; j < _d; j++)
        {
            double sum = double.CreateTruncating(Unsafe.Add(ref x, j)) * scale + shifts[j];
            for (int i = 0; i < changes.Length; i++) sum += changes[i] * _q[i * _d + j];
            Unsafe.Add(ref x, j) = T.CreateTruncating(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> First, Vector256<double> Last) Load<T>(ref T x, nuint at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Vector256.Widen(Vector256.LoadUnsafe(ref Unsafe.As<T, float>(ref x), at))
            : (Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref x), at), Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref x), at + Width / 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> LoadWide<T>(ref T x, nuint at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref Unsafe.As<T, float>(ref x), at))
            : Vector512.LoadUnsafe(ref Unsafe.As<T, double>(ref x), at);
}
