using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Linear combinations of the row groups of a block: a solver's arithmetic except the slopes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LinearCombination
{
    /// <summary>
    /// target ← state·x + Σ slopes[l]·F_l for d rows each. The first term is a product and every further one a fused
    /// multiply-add, in order, in every lane.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">The first value of the block; the state x is its first d rows.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="count">The number of lanes to compute, whole vectors.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="state">The factor of x.</param>
    /// <param name="slopes">The factors of the slopes.</param>
    /// <param name="groups">The start of each slope's rows, in groups of d rows.</param>
    /// <param name="target">The start of the result's rows, in groups of d rows.</param>
    public static void Apply<T>(
        ref T rows, nuint stride, nuint count, int d, T state, ReadOnlySpan<T> slopes, ReadOnlySpan<int> groups, int target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint group = (nuint)d * stride;
        ref T result = ref Unsafe.Add(ref rows, (nuint)target * group);
        if (slopes.IsEmpty)
        {
            Scale(ref rows, state, ref result, d, stride, count);
            return;
        }
        // Two slopes at a time: a loop with constants in registers. Storing between passes does not change the values.
        ref T x = ref rows;
        for (int l = 0; l < slopes.Length; l += 2)
        {
            ref T first = ref Unsafe.Add(ref rows, (nuint)groups[l] * group);
            if (l + 1 < slopes.Length)
                Add(ref x, l == 0 ? state : T.One, ref first, slopes[l], ref Unsafe.Add(ref rows, (nuint)groups[l + 1] * group), slopes[l + 1], ref result, d,
                    stride, count);
            else
                Add(ref x, l == 0 ? state : T.One, ref first, slopes[l], ref result, d, stride, count);
            x = ref result;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<T>(ref T x, T state, ref T result, int d, nuint stride, nuint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> factor = Vector.Create(state);
        for (nuint j = 0; j < (nuint)d; j++)
            for (nuint i = j * stride; i < j * stride + count; i += (nuint)Vector<T>.Count) (Vector.LoadUnsafe(ref x, i) * factor).StoreUnsafe(ref result, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(ref T x, T state, ref T slope, T factor, ref T result, int d, nuint stride, nuint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> own = Vector.Create(state), first = Vector.Create(factor);
        for (nuint j = 0; j < (nuint)d; j++)
            for (nuint i = j * stride; i < j * stride + count; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref slope, i), first, Vector.LoadUnsafe(ref x, i) * own).StoreUnsafe(ref result, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(ref T x, T state, ref T slope, T factor, ref T nextSlope, T nextFactor, ref T result, int d, nuint stride, nuint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> own = Vector.Create(state), first = Vector.Create(factor), second = Vector.Create(nextFactor);
        for (nuint j = 0; j < (nuint)d; j++)
        {
            for (nuint i = j * stride; i < j * stride + count; i += (nuint)Vector<T>.Count)
            {
                Vector<T> sum = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref slope, i), first, Vector.LoadUnsafe(ref x, i) * own);
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref nextSlope, i), second, sum).StoreUnsafe(ref result, i);
            }
        }
    }

    /// <summary>The step of a multistep solver: as <see cref="Apply"/>, with the slopes in rotating places.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">The first value of the block.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="count">The number of lanes to compute, whole vectors.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="historyLength">The number of earlier slopes that the solver uses.</param>
    /// <param name="segment">Which segment is advanced.</param>
    /// <param name="coefficients">The factor of the state, then of the slopes, newest first.</param>
    public static void Advance<T>(
        ref T rows, nuint stride, nuint count, int d, int historyLength, int segment, ReadOnlySpan<T> coefficients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<int> groups = stackalloc int[coefficients.Length - 1];
        for (int age = 0; age < groups.Length; age++) groups[age] = 1 + (segment - age) % (historyLength + 1);
        Apply(ref rows, stride, count, d, coefficients[0], coefficients[1..], groups, 0);
    }
}
