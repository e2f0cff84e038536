using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples.Arithmetic;

/// <summary>Products of small matrices with rows: those of attention, and of mixtures. Layers have theirs (<see cref="DenseLayer"/>).</summary>
/// <remarks>
/// A tile is four rows of the matrix times two vectors of the rows: its eight sums stay in registers. The matrix is read with two strides, so it may be
/// transposed. A sum's order depends on its depth only, so no bit depends on the vectors' width.
/// </remarks>
internal static class RowProducts
{
    /// <summary>The number of rows of a tile: a matrix has whole tiles.</summary>
    public const int Height = 4;

    /// <summary>target ← matrix · rows.</summary>
    /// <param name="matrix">The first value of the matrix.</param>
    /// <param name="rowStride">The distance of its rows.</param>
    /// <param name="columnStride">The distance of its columns.</param>
    /// <param name="count">The number of its rows, whole tiles.</param>
    /// <param name="depth">The number of its columns.</param>
    /// <param name="rows">The first of that many rows.</param>
    /// <param name="pitch">The distance of these rows.</param>
    /// <param name="target">The first row of the product.</param>
    /// <param name="targetPitch">The distance of the product's rows.</param>
    /// <param name="lanes">The length of a row, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(
        ref T matrix, nuint rowStride, nuint columnStride, nuint count, nuint depth, ref T rows, nuint pitch, ref T target, nuint targetPitch, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        for (nuint lane = 0; lane < lanes; lane += 2 * width)
        {
            for (nuint row = 0; row < count; row += Height)
            {
                ref T value = ref Unsafe.Add(ref matrix, row * rowStride), x = ref Unsafe.Add(ref rows, lane);
                Vector<T> a0 = Vector<T>.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
                for (nuint k = 0; k < depth; k++)
                {
                    Vector<T> xa = Vector.LoadUnsafe(ref x), xb = Vector.LoadUnsafe(ref x, width);
                    Vector<T> factor = Vector.Create(value);
                    a0 = MultiplyAdd(factor, xa, a0);
                    b0 = MultiplyAdd(factor, xb, b0);
                    factor = Vector.Create(Unsafe.Add(ref value, rowStride));
                    a1 = MultiplyAdd(factor, xa, a1);
                    b1 = MultiplyAdd(factor, xb, b1);
                    factor = Vector.Create(Unsafe.Add(ref value, 2 * rowStride));
                    a2 = MultiplyAdd(factor, xa, a2);
                    b2 = MultiplyAdd(factor, xb, b2);
                    factor = Vector.Create(Unsafe.Add(ref value, 3 * rowStride));
                    a3 = MultiplyAdd(factor, xa, a3);
                    b3 = MultiplyAdd(factor, xb, b3);
                    value = ref Unsafe.Add(ref value, columnStride);
                    x = ref Unsafe.Add(ref x, pitch);
                }
                ref T y = ref Unsafe.Add(ref target, row * targetPitch + lane);
                Store(a0, b0, ref y);
                Store(a1, b1, ref Unsafe.Add(ref y, targetPitch));
                Store(a2, b2, ref Unsafe.Add(ref y, 2 * targetPitch));
                Store(a3, b3, ref Unsafe.Add(ref y, 3 * targetPitch));
            }
        }
    }

    /// <summary>a b + c, fused where the hardware does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>2^x for x up to 126.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp2<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? SimdMath.Exp2(x.As<T, float>()).As<float, T>() : SimdMath.Exp2(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector<T> a, Vector<T> b, ref T target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        a.StoreUnsafe(ref target);
        b.StoreUnsafe(ref target, (nuint)Vector<T>.Count);
    }
}
