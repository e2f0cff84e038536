using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Maps;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Maps;

/// <summary>A flow map that splits along the given coordinates.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class AxisKernel<T> : BlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of state values that fit the first-level cache beside a table.
    private const int StateInCache = 4096;

    private readonly FlowAxes _axes;
    private readonly MapSegment[] _segments;
    private readonly VectorTable[][] _tables;

    public AxisKernel(FlowAxes axes, MapSegment[] segments)
    {
        (_axes, _segments) = (axes, segments);
        (Dimension, SegmentCount, RowCount) = (axes.LineOf.Length, segments.Length, axes.LineOf.Length);
        _tables = [.. segments.Select(segment => typeof(T) == typeof(float) ? Array.ConvertAll(segment.Tables, table => new VectorTable(table)) : [])];
        Stride = Math.Clamp(StateInCache / Dimension / 32 * 32, 32, 512);
    }

    /// <inheritdoc/>
    public override void Advance(ref T rows, nuint count, int segment, int history)
    {
        for (int j = 0; j < Dimension; j++)
        {
            ref T row = ref Unsafe.Add(ref rows, j * Stride);
            int line = _axes.LineOf[j];
            if (line < 0) Scale(_segments[segment].Straight[j]!, ref row, count);
            else if (typeof(T) == typeof(float)) _tables[segment][line].Map(ref Unsafe.As<T, float>(ref row), count);
            else Map(_segments[segment].Tables[line], ref Unsafe.As<T, double>(ref row), count);
        }
    }

    private static void Map(LineTable table, ref double x, nuint count)
    {
        for (nuint i = 0; i < count; i++) Unsafe.Add(ref x, i) = table.At(Unsafe.Add(ref x, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(AxisLine line, ref T x, nuint count)
    {
        Vector<T> scale = Vector.Create(T.CreateTruncating(line.Scale)), shift = Vector.Create(T.CreateTruncating(line.Shift));
        for (nuint i = 0; i < count; i += (nuint)Vector<T>.Count) SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref x, i), scale, shift).StoreUnsafe(ref x, i);
    }
}
