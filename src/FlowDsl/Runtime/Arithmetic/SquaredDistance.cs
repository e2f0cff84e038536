using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Energies of components with different covariances, as squares of differences, for pairs of vectors of samples.</summary>
/// <remarks>
/// The values of four or two components are interleaved, coordinate by coordinate: each vector of samples is loaded once for them, and each value is
/// broadcast once for both vectors.
/// </remarks>
internal static class SquaredDistance
{
    /// <summary>Energies offset + precision Σ (x - centre)² of four components.</summary>
    public static void IsotropicFour<T>(
        ref T firstCentres, nuint d, ref T firstX, nuint stride, ref T precisions, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0)
            IsotropicFour<T, Vector512<T>, WideVectors<T>>(
                ref firstCentres, d, ref firstX, stride, ref precisions, ref offsets, ref firstEnergy, pitch, ref least, 0, wide);
        if (wide < lanes)
            IsotropicFour<T, Vector<T>, UsualVectors<T>>(
                ref firstCentres, d, ref firstX, stride, ref precisions, ref offsets, ref firstEnergy, pitch, ref least, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void IsotropicFour<T, TVector, TOps>(
        ref T firstCentres, nuint d, ref T firstX, nuint stride, ref T precisions, ref T offsets, ref T firstEnergy, nuint pitch,
        ref T least, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T centres = ref firstCentres, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            TVector a0 = default, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            for (nuint j = 0; j < d; j++)
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector centre = TOps.Create(centres);
                TVector da = TOps.Subtract(xa, centre), db = TOps.Subtract(xb, centre);
                a0 = TOps.MultiplyAdd(da, da, a0);
                b0 = TOps.MultiplyAdd(db, db, b0);
                centre = TOps.Create(Unsafe.Add(ref centres, 1));
                da = TOps.Subtract(xa, centre);
                db = TOps.Subtract(xb, centre);
                a1 = TOps.MultiplyAdd(da, da, a1);
                b1 = TOps.MultiplyAdd(db, db, b1);
                centre = TOps.Create(Unsafe.Add(ref centres, 2));
                da = TOps.Subtract(xa, centre);
                db = TOps.Subtract(xb, centre);
                a2 = TOps.MultiplyAdd(da, da, a2);
                b2 = TOps.MultiplyAdd(db, db, b2);
                centre = TOps.Create(Unsafe.Add(ref centres, 3));
                da = TOps.Subtract(xa, centre);
                db = TOps.Subtract(xb, centre);
                a3 = TOps.MultiplyAdd(da, da, a3);
                b3 = TOps.MultiplyAdd(db, db, b3);
                x = ref Unsafe.Add(ref x, stride);
                centres = ref Unsafe.Add(ref centres, 4);
            }
            TVector precision = TOps.Create(precisions), offset = TOps.Create(offsets);
            (a0, b0) = (TOps.MultiplyAdd(a0, precision, offset), TOps.MultiplyAdd(b0, precision, offset));
            precision = TOps.Create(Unsafe.Add(ref precisions, 1));
            offset = TOps.Create(Unsafe.Add(ref offsets, 1));
            (a1, b1) = (TOps.MultiplyAdd(a1, precision, offset), TOps.MultiplyAdd(b1, precision, offset));
            precision = TOps.Create(Unsafe.Add(ref precisions, 2));
            offset = TOps.Create(Unsafe.Add(ref offsets, 2));
            (a2, b2) = (TOps.MultiplyAdd(a2, precision, offset), TOps.MultiplyAdd(b2, precision, offset));
            precision = TOps.Create(Unsafe.Add(ref precisions, 3));
            offset = TOps.Create(Unsafe.Add(ref offsets, 3));
            (a3, b3) = (TOps.MultiplyAdd(a3, precision, offset), TOps.MultiplyAdd(b3, precision, offset));
            Store<T, TVector, TOps>(a0, b0, ref energy);
            Store<T, TVector, TOps>(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Store<T, TVector, TOps>(a2, b2, ref Unsafe.Add(ref energy, 2 * pitch));
            Store<T, TVector, TOps>(a3, b3, ref Unsafe.Add(ref energy, 3 * pitch));
            Lower<T, TVector, TOps>(TOps.Min(TOps.Min(a0, a1), TOps.Min(a2, a3)), TOps.Min(TOps.Min(b0, b1), TOps.Min(b2, b3)),
                ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + precision Σ (x - centre)² of two components.</summary>
    public static void IsotropicTwo<T>(
        ref T firstCentres, nuint d, ref T firstX, nuint stride, ref T precisions, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0)
            IsotropicTwo<T, Vector512<T>, WideVectors<T>>(
                ref firstCentres, d, ref firstX, stride, ref precisions, ref offsets, ref firstEnergy, pitch, ref least, 0, wide);
        if (wide < lanes)
            IsotropicTwo<T, Vector<T>, UsualVectors<T>>(
                ref firstCentres, d, ref firstX, stride, ref precisions, ref offsets, ref firstEnergy, pitch, ref least, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void IsotropicTwo<T, TVector, TOps>(
        ref T firstCentres, nuint d, ref T firstX, nuint stride, ref T precisions, ref T offsets, ref T firstEnergy, nuint pitch,
        ref T least, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T centres = ref firstCentres, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            TVector a0 = default, a1 = a0, b0 = a0, b1 = a0;
            for (nuint j = 0; j < d; j++)
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector centre = TOps.Create(centres);
                TVector da = TOps.Subtract(xa, centre), db = TOps.Subtract(xb, centre);
                a0 = TOps.MultiplyAdd(da, da, a0);
                b0 = TOps.MultiplyAdd(db, db, b0);
                centre = TOps.Create(Unsafe.Add(ref centres, 1));
                da = TOps.Subtract(xa, centre);
                db = TOps.Subtract(xb, centre);
                a1 = TOps.MultiplyAdd(da, da, a1);
                b1 = TOps.MultiplyAdd(db, db, b1);
                x = ref Unsafe.Add(ref x, stride);
                centres = ref Unsafe.Add(ref centres, 2);
            }
            TVector precision = TOps.Create(precisions), offset = TOps.Create(offsets);
            (a0, b0) = (TOps.MultiplyAdd(a0, precision, offset), TOps.MultiplyAdd(b0, precision, offset));
            precision = TOps.Create(Unsafe.Add(ref precisions, 1));
            offset = TOps.Create(Unsafe.Add(ref offsets, 1));
            (a1, b1) = (TOps.MultiplyAdd(a1, precision, offset), TOps.MultiplyAdd(b1, precision, offset));
            Store<T, TVector, TOps>(a0, b0, ref energy);
            Store<T, TVector, TOps>(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Lower<T, TVector, TOps>(TOps.Min(a0, a1), TOps.Min(b0, b1), ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + Σ (root x + shift)² of four components.</summary>
    public static void DiagonalFour<T>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0)
            DiagonalFour<T, Vector512<T>, WideVectors<T>>(
                ref firstRoots, d, ref firstX, stride, ref offsets, ref firstEnergy, pitch, ref least, 0, wide);
        if (wide < lanes)
            DiagonalFour<T, Vector<T>, UsualVectors<T>>(
                ref firstRoots, d, ref firstX, stride, ref offsets, ref firstEnergy, pitch, ref least, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DiagonalFour<T, TVector, TOps>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch,
        ref T least, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T roots = ref firstRoots, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            TVector a0 = TOps.Create(offsets), b0 = a0;
            TVector a1 = TOps.Create(Unsafe.Add(ref offsets, 1)), b1 = a1;
            TVector a2 = TOps.Create(Unsafe.Add(ref offsets, 2)), b2 = a2;
            TVector a3 = TOps.Create(Unsafe.Add(ref offsets, 3)), b3 = a3;
            for (nuint j = 0; j < d; j++)
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector root = TOps.Create(roots), shift = TOps.Create(Unsafe.Add(ref roots, 1));
                TVector da = TOps.MultiplyAdd(root, xa, shift), db = TOps.MultiplyAdd(root, xb, shift);
                a0 = TOps.MultiplyAdd(da, da, a0);
                b0 = TOps.MultiplyAdd(db, db, b0);
                (root, shift) = (TOps.Create(Unsafe.Add(ref roots, 2)), TOps.Create(Unsafe.Add(ref roots, 3)));
                (da, db) = (TOps.MultiplyAdd(root, xa, shift), TOps.MultiplyAdd(root, xb, shift));
                a1 = TOps.MultiplyAdd(da, da, a1);
                b1 = TOps.MultiplyAdd(db, db, b1);
                (root, shift) = (TOps.Create(Unsafe.Add(ref roots, 4)), TOps.Create(Unsafe.Add(ref roots, 5)));
                (da, db) = (TOps.MultiplyAdd(root, xa, shift), TOps.MultiplyAdd(root, xb, shift));
                a2 = TOps.MultiplyAdd(da, da, a2);
                b2 = TOps.MultiplyAdd(db, db, b2);
                (root, shift) = (TOps.Create(Unsafe.Add(ref roots, 6)), TOps.Create(Unsafe.Add(ref roots, 7)));
                (da, db) = (TOps.MultiplyAdd(root, xa, shift), TOps.MultiplyAdd(root, xb, shift));
                a3 = TOps.MultiplyAdd(da, da, a3);
                b3 = TOps.MultiplyAdd(db, db, b3);
                x = ref Unsafe.Add(ref x, stride);
                roots = ref Unsafe.Add(ref roots, 8);
            }
            Store<T, TVector, TOps>(a0, b0, ref energy);
            Store<T, TVector, TOps>(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Store<T, TVector, TOps>(a2, b2, ref Unsafe.Add(ref energy, 2 * pitch));
            Store<T, TVector, TOps>(a3, b3, ref Unsafe.Add(ref energy, 3 * pitch));
            Lower<T, TVector, TOps>(TOps.Min(TOps.Min(a0, a1), TOps.Min(a2, a3)), TOps.Min(TOps.Min(b0, b1), TOps.Min(b2, b3)),
                ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + Σ (root x + shift)² of two components.</summary>
    public static void DiagonalTwo<T>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0)
            DiagonalTwo<T, Vector512<T>, WideVectors<T>>(
                ref firstRoots, d, ref firstX, stride, ref offsets, ref firstEnergy, pitch, ref least, 0, wide);
        if (wide < lanes)
            DiagonalTwo<T, Vector<T>, UsualVectors<T>>(
                ref firstRoots, d, ref firstX, stride, ref offsets, ref firstEnergy, pitch, ref least, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DiagonalTwo<T, TVector, TOps>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch,
        ref T least, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T roots = ref firstRoots, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            TVector a0 = TOps.Create(offsets), b0 = a0;
            TVector a1 = TOps.Create(Unsafe.Add(ref offsets, 1)), b1 = a1;
            for (nuint j = 0; j < d; j++)
            {
                TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
                TVector root = TOps.Create(roots), shift = TOps.Create(Unsafe.Add(ref roots, 1));
                TVector da = TOps.MultiplyAdd(root, xa, shift), db = TOps.MultiplyAdd(root, xb, shift);
                a0 = TOps.MultiplyAdd(da, da, a0);
                b0 = TOps.MultiplyAdd(db, db, b0);
                (root, shift) = (TOps.Create(Unsafe.Add(ref roots, 2)), TOps.Create(Unsafe.Add(ref roots, 3)));
                (da, db) = (TOps.MultiplyAdd(root, xa, shift), TOps.MultiplyAdd(root, xb, shift));
                a1 = TOps.MultiplyAdd(da, da, a1);
                b1 = TOps.MultiplyAdd(db, db, b1);
                x = ref Unsafe.Add(ref x, stride);
                roots = ref Unsafe.Add(ref roots, 4);
            }
            Store<T, TVector, TOps>(a0, b0, ref energy);
            Store<T, TVector, TOps>(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Lower<T, TVector, TOps>(TOps.Min(a0, a1), TOps.Min(b0, b1), ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>The energy offset + |root x + shift|² of a component with an upper triangular root.</summary>
    /// <returns>The position after the component's values.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ref T Full<T>(ref T values, nuint d, scoped ref T x, nuint stride, T offset, scoped ref T energy, scoped ref T least)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count, first = 0;
        Vector<T> a = Vector.Create(offset), b = a;
        for (; first + 2 < d; first += 4)
        {
            scoped ref T xj = ref Unsafe.Add(ref x, first * stride);
            Vector<T> a0 = Vector.Create(values), b0 = a0, a1 = Vector.Create(Unsafe.Add(ref values, 1)), b1 = a1;
            Vector<T> a2 = Vector.Create(Unsafe.Add(ref values, 2)), b2 = a2, a3 = Vector.Create(Unsafe.Add(ref values, 3)), b3 = a3;
            for (nuint j = first; j < d; j++)
            {
                values = ref Unsafe.Add(ref values, 4);
                Vector<T> xa = Vector.LoadUnsafe(ref xj), xb = Vector.LoadUnsafe(ref xj, width);
                Vector<T> root = Vector.Create(values);
                a0 = SimdMath.MultiplyAdd(root, xa, a0);
                b0 = SimdMath.MultiplyAdd(root, xb, b0);
                root = Vector.Create(Unsafe.Add(ref values, 1));
                a1 = SimdMath.MultiplyAdd(root, xa, a1);
                b1 = SimdMath.MultiplyAdd(root, xb, b1);
                root = Vector.Create(Unsafe.Add(ref values, 2));
                a2 = SimdMath.MultiplyAdd(root, xa, a2);
                b2 = SimdMath.MultiplyAdd(root, xb, b2);
                root = Vector.Create(Unsafe.Add(ref values, 3));
                a3 = SimdMath.MultiplyAdd(root, xa, a3);
                b3 = SimdMath.MultiplyAdd(root, xb, b3);
                xj = ref Unsafe.Add(ref xj, stride);
            }
            values = ref Unsafe.Add(ref values, 4);
            a = SimdMath.MultiplyAdd(a3, a3, SimdMath.MultiplyAdd(a2, a2, SimdMath.MultiplyAdd(a1, a1, SimdMath.MultiplyAdd(a0, a0, a))));
            b = SimdMath.MultiplyAdd(b3, b3, SimdMath.MultiplyAdd(b2, b2, SimdMath.MultiplyAdd(b1, b1, SimdMath.MultiplyAdd(b0, b0, b))));
        }
        if (first < d)
        {
            scoped ref T xj = ref Unsafe.Add(ref x, first * stride);
            Vector<T> a0 = Vector.Create(values), b0 = a0, a1 = Vector.Create(Unsafe.Add(ref values, 1)), b1 = a1;
            for (nuint j = first; j < d; j++)
            {
                values = ref Unsafe.Add(ref values, 2);
                Vector<T> xa = Vector.LoadUnsafe(ref xj), xb = Vector.LoadUnsafe(ref xj, width);
                Vector<T> root = Vector.Create(values);
                a0 = SimdMath.MultiplyAdd(root, xa, a0);
                b0 = SimdMath.MultiplyAdd(root, xb, b0);
                root = Vector.Create(Unsafe.Add(ref values, 1));
                a1 = SimdMath.MultiplyAdd(root, xa, a1);
                b1 = SimdMath.MultiplyAdd(root, xb, b1);
                xj = ref Unsafe.Add(ref xj, stride);
            }
            values = ref Unsafe.Add(ref values, 2);
            a = SimdMath.MultiplyAdd(a1, a1, SimdMath.MultiplyAdd(a0, a0, a));
            b = SimdMath.MultiplyAdd(b1, b1, SimdMath.MultiplyAdd(b0, b0, b));
        }
        Store<T, Vector<T>, UsualVectors<T>>(a, b, ref energy);
        Lower<T, Vector<T>, UsualVectors<T>>(a, b, ref least);
        return ref values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T, TVector, TOps>(TVector a, TVector b, ref T target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        TOps.Store(a, ref target, 0);
        TOps.Store(b, ref target, TOps.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lower<T, TVector, TOps>(TVector a, TVector b, ref T least)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
        => Store<T, TVector, TOps>(TOps.Min(TOps.Load(ref least, 0), a), TOps.Min(TOps.Load(ref least, TOps.Count), b), ref least);
}
