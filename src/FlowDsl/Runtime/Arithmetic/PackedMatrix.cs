using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>A constant matrix, packed for products with rows of samples.</summary>
/// <remarks>
/// A tile is six, four or two rows of the matrix times two vectors of samples: its sums stay in registers, each value of the matrix is broadcast once
/// for both vectors, and each vector of samples is loaded once for all the tile's rows. The rows of a tile are interleaved, column by column. A sum's
/// order depends only on the matrix, so no bit depends on the vector width.
/// </remarks>
internal sealed partial class PackedMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y ← start + matrix x for lanes in pairs of vectors.</summary>
    /// <param name="start">The initial value of each row's sum; a null reference to start from y.</param>
    /// <param name="x">The first row of as many as the matrix has columns.</param>
    /// <param name="stride">The distance between these rows.</param>
    /// <param name="y">The first row of <see cref="Rows"/>.</param>
    /// <param name="pitch">The distance between these rows.</param>
    /// <param name="least">One row that receives the minimum of itself and all rows of y, or a null reference.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(ref T start, ref T x, nuint stride, ref T y, nuint pitch, ref T least, nuint lanes)
    {
        if (_rest is null)
        {
            MultiplyColumns(ref start, ref x, stride, ref y, pitch, ref least, lanes);
            return;
        }
        MultiplyColumns(ref start, ref x, stride, ref y, pitch, ref Unsafe.NullRef<T>(), lanes);
        _rest.Multiply(ref Unsafe.NullRef<T>(), ref Unsafe.Add(ref x, _columns * stride), stride, ref y, pitch, ref least, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyColumns(ref T start, ref T x, nuint stride, ref T y, nuint pitch, ref T least, nuint lanes)
    {
        // Tiles that fit the second-level cache pass over lanes that fit the first-level one.
        for (int first = 0, end; first < Tiles; first = end)
        {
            end = Math.Min(first + _tilesInCache, Tiles);
            nuint strip = Math.Min(lanes, _lanesInCache);
            for (nuint i = 0; i < lanes; i += strip)
                MultiplyTiles(
                    first, end, ref start, ref Unsafe.Add(ref x, i), stride, ref Unsafe.Add(ref y, i), pitch, ref At(ref least, i), Math.Min(strip, lanes - i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyTiles(int tile, int end, ref T start, ref T x, nuint stride, ref T y, nuint pitch, ref T least, nuint lanes)
    {
        nuint row = FirstRow(tile);
        ref T values = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), row * _columns);
        for (; tile < end && tile < _sixes; tile++, row += 6, values = ref Unsafe.Add(ref values, 6 * _columns))
            Six(ref At(ref start, row), ref values, _columns, ref x, stride, ref Unsafe.Add(ref y, row * pitch), pitch, ref least, lanes);
        for (; tile < end && tile < _sixes + _fours; tile++, row += 4, values = ref Unsafe.Add(ref values, 4 * _columns))
            Four(ref At(ref start, row), ref values, _columns, ref x, stride, ref Unsafe.Add(ref y, row * pitch), pitch, ref least, lanes);
        if (tile < end) Two(ref At(ref start, row), ref values, _columns, ref x, stride, ref Unsafe.Add(ref y, row * pitch), pitch, ref least, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T At(ref T origin, nuint offset)
    {
        if (Unsafe.IsNullRef(ref origin)) return ref origin;
        return ref Unsafe.Add(ref origin, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(ref T start, ref T firstValue, nuint columns, ref T firstX, nuint stride, ref T firstY, nuint pitch, ref T firstLeast, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
        {
            ref T values = ref firstValue, x = ref Unsafe.Add(ref firstX, i), y = ref Unsafe.Add(ref firstY, i);
            bool continues = Unsafe.IsNullRef(ref start);
            VectorPair<T> y0 = continues ? VectorPair<T>.Load(ref y) : VectorPair<T>.Of(start);
            VectorPair<T> y1 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 1));
            VectorPair<T> y2 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, 2 * pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 2));
            VectorPair<T> y3 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, 3 * pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 3));
            VectorPair<T> y4 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, 4 * pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 4));
            VectorPair<T> y5 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, 5 * pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 5));
            nuint column = columns;
            do
            {
                var own = VectorPair<T>.Load(ref x);
                y0 = y0.Add(values, own);
                y1 = y1.Add(Unsafe.Add(ref values, 1), own);
                y2 = y2.Add(Unsafe.Add(ref values, 2), own);
                y3 = y3.Add(Unsafe.Add(ref values, 3), own);
                y4 = y4.Add(Unsafe.Add(ref values, 4), own);
                y5 = y5.Add(Unsafe.Add(ref values, 5), own);
                x = ref Unsafe.Add(ref x, stride);
                values = ref Unsafe.Add(ref values, 6);
            }
            while (--column != 0);
            y0.Store(ref y);
            y1.Store(ref Unsafe.Add(ref y, pitch));
            y2.Store(ref Unsafe.Add(ref y, 2 * pitch));
            y3.Store(ref Unsafe.Add(ref y, 3 * pitch));
            y4.Store(ref Unsafe.Add(ref y, 4 * pitch));
            y5.Store(ref Unsafe.Add(ref y, 5 * pitch));
            if (Unsafe.IsNullRef(ref firstLeast)) continue;
            y0 = VectorPair<T>.Min(VectorPair<T>.Min(y0, y1), VectorPair<T>.Min(VectorPair<T>.Min(y2, y3), VectorPair<T>.Min(y4, y5)));
            y0.Lower(ref Unsafe.Add(ref firstLeast, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(ref T start, ref T firstValue, nuint columns, ref T firstX, nuint stride, ref T firstY, nuint pitch, ref T firstLeast, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
        {
            ref T values = ref firstValue, x = ref Unsafe.Add(ref firstX, i), y = ref Unsafe.Add(ref firstY, i);
            bool continues = Unsafe.IsNullRef(ref start);
            VectorPair<T> y0 = continues ? VectorPair<T>.Load(ref y) : VectorPair<T>.Of(start);
            VectorPair<T> y1 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 1));
            VectorPair<T> y2 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, 2 * pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 2));
            VectorPair<T> y3 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, 3 * pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 3));
            nuint column = columns;
            do
            {
                var own = VectorPair<T>.Load(ref x);
                y0 = y0.Add(values, own);
                y1 = y1.Add(Unsafe.Add(ref values, 1), own);
                y2 = y2.Add(Unsafe.Add(ref values, 2), own);
                y3 = y3.Add(Unsafe.Add(ref values, 3), own);
                x = ref Unsafe.Add(ref x, stride);
                values = ref Unsafe.Add(ref values, 4);
            }
            while (--column != 0);
            y0.Store(ref y);
            y1.Store(ref Unsafe.Add(ref y, pitch));
            y2.Store(ref Unsafe.Add(ref y, 2 * pitch));
            y3.Store(ref Unsafe.Add(ref y, 3 * pitch));
            if (!Unsafe.IsNullRef(ref firstLeast)) VectorPair<T>.Min(VectorPair<T>.Min(y0, y1), VectorPair<T>.Min(y2, y3)).Lower(ref Unsafe.Add(ref firstLeast, i));
        }
    }

    // For a matrix of two rows, mostly means in the plane. Four sums alone would be limited by latency, so even and odd columns are summed separately.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(ref T start, ref T firstValue, nuint columns, ref T firstX, nuint stride, ref T firstY, nuint pitch, ref T firstLeast, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
        {
            ref T values = ref firstValue, x = ref Unsafe.Add(ref firstX, i), y = ref Unsafe.Add(ref firstY, i);
            bool continues = Unsafe.IsNullRef(ref start);
            VectorPair<T> y0 = continues ? VectorPair<T>.Load(ref y) : VectorPair<T>.Of(start);
            VectorPair<T> y1 = continues ? VectorPair<T>.Load(ref Unsafe.Add(ref y, pitch)) : VectorPair<T>.Of(Unsafe.Add(ref start, 1));
            VectorPair<T> odd0 = VectorPair<T>.Of(T.Zero), odd1 = odd0;
            nuint column = 0;
            for (; column + 2 <= columns; column += 2)
            {
                var own = VectorPair<T>.Load(ref x);
                y0 = y0.Add(values, own);
                y1 = y1.Add(Unsafe.Add(ref values, 1), own);
                own = VectorPair<T>.Load(ref Unsafe.Add(ref x, stride));
                odd0 = odd0.Add(Unsafe.Add(ref values, 2), own);
                odd1 = odd1.Add(Unsafe.Add(ref values, 3), own);
                x = ref Unsafe.Add(ref x, 2 * stride);
                values = ref Unsafe.Add(ref values, 4);
            }
            if (column < columns)
            {
                var own = VectorPair<T>.Load(ref x);
                y0 = y0.Add(values, own);
                y1 = y1.Add(Unsafe.Add(ref values, 1), own);
            }
            (y0, y1) = (y0 + odd0, y1 + odd1);
            y0.Store(ref y);
            y1.Store(ref Unsafe.Add(ref y, pitch));
            if (!Unsafe.IsNullRef(ref firstLeast)) VectorPair<T>.Min(y0, y1).Lower(ref Unsafe.Add(ref firstLeast, i));
        }
    }
}
