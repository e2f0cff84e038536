using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Energies of components with different covariances, as squares of differences, for pairs of vectors of samples.</summary>
/// <remarks>
/// The values of four or two components are interleaved, coordinate by coordinate: each vector of samples is loaded once for them, and each value is
/// broadcast once for both vectors.
/// </remarks>
internal static class SquaredDistance
{
    /// <summary>Energies offset + precision Σ (x - centre)² of four components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void IsotropicFour<T>(
        ref T firstCentres, nuint d, ref T firstX, nuint stride, ref T precisions, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
        {
            ref T centres = ref firstCentres, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            VectorPair<T> e0 = VectorPair<T>.Of(T.Zero), e1 = e0, e2 = e0, e3 = e0;
            for (nuint j = 0; j < d; j++)
            {
                var own = VectorPair<T>.Load(ref x);
                e0 = e0.AddSquare(own, centres);
                e1 = e1.AddSquare(own, Unsafe.Add(ref centres, 1));
                e2 = e2.AddSquare(own, Unsafe.Add(ref centres, 2));
                e3 = e3.AddSquare(own, Unsafe.Add(ref centres, 3));
                x = ref Unsafe.Add(ref x, stride);
                centres = ref Unsafe.Add(ref centres, 4);
            }
            e0 = e0.Scale(precisions, offsets);
            e1 = e1.Scale(Unsafe.Add(ref precisions, 1), Unsafe.Add(ref offsets, 1));
            e2 = e2.Scale(Unsafe.Add(ref precisions, 2), Unsafe.Add(ref offsets, 2));
            e3 = e3.Scale(Unsafe.Add(ref precisions, 3), Unsafe.Add(ref offsets, 3));
            e0.Store(ref energy);
            e1.Store(ref Unsafe.Add(ref energy, pitch));
            e2.Store(ref Unsafe.Add(ref energy, 2 * pitch));
            e3.Store(ref Unsafe.Add(ref energy, 3 * pitch));
            VectorPair<T>.Min(VectorPair<T>.Min(e0, e1), VectorPair<T>.Min(e2, e3)).Lower(ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + precision Σ (x - centre)² of two components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void IsotropicTwo<T>(
        ref T firstCentres, nuint d, ref T firstX, nuint stride, ref T precisions, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
        {
            ref T centres = ref firstCentres, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            VectorPair<T> e0 = VectorPair<T>.Of(T.Zero), e1 = e0;
            for (nuint j = 0; j < d; j++)
            {
                var own = VectorPair<T>.Load(ref x);
                e0 = e0.AddSquare(own, centres);
                e1 = e1.AddSquare(own, Unsafe.Add(ref centres, 1));
                x = ref Unsafe.Add(ref x, stride);
                centres = ref Unsafe.Add(ref centres, 2);
            }
            e0 = e0.Scale(precisions, offsets);
            e1 = e1.Scale(Unsafe.Add(ref precisions, 1), Unsafe.Add(ref offsets, 1));
            e0.Store(ref energy);
            e1.Store(ref Unsafe.Add(ref energy, pitch));
            VectorPair<T>.Min(e0, e1).Lower(ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + Σ (root x + shift)² of four components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DiagonalFour<T>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
        {
            ref T roots = ref firstRoots, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            var e0 = VectorPair<T>.Of(offsets);
            var e1 = VectorPair<T>.Of(Unsafe.Add(ref offsets, 1));
            var e2 = VectorPair<T>.Of(Unsafe.Add(ref offsets, 2));
            var e3 = VectorPair<T>.Of(Unsafe.Add(ref offsets, 3));
            for (nuint j = 0; j < d; j++)
            {
                var own = VectorPair<T>.Load(ref x);
                e0 = e0.AddSquare(own, root: roots, shift: Unsafe.Add(ref roots, 1));
                e1 = e1.AddSquare(own, root: Unsafe.Add(ref roots, 2), shift: Unsafe.Add(ref roots, 3));
                e2 = e2.AddSquare(own, root: Unsafe.Add(ref roots, 4), shift: Unsafe.Add(ref roots, 5));
                e3 = e3.AddSquare(own, root: Unsafe.Add(ref roots, 6), shift: Unsafe.Add(ref roots, 7));
                x = ref Unsafe.Add(ref x, stride);
                roots = ref Unsafe.Add(ref roots, 8);
            }
            e0.Store(ref energy);
            e1.Store(ref Unsafe.Add(ref energy, pitch));
            e2.Store(ref Unsafe.Add(ref energy, 2 * pitch));
            e3.Store(ref Unsafe.Add(ref energy, 3 * pitch));
            VectorPair<T>.Min(VectorPair<T>.Min(e0, e1), VectorPair<T>.Min(e2, e3)).Lower(ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + Σ (root x + shift)² of two components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DiagonalTwo<T>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
        {
            ref T roots = ref firstRoots, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            var e0 = VectorPair<T>.Of(offsets);
            var e1 = VectorPair<T>.Of(Unsafe.Add(ref offsets, 1));
            for (nuint j = 0; j < d; j++)
            {
                var own = VectorPair<T>.Load(ref x);
                e0 = e0.AddSquare(own, root: roots, shift: Unsafe.Add(ref roots, 1));
                e1 = e1.AddSquare(own, root: Unsafe.Add(ref roots, 2), shift: Unsafe.Add(ref roots, 3));
                x = ref Unsafe.Add(ref x, stride);
                roots = ref Unsafe.Add(ref roots, 4);
            }
            e0.Store(ref energy);
            e1.Store(ref Unsafe.Add(ref energy, pitch));
            VectorPair<T>.Min(e0, e1).Lower(ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>The energy offset + |root x + shift|² of a component with an upper triangular root.</summary>
    /// <returns>The position after the component's values.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ref T Full<T>(ref T values, nuint d, scoped ref T x, nuint stride, T offset, scoped ref T energy, scoped ref T least)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint first = 0;
        var sum = VectorPair<T>.Of(offset);
        for (; first + 2 < d; first += 4)
        {
            scoped ref T xj = ref Unsafe.Add(ref x, first * stride);
            VectorPair<T> y0 = VectorPair<T>.Of(values), y1 = VectorPair<T>.Of(Unsafe.Add(ref values, 1));
            VectorPair<T> y2 = VectorPair<T>.Of(Unsafe.Add(ref values, 2)), y3 = VectorPair<T>.Of(Unsafe.Add(ref values, 3));
            for (nuint j = first; j < d; j++)
            {
                values = ref Unsafe.Add(ref values, 4);
                var own = VectorPair<T>.Load(ref xj);
                y0 = y0.Add(values, own);
                y1 = y1.Add(Unsafe.Add(ref values, 1), own);
                y2 = y2.Add(Unsafe.Add(ref values, 2), own);
                y3 = y3.Add(Unsafe.Add(ref values, 3), own);
                xj = ref Unsafe.Add(ref xj, stride);
            }
            values = ref Unsafe.Add(ref values, 4);
            sum = sum.AddSquare(y0).AddSquare(y1).AddSquare(y2).AddSquare(y3);
        }
        if (first < d)
        {
            scoped ref T xj = ref Unsafe.Add(ref x, first * stride);
            VectorPair<T> y0 = VectorPair<T>.Of(values), y1 = VectorPair<T>.Of(Unsafe.Add(ref values, 1));
            for (nuint j = first; j < d; j++)
            {
                values = ref Unsafe.Add(ref values, 2);
                var own = VectorPair<T>.Load(ref xj);
                y0 = y0.Add(values, own);
                y1 = y1.Add(Unsafe.Add(ref values, 1), own);
                xj = ref Unsafe.Add(ref xj, stride);
            }
            values = ref Unsafe.Add(ref values, 2);
            sum = sum.AddSquare(y0).AddSquare(y1);
        }
        sum.Store(ref energy);
        sum.Lower(ref least);
        return ref values;
    }
}
