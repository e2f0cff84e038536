using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowDsl.Mathematics.Maps;

namespace FlowDsl.Runtime.Maps;

/// <summary>A flow map that splits along the axes of the means' span: sample by sample, in double precision until the last rounding.</summary>
/// <remarks>
/// With axes Q and y = Qᵀx the image is x' = αx + Q(h(y) - αy) + βμ, where h is the map along the axes and μ the common part of the means. Samples stay as they are
/// stored: a transposition would take longer than the map. Sums have eight lanes whatever the vectors' width, so bits do not depend on it.
/// </remarks>
internal sealed class SpanMap
{
    private const int Width = 8;

    private readonly FlowAxes _axes;
    private readonly MapSegment[] _segments;
    private readonly int _d, _r, _whole;

    // The axes one after the other, and the common part of the means.
    private readonly double[] _q, _common;

    public SpanMap(FlowAxes axes, MapSegment[] segments)
    {
        (_axes, _segments) = (axes, segments);
        (_r, _d) = (axes.Span!.Axes.Length, axes.Span.Complement.Length);
        _whole = _d / Width * Width;
        _q = [.. axes.Span.Axes.SelectMany(axis => axis)];
        _common = axes.Span.Complement;
    }

    /// <summary>Maps samples over some segments.</summary>
    public void Integrate<T>(Span<T> states, int firstSegment, int segmentCount)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> changes = stackalloc double[_r];
        double[] shifts = new double[_d];
        for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
        {
            MapSegment own = _segments[segment];
            (double scale, double shift) = own.Rest is { } rest ? (rest.Scale, rest.Shift) : (0, 0);
            for (int j = 0; j < _d; j++) shifts[j] = shift * _common[j];
            for (int at = 0; at < states.Length; at += _d)
            {
                ref T x = ref states[at];
                for (int i = 0; i < _r; i++)
                {
                    double y = Dot(ref x, ref _q[i * _d]);
                    // One coordinate that is not finite makes all of them NaN.
                    changes[i] = double.IsFinite(y) ? own.Along(_axes, i, y, out _) - scale * y : double.NaN;
                }
                Update(ref x, scale, shifts, changes);
            }
        }
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
}
