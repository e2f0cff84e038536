using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>A constant matrix, packed for products with rows of samples.</summary>
/// <remarks>
/// A tile is six, four or two rows of the matrix times two vectors of samples: its sums stay in registers, each value of the matrix is broadcast once
/// for both vectors, and each vector of samples is loaded once for all the tile's rows. The rows of a tile are interleaved, column by column. A sum's
/// order depends only on the matrix, so no bit depends on the vector width. The rows are written out: with the two vectors of a row in one struct, the JIT
/// copies sums from register to register in every column, and products take a sixth longer.
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
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0) MultiplyTiles<Vector512<T>, WideVectors<T>>(tile, end, ref start, ref x, stride, ref y, pitch, ref least, 0, wide);
        if (wide < lanes) MultiplyTiles<Vector<T>, UsualVectors<T>>(tile, end, ref start, ref x, stride, ref y, pitch, ref least, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyTiles<TVector, TOps>(
        int tile, int end, ref T start, ref T x, nuint stride, ref T y, nuint pitch, ref T least, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint row = FirstRow(tile);
        ref T values = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), row * _columns);
        for (; tile < end && tile < _sixes; tile++, row += 6, values = ref Unsafe.Add(ref values, 6 * _columns))
            Six<TVector, TOps>(
                ref At(ref start, row), ref values, _columns, ref x, stride, ref Unsafe.Add(ref y, row * pitch), pitch, ref least, from, to);
        for (; tile < end && tile < _sixes + _fours; tile++, row += 4, values = ref Unsafe.Add(ref values, 4 * _columns))
            Four<TVector, TOps>(
                ref At(ref start, row), ref values, _columns, ref x, stride, ref Unsafe.Add(ref y, row * pitch), pitch, ref least, from, to);
        if (tile < end)
            Two<TVector, TOps>(
                ref At(ref start, row), ref values, _columns, ref x, stride, ref Unsafe.Add(ref y, row * pitch), pitch, ref least, from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T At(ref T origin, nuint offset)
    {
        if (Unsafe.IsNullRef(ref origin)) return ref origin;
        return ref Unsafe.Add(ref origin, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<TVector, TOps>(
        ref T start, ref T firstValue, nuint columns, ref T firstX, nuint stride, ref T firstY, nuint pitch, ref T firstLeast, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T values = ref firstValue, x = ref Unsafe.Add(ref firstX, i), y = ref Unsafe.Add(ref firstY, i);
            TVector a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5;
            if (Unsafe.IsNullRef(ref start))
            {
                (a0, b0) = (TOps.Load(ref y, 0), TOps.Load(ref y, width));
                (a1, b1) = (TOps.Load(ref y, pitch), TOps.Load(ref y, pitch + width));
                (a2, b2) = (TOps.Load(ref y, 2 * pitch), TOps.Load(ref y, 2 * pitch + width));
                (a3, b3) = (TOps.Load(ref y, 3 * pitch), TOps.Load(ref y, 3 * pitch + width));
                (a4, b4) = (TOps.Load(ref y, 4 * pitch), TOps.Load(ref y, 4 * pitch + width));
                (a5, b5) = (TOps.Load(ref y, 5 * pitch), TOps.Load(ref y, 5 * pitch + width));
            }
            else
            {
                a0 = b0 = TOps.Create(start);
                a1 = b1 = TOps.Create(Unsafe.Add(ref start, 1));
                a2 = b2 = TOps.Create(Unsafe.Add(ref start, 2));
                a3 = b3 = TOps.Create(Unsafe.Add(ref start, 3));
                a4 = b4 = TOps.Create(Unsafe.Add(ref start, 4));
                a5 = b5 = TOps.Create(Unsafe.Add(ref start, 5));
            }
            nuint column = columns;
            do
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector value = TOps.Create(values);
                a0 = TOps.MultiplyAdd(value, xa, a0);
                b0 = TOps.MultiplyAdd(value, xb, b0);
                value = TOps.Create(Unsafe.Add(ref values, 1));
                a1 = TOps.MultiplyAdd(value, xa, a1);
                b1 = TOps.MultiplyAdd(value, xb, b1);
                value = TOps.Create(Unsafe.Add(ref values, 2));
                a2 = TOps.MultiplyAdd(value, xa, a2);
                b2 = TOps.MultiplyAdd(value, xb, b2);
                value = TOps.Create(Unsafe.Add(ref values, 3));
                a3 = TOps.MultiplyAdd(value, xa, a3);
                b3 = TOps.MultiplyAdd(value, xb, b3);
                value = TOps.Create(Unsafe.Add(ref values, 4));
                a4 = TOps.MultiplyAdd(value, xa, a4);
                b4 = TOps.MultiplyAdd(value, xb, b4);
                value = TOps.Create(Unsafe.Add(ref values, 5));
                a5 = TOps.MultiplyAdd(value, xa, a5);
                b5 = TOps.MultiplyAdd(value, xb, b5);
                x = ref Unsafe.Add(ref x, stride);
                values = ref Unsafe.Add(ref values, 6);
            }
            while (--column != 0);
            Store<TVector, TOps>(a0, b0, ref y);
            Store<TVector, TOps>(a1, b1, ref Unsafe.Add(ref y, pitch));
            Store<TVector, TOps>(a2, b2, ref Unsafe.Add(ref y, 2 * pitch));
            Store<TVector, TOps>(a3, b3, ref Unsafe.Add(ref y, 3 * pitch));
            Store<TVector, TOps>(a4, b4, ref Unsafe.Add(ref y, 4 * pitch));
            Store<TVector, TOps>(a5, b5, ref Unsafe.Add(ref y, 5 * pitch));
            if (Unsafe.IsNullRef(ref firstLeast)) continue;
            ref T least = ref Unsafe.Add(ref firstLeast, i);
            a0 = TOps.Min(TOps.Min(a0, a1), TOps.Min(TOps.Min(a2, a3), TOps.Min(a4, a5)));
            b0 = TOps.Min(TOps.Min(b0, b1), TOps.Min(TOps.Min(b2, b3), TOps.Min(b4, b5)));
            Store<TVector, TOps>(TOps.Min(TOps.Load(ref least, 0), a0), TOps.Min(TOps.Load(ref least, width), b0), ref least);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TVector, TOps>(
        ref T start, ref T firstValue, nuint columns, ref T firstX, nuint stride, ref T firstY, nuint pitch, ref T firstLeast, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T values = ref firstValue, x = ref Unsafe.Add(ref firstX, i), y = ref Unsafe.Add(ref firstY, i);
            TVector a0, a1, a2, a3, b0, b1, b2, b3;
            if (Unsafe.IsNullRef(ref start))
            {
                (a0, b0) = (TOps.Load(ref y, 0), TOps.Load(ref y, width));
                (a1, b1) = (TOps.Load(ref y, pitch), TOps.Load(ref y, pitch + width));
                (a2, b2) = (TOps.Load(ref y, 2 * pitch), TOps.Load(ref y, 2 * pitch + width));
                (a3, b3) = (TOps.Load(ref y, 3 * pitch), TOps.Load(ref y, 3 * pitch + width));
            }
            else
            {
                a0 = b0 = TOps.Create(start);
                a1 = b1 = TOps.Create(Unsafe.Add(ref start, 1));
                a2 = b2 = TOps.Create(Unsafe.Add(ref start, 2));
                a3 = b3 = TOps.Create(Unsafe.Add(ref start, 3));
            }
            nuint column = columns;
            do
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector value = TOps.Create(values);
                a0 = TOps.MultiplyAdd(value, xa, a0);
                b0 = TOps.MultiplyAdd(value, xb, b0);
                value = TOps.Create(Unsafe.Add(ref values, 1));
                a1 = TOps.MultiplyAdd(value, xa, a1);
                b1 = TOps.MultiplyAdd(value, xb, b1);
                value = TOps.Create(Unsafe.Add(ref values, 2));
                a2 = TOps.MultiplyAdd(value, xa, a2);
                b2 = TOps.MultiplyAdd(value, xb, b2);
                value = TOps.Create(Unsafe.Add(ref values, 3));
                a3 = TOps.MultiplyAdd(value, xa, a3);
                b3 = TOps.MultiplyAdd(value, xb, b3);
                x = ref Unsafe.Add(ref x, stride);
                values = ref Unsafe.Add(ref values, 4);
            }
            while (--column != 0);
            Store<TVector, TOps>(a0, b0, ref y);
            Store<TVector, TOps>(a1, b1, ref Unsafe.Add(ref y, pitch));
            Store<TVector, TOps>(a2, b2, ref Unsafe.Add(ref y, 2 * pitch));
            Store<TVector, TOps>(a3, b3, ref Unsafe.Add(ref y, 3 * pitch));
            if (Unsafe.IsNullRef(ref firstLeast)) continue;
            ref T least = ref Unsafe.Add(ref firstLeast, i);
            a0 = TOps.Min(TOps.Min(a0, a1), TOps.Min(a2, a3));
            b0 = TOps.Min(TOps.Min(b0, b1), TOps.Min(b2, b3));
            Store<TVector, TOps>(TOps.Min(TOps.Load(ref least, 0), a0), TOps.Min(TOps.Load(ref least, width), b0), ref least);
        }
    }

    // For a matrix of two rows, mostly means in the plane. Four sums alone would be limited by latency, so even and odd columns are summed separately.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TVector, TOps>(
        ref T start, ref T firstValue, nuint columns, ref T firstX, nuint stride, ref T firstY, nuint pitch, ref T firstLeast, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T values = ref firstValue, x = ref Unsafe.Add(ref firstX, i), y = ref Unsafe.Add(ref firstY, i);
            TVector a0, a1, b0, b1, c0 = default, c1 = c0, d0 = c0, d1 = c0;
            if (Unsafe.IsNullRef(ref start))
            {
                (a0, b0) = (TOps.Load(ref y, 0), TOps.Load(ref y, width));
                (a1, b1) = (TOps.Load(ref y, pitch), TOps.Load(ref y, pitch + width));
            }
            else
            {
                a0 = b0 = TOps.Create(start);
                a1 = b1 = TOps.Create(Unsafe.Add(ref start, 1));
            }
            nuint column = 0;
            for (; column + 2 <= columns; column += 2)
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector value = TOps.Create(values);
                a0 = TOps.MultiplyAdd(value, xa, a0);
                b0 = TOps.MultiplyAdd(value, xb, b0);
                value = TOps.Create(Unsafe.Add(ref values, 1));
                a1 = TOps.MultiplyAdd(value, xa, a1);
                b1 = TOps.MultiplyAdd(value, xb, b1);
                xa = TOps.Load(ref x, stride);
                xb = TOps.Load(ref x, stride + width);
                value = TOps.Create(Unsafe.Add(ref values, 2));
                c0 = TOps.MultiplyAdd(value, xa, c0);
                d0 = TOps.MultiplyAdd(value, xb, d0);
                value = TOps.Create(Unsafe.Add(ref values, 3));
                c1 = TOps.MultiplyAdd(value, xa, c1);
                d1 = TOps.MultiplyAdd(value, xb, d1);
                x = ref Unsafe.Add(ref x, 2 * stride);
                values = ref Unsafe.Add(ref values, 4);
            }
            if (column < columns)
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector value = TOps.Create(values);
                a0 = TOps.MultiplyAdd(value, xa, a0);
                b0 = TOps.MultiplyAdd(value, xb, b0);
                value = TOps.Create(Unsafe.Add(ref values, 1));
                a1 = TOps.MultiplyAdd(value, xa, a1);
                b1 = TOps.MultiplyAdd(value, xb, b1);
            }
            (a0, a1, b0, b1) = (TOps.Add(a0, c0), TOps.Add(a1, c1), TOps.Add(b0, d0), TOps.Add(b1, d1));
            Store<TVector, TOps>(a0, b0, ref y);
            Store<TVector, TOps>(a1, b1, ref Unsafe.Add(ref y, pitch));
            if (Unsafe.IsNullRef(ref firstLeast)) continue;
            ref T least = ref Unsafe.Add(ref firstLeast, i);
            a0 = TOps.Min(a0, a1);
            b0 = TOps.Min(b0, b1);
            Store<TVector, TOps>(TOps.Min(TOps.Load(ref least, 0), a0), TOps.Min(TOps.Load(ref least, width), b0), ref least);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TOps>(TVector a, TVector b, ref T target)
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        TOps.Store(a, ref target, 0);
        TOps.Store(b, ref target, TOps.Count);
    }
}
