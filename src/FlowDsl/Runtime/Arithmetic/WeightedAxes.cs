using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    public static void Slopes<T>(
        ref T values, nuint count, ref T weights, nuint pitch, ref T share, ref T x, ref T slope, nuint stride, nuint d, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0) Slopes<T, Vector512<T>, WideVectors<T>>(ref values, count, ref weights, pitch, ref share, ref x, ref slope, stride, d, 0, wide);
        if (wide < lanes) Slopes<T, Vector<T>, UsualVectors<T>>(ref values, count, ref weights, pitch, ref share, ref x, ref slope, stride, d, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slopes<T, TVector, TOps>(
        ref T values, nuint count, ref T weights, nuint pitch, ref T share, ref T x, ref T slope, nuint stride, nuint d, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        for (nuint j = 0; j + 2 <= d; j += 2)
        {
            Two<T, TVector, TOps>(ref values, count, ref weights, pitch, ref share, ref x, ref slope, stride, from, to);
            values = ref Unsafe.Add(ref values, 4 * count);
            x = ref Unsafe.Add(ref x, 2 * stride);
            slope = ref Unsafe.Add(ref slope, 2 * stride);
        }
        if (d % 2 != 0) One<T, TVector, TOps>(ref values, count, ref weights, pitch, ref share, ref x, ref slope, from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<T, TVector, TOps>(
        ref T firstValue, nuint count, ref T weights, nuint pitch, ref T share, ref T x, ref T slope, nuint stride, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T values = ref firstValue, weight = ref Unsafe.Add(ref weights, i);
            TVector constantA0 = default, constantB0 = constantA0, factorA0 = constantA0, factorB0 = constantA0;
            TVector constantA1 = constantA0, constantB1 = constantA0, factorA1 = constantA0, factorB1 = constantA0;
            nuint k = count;
            do
            {
                TVector a = TOps.Load(ref weight, 0), b = TOps.Load(ref weight, width);
                TVector value = TOps.Create(values);
                constantA0 = TOps.MultiplyAdd(value, a, constantA0);
                constantB0 = TOps.MultiplyAdd(value, b, constantB0);
                value = TOps.Create(Unsafe.Add(ref values, 1));
                factorA0 = TOps.MultiplyAdd(value, a, factorA0);
                factorB0 = TOps.MultiplyAdd(value, b, factorB0);
                value = TOps.Create(Unsafe.Add(ref values, 2));
                constantA1 = TOps.MultiplyAdd(value, a, constantA1);
                constantB1 = TOps.MultiplyAdd(value, b, constantB1);
                value = TOps.Create(Unsafe.Add(ref values, 3));
                factorA1 = TOps.MultiplyAdd(value, a, factorA1);
                factorB1 = TOps.MultiplyAdd(value, b, factorB1);
                values = ref Unsafe.Add(ref values, 4);
                weight = ref Unsafe.Add(ref weight, pitch);
            }
            while (--k != 0);
            TVector shareA = TOps.Load(ref share, i), shareB = TOps.Load(ref share, i + width);
            Store<T, TVector, TOps>(constantA0, factorA0, shareA, ref x, ref slope, i);
            Store<T, TVector, TOps>(constantB0, factorB0, shareB, ref x, ref slope, i + width);
            Store<T, TVector, TOps>(constantA1, factorA1, shareA, ref x, ref slope, stride + i);
            Store<T, TVector, TOps>(constantB1, factorB1, shareB, ref x, ref slope, stride + i + width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T, TVector, TOps>(
        ref T firstValue, nuint count, ref T weights, nuint pitch, ref T share, ref T x, ref T slope, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            ref T values = ref firstValue, weight = ref Unsafe.Add(ref weights, i);
            TVector constantA = default, constantB = constantA, factorA = constantA, factorB = constantA;
            nuint k = count;
            do
            {
                TVector a = TOps.Load(ref weight, 0), b = TOps.Load(ref weight, width);
                TVector constant = TOps.Create(values), factor = TOps.Create(Unsafe.Add(ref values, 1));
                constantA = TOps.MultiplyAdd(constant, a, constantA);
                constantB = TOps.MultiplyAdd(constant, b, constantB);
                factorA = TOps.MultiplyAdd(factor, a, factorA);
                factorB = TOps.MultiplyAdd(factor, b, factorB);
                values = ref Unsafe.Add(ref values, 2);
                weight = ref Unsafe.Add(ref weight, pitch);
            }
            while (--k != 0);
            Store<T, TVector, TOps>(constantA, factorA, TOps.Load(ref share, i), ref x, ref slope, i);
            Store<T, TVector, TOps>(constantB, factorB, TOps.Load(ref share, i + width), ref x, ref slope, i + width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T, TVector, TOps>(TVector constant, TVector factor, TVector share, ref T x, ref T slope, nuint at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
        => TOps.Store(TOps.Multiply(TOps.MultiplyAdd(factor, TOps.Load(ref x, at), constant), share), ref slope, at);
}
