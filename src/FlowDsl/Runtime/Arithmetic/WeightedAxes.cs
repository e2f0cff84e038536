using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Slopes of diagonal fields: sums over components of their contributions to a coordinate, share Σ w_k (constant_k + factor_k x).</summary>
/// <remarks>
/// The values of two coordinates are interleaved, component by component: constant and factor of one, then of the other. Each weight is loaded once
/// for both, and the sums stay in registers.
/// </remarks>
internal static class WeightedAxes
{
    /// <summary>Computes all coordinates.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="values">The components' values by pairs of coordinates; an odd last coordinate is alone.</param>
    /// <param name="count">The number of components.</param>
    /// <param name="weights">Their rows of weights.</param>
    /// <param name="pitch">The distance between these rows.</param>
    /// <param name="share">A row with the factors of the sums.</param>
    /// <param name="x">The first coordinate.</param>
    /// <param name="slope">Receives the slopes.</param>
    /// <param name="stride">The distance between the rows of both.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Slopes<T>(
        ref T values, nuint count, ref T weights, nuint pitch, ref T share, ref T x, ref T slope, nuint stride, nuint d, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nuint j = 0; j + 2 <= d; j += 2)
        {
            Two(ref values, count, ref weights, pitch, ref share, ref x, ref slope, stride, lanes);
            values = ref Unsafe.Add(ref values, 4 * count);
            x = ref Unsafe.Add(ref x, 2 * stride);
            slope = ref Unsafe.Add(ref slope, 2 * stride);
        }
        if (d % 2 != 0) One(ref values, count, ref weights, pitch, ref share, ref x, ref slope, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<T>(ref T firstValue, nuint count, ref T weights, nuint pitch, ref T share, ref T x, ref T slope, nuint stride, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref T values = ref firstValue, weight = ref Unsafe.Add(ref weights, i);
            Vector<T> constantA0 = Vector<T>.Zero, constantB0 = constantA0, factorA0 = constantA0, factorB0 = constantA0;
            Vector<T> constantA1 = constantA0, constantB1 = constantA0, factorA1 = constantA0, factorB1 = constantA0;
            nuint k = count;
            do
            {
                Vector<T> a = Vector.LoadUnsafe(ref weight), b = Vector.LoadUnsafe(ref weight, width);
                Vector<T> value = Vector.Create(values);
                constantA0 = SimdMath.MultiplyAdd(value, a, constantA0);
                constantB0 = SimdMath.MultiplyAdd(value, b, constantB0);
                value = Vector.Create(Unsafe.Add(ref values, 1));
                factorA0 = SimdMath.MultiplyAdd(value, a, factorA0);
                factorB0 = SimdMath.MultiplyAdd(value, b, factorB0);
                value = Vector.Create(Unsafe.Add(ref values, 2));
                constantA1 = SimdMath.MultiplyAdd(value, a, constantA1);
                constantB1 = SimdMath.MultiplyAdd(value, b, constantB1);
                value = Vector.Create(Unsafe.Add(ref values, 3));
                factorA1 = SimdMath.MultiplyAdd(value, a, factorA1);
                factorB1 = SimdMath.MultiplyAdd(value, b, factorB1);
                values = ref Unsafe.Add(ref values, 4);
                weight = ref Unsafe.Add(ref weight, pitch);
            }
            while (--k != 0);
            Vector<T> shareA = Vector.LoadUnsafe(ref share, i), shareB = Vector.LoadUnsafe(ref share, i + width);
            Store(constantA0, factorA0, shareA, ref x, ref slope, i);
            Store(constantB0, factorB0, shareB, ref x, ref slope, i + width);
            Store(constantA1, factorA1, shareA, ref x, ref slope, stride + i);
            Store(constantB1, factorB1, shareB, ref x, ref slope, stride + i + width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(ref T firstValue, nuint count, ref T weights, nuint pitch, ref T share, ref T x, ref T slope, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref T values = ref firstValue, weight = ref Unsafe.Add(ref weights, i);
            Vector<T> constantA = Vector<T>.Zero, constantB = constantA, factorA = constantA, factorB = constantA;
            nuint k = count;
            do
            {
                Vector<T> a = Vector.LoadUnsafe(ref weight), b = Vector.LoadUnsafe(ref weight, width);
                Vector<T> constant = Vector.Create(values), factor = Vector.Create(Unsafe.Add(ref values, 1));
                constantA = SimdMath.MultiplyAdd(constant, a, constantA);
                constantB = SimdMath.MultiplyAdd(constant, b, constantB);
                factorA = SimdMath.MultiplyAdd(factor, a, factorA);
                factorB = SimdMath.MultiplyAdd(factor, b, factorB);
                values = ref Unsafe.Add(ref values, 2);
                weight = ref Unsafe.Add(ref weight, pitch);
            }
            while (--k != 0);
            Store(constantA, factorA, Vector.LoadUnsafe(ref share, i), ref x, ref slope, i);
            Store(constantB, factorB, Vector.LoadUnsafe(ref share, i + width), ref x, ref slope, i + width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector<T> constant, Vector<T> factor, Vector<T> share, ref T x, ref T slope, nuint at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => (SimdMath.MultiplyAdd(factor, Vector.LoadUnsafe(ref x, at), constant) * share).StoreUnsafe(ref slope, at);
}
