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
        nuint width = (nuint)Vector<T>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref T centres = ref firstCentres, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            Vector<T> a0 = Vector<T>.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            for (nuint j = 0; j < d; j++)
            {
                Vector<T> xa = Vector.LoadUnsafe(ref x), xb = Vector.LoadUnsafe(ref x, width);
                Vector<T> centre = Vector.Create(centres);
                Vector<T> da = xa - centre, db = xb - centre;
                a0 = SimdMath.MultiplyAdd(da, da, a0);
                b0 = SimdMath.MultiplyAdd(db, db, b0);
                centre = Vector.Create(Unsafe.Add(ref centres, 1));
                da = xa - centre;
                db = xb - centre;
                a1 = SimdMath.MultiplyAdd(da, da, a1);
                b1 = SimdMath.MultiplyAdd(db, db, b1);
                centre = Vector.Create(Unsafe.Add(ref centres, 2));
                da = xa - centre;
                db = xb - centre;
                a2 = SimdMath.MultiplyAdd(da, da, a2);
                b2 = SimdMath.MultiplyAdd(db, db, b2);
                centre = Vector.Create(Unsafe.Add(ref centres, 3));
                da = xa - centre;
                db = xb - centre;
                a3 = SimdMath.MultiplyAdd(da, da, a3);
                b3 = SimdMath.MultiplyAdd(db, db, b3);
                x = ref Unsafe.Add(ref x, stride);
                centres = ref Unsafe.Add(ref centres, 4);
            }
            Vector<T> precision = Vector.Create(precisions), offset = Vector.Create(offsets);
            (a0, b0) = (SimdMath.MultiplyAdd(a0, precision, offset), SimdMath.MultiplyAdd(b0, precision, offset));
            precision = Vector.Create(Unsafe.Add(ref precisions, 1));
            offset = Vector.Create(Unsafe.Add(ref offsets, 1));
            (a1, b1) = (SimdMath.MultiplyAdd(a1, precision, offset), SimdMath.MultiplyAdd(b1, precision, offset));
            precision = Vector.Create(Unsafe.Add(ref precisions, 2));
            offset = Vector.Create(Unsafe.Add(ref offsets, 2));
            (a2, b2) = (SimdMath.MultiplyAdd(a2, precision, offset), SimdMath.MultiplyAdd(b2, precision, offset));
            precision = Vector.Create(Unsafe.Add(ref precisions, 3));
            offset = Vector.Create(Unsafe.Add(ref offsets, 3));
            (a3, b3) = (SimdMath.MultiplyAdd(a3, precision, offset), SimdMath.MultiplyAdd(b3, precision, offset));
            Store(a0, b0, ref energy);
            Store(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Store(a2, b2, ref Unsafe.Add(ref energy, 2 * pitch));
            Store(a3, b3, ref Unsafe.Add(ref energy, 3 * pitch));
            Lower(Vector.MinNative(Vector.MinNative(a0, a1), Vector.MinNative(a2, a3)), Vector.MinNative(Vector.MinNative(b0, b1), Vector.MinNative(b2, b3)),
                ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + precision Σ (x - centre)² of two components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void IsotropicTwo<T>(
        ref T firstCentres, nuint d, ref T firstX, nuint stride, ref T precisions, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref T centres = ref firstCentres, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            Vector<T> a0 = Vector<T>.Zero, a1 = a0, b0 = a0, b1 = a0;
            for (nuint j = 0; j < d; j++)
            {
                Vector<T> xa = Vector.LoadUnsafe(ref x), xb = Vector.LoadUnsafe(ref x, width);
                Vector<T> centre = Vector.Create(centres);
                Vector<T> da = xa - centre, db = xb - centre;
                a0 = SimdMath.MultiplyAdd(da, da, a0);
                b0 = SimdMath.MultiplyAdd(db, db, b0);
                centre = Vector.Create(Unsafe.Add(ref centres, 1));
                da = xa - centre;
                db = xb - centre;
                a1 = SimdMath.MultiplyAdd(da, da, a1);
                b1 = SimdMath.MultiplyAdd(db, db, b1);
                x = ref Unsafe.Add(ref x, stride);
                centres = ref Unsafe.Add(ref centres, 2);
            }
            Vector<T> precision = Vector.Create(precisions), offset = Vector.Create(offsets);
            (a0, b0) = (SimdMath.MultiplyAdd(a0, precision, offset), SimdMath.MultiplyAdd(b0, precision, offset));
            precision = Vector.Create(Unsafe.Add(ref precisions, 1));
            offset = Vector.Create(Unsafe.Add(ref offsets, 1));
            (a1, b1) = (SimdMath.MultiplyAdd(a1, precision, offset), SimdMath.MultiplyAdd(b1, precision, offset));
            Store(a0, b0, ref energy);
            Store(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Lower(Vector.MinNative(a0, a1), Vector.MinNative(b0, b1), ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + Σ (root x + shift)² of four components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DiagonalFour<T>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref T roots = ref firstRoots, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            Vector<T> a0 = Vector.Create(offsets), b0 = a0;
            Vector<T> a1 = Vector.Create(Unsafe.Add(ref offsets, 1)), b1 = a1;
            Vector<T> a2 = Vector.Create(Unsafe.Add(ref offsets, 2)), b2 = a2;
            Vector<T> a3 = Vector.Create(Unsafe.Add(ref offsets, 3)), b3 = a3;
            for (nuint j = 0; j < d; j++)
            {
                Vector<T> xa = Vector.LoadUnsafe(ref x), xb = Vector.LoadUnsafe(ref x, width);
                Vector<T> root = Vector.Create(roots), shift = Vector.Create(Unsafe.Add(ref roots, 1));
                Vector<T> da = SimdMath.MultiplyAdd(root, xa, shift), db = SimdMath.MultiplyAdd(root, xb, shift);
                a0 = SimdMath.MultiplyAdd(da, da, a0);
                b0 = SimdMath.MultiplyAdd(db, db, b0);
                (root, shift) = (Vector.Create(Unsafe.Add(ref roots, 2)), Vector.Create(Unsafe.Add(ref roots, 3)));
                (da, db) = (SimdMath.MultiplyAdd(root, xa, shift), SimdMath.MultiplyAdd(root, xb, shift));
                a1 = SimdMath.MultiplyAdd(da, da, a1);
                b1 = SimdMath.MultiplyAdd(db, db, b1);
                (root, shift) = (Vector.Create(Unsafe.Add(ref roots, 4)), Vector.Create(Unsafe.Add(ref roots, 5)));
                (da, db) = (SimdMath.MultiplyAdd(root, xa, shift), SimdMath.MultiplyAdd(root, xb, shift));
                a2 = SimdMath.MultiplyAdd(da, da, a2);
                b2 = SimdMath.MultiplyAdd(db, db, b2);
                (root, shift) = (Vector.Create(Unsafe.Add(ref roots, 6)), Vector.Create(Unsafe.Add(ref roots, 7)));
                (da, db) = (SimdMath.MultiplyAdd(root, xa, shift), SimdMath.MultiplyAdd(root, xb, shift));
                a3 = SimdMath.MultiplyAdd(da, da, a3);
                b3 = SimdMath.MultiplyAdd(db, db, b3);
                x = ref Unsafe.Add(ref x, stride);
                roots = ref Unsafe.Add(ref roots, 8);
            }
            Store(a0, b0, ref energy);
            Store(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Store(a2, b2, ref Unsafe.Add(ref energy, 2 * pitch));
            Store(a3, b3, ref Unsafe.Add(ref energy, 3 * pitch));
            Lower(Vector.MinNative(Vector.MinNative(a0, a1), Vector.MinNative(a2, a3)), Vector.MinNative(Vector.MinNative(b0, b1), Vector.MinNative(b2, b3)),
                ref Unsafe.Add(ref least, i));
        }
    }

    /// <summary>Energies offset + Σ (root x + shift)² of two components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DiagonalTwo<T>(
        ref T firstRoots, nuint d, ref T firstX, nuint stride, ref T offsets, ref T firstEnergy, nuint pitch, ref T least, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref T roots = ref firstRoots, x = ref Unsafe.Add(ref firstX, i), energy = ref Unsafe.Add(ref firstEnergy, i);
            Vector<T> a0 = Vector.Create(offsets), b0 = a0;
            Vector<T> a1 = Vector.Create(Unsafe.Add(ref offsets, 1)), b1 = a1;
            for (nuint j = 0; j < d; j++)
            {
                Vector<T> xa = Vector.LoadUnsafe(ref x), xb = Vector.LoadUnsafe(ref x, width);
                Vector<T> root = Vector.Create(roots), shift = Vector.Create(Unsafe.Add(ref roots, 1));
                Vector<T> da = SimdMath.MultiplyAdd(root, xa, shift), db = SimdMath.MultiplyAdd(root, xb, shift);
                a0 = SimdMath.MultiplyAdd(da, da, a0);
                b0 = SimdMath.MultiplyAdd(db, db, b0);
                (root, shift) = (Vector.Create(Unsafe.Add(ref roots, 2)), Vector.Create(Unsafe.Add(ref roots, 3)));
                (da, db) = (SimdMath.MultiplyAdd(root, xa, shift), SimdMath.MultiplyAdd(root, xb, shift));
                a1 = SimdMath.MultiplyAdd(da, da, a1);
                b1 = SimdMath.MultiplyAdd(db, db, b1);
                x = ref Unsafe.Add(ref x, stride);
                roots = ref Unsafe.Add(ref roots, 4);
            }
            Store(a0, b0, ref energy);
            Store(a1, b1, ref Unsafe.Add(ref energy, pitch));
            Lower(Vector.MinNative(a0, a1), Vector.MinNative(b0, b1), ref Unsafe.Add(ref least, i));
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
        Store(a, b, ref energy);
        Lower(a, b, ref least);
        return ref values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector<T> a, Vector<T> b, ref T target)
        where T : unmanaged
    {
        a.StoreUnsafe(ref target);
        b.StoreUnsafe(ref target, (nuint)Vector<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lower<T>(Vector<T> a, Vector<T> b, ref T least)
        where T : unmanaged
        => Store(Vector.MinNative(Vector.LoadUnsafe(ref least), a), Vector.MinNative(Vector.LoadUnsafe(ref least, (nuint)Vector<T>.Count), b), ref least);
}
