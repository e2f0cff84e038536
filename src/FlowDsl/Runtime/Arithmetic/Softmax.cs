using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>The softmax over rows and its derivative. Called by generated code.</summary>
/// <remarks>Each lane does the same operations whatever the vector width and the split of samples into calls.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Softmax
{
    // The difference in bits from which on a weight is 0.
    private const float MinBits = -100f;

    /// <summary>logits ← exp(logit_k)/Σ exp(logit_j), with 0 for weights below 2^-100 of the largest.</summary>
    /// <param name="rows">The first row of logits: natural ones, finite or -∞, in each lane at least one finite.</param>
    /// <param name="count">The number of rows, at least 1.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ref float rows, int count, nuint pitch, nuint lanes)
    {
        nuint width = (nuint)Vector<float>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref float first = ref Unsafe.Add(ref rows, i), row = ref first;
            Vector<float> greatestA = Vector.LoadUnsafe(ref row), greatestB = Vector.LoadUnsafe(ref row, width);
            for (int k = 1; k < count; k++)
            {
                row = ref Unsafe.Add(ref row, pitch);
                greatestA = Vector.MaxNative(greatestA, Vector.LoadUnsafe(ref row));
                greatestB = Vector.MaxNative(greatestB, Vector.LoadUnsafe(ref row, width));
            }
            Vector<float> totalA = Vector<float>.Zero, totalB = totalA;
            row = ref first;
            for (int k = 0; k < count; k++, row = ref Unsafe.Add(ref row, pitch))
            {
                Vector<float> a = Weight(Vector.LoadUnsafe(ref row) - greatestA), b = Weight(Vector.LoadUnsafe(ref row, width) - greatestB);
                totalA += a;
                totalB += b;
                a.StoreUnsafe(ref row);
                b.StoreUnsafe(ref row, width);
            }
            Vector<float> shareA = Vector<float>.One / totalA, shareB = Vector<float>.One / totalB;
            row = ref first;
            for (int k = 0; k < count; k++, row = ref Unsafe.Add(ref row, pitch))
            {
                (Vector.LoadUnsafe(ref row) * shareA).StoreUnsafe(ref row);
                (Vector.LoadUnsafe(ref row, width) * shareB).StoreUnsafe(ref row, width);
            }
        }
    }

    /// <summary>row_k ← w_k (row_k - Σ w_j row_j): turns tangents of logits into those of weights, and adjoints of weights into those of logits.</summary>
    /// <param name="weights">The first row of weights w.</param>
    /// <param name="rows">The first row of tangents or adjoints.</param>
    /// <param name="count">The number of rows of either, at least 1.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Derivative(ref float weights, ref float rows, int count, nuint pitch, nuint lanes)
    {
        nuint width = (nuint)Vector<float>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            ref float weight = ref Unsafe.Add(ref weights, i), row = ref Unsafe.Add(ref rows, i);
            Vector<float> meanA = Vector<float>.Zero, meanB = meanA;
            for (int k = 0; k < count; k++, weight = ref Unsafe.Add(ref weight, pitch), row = ref Unsafe.Add(ref row, pitch))
            {
                meanA = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref weight), Vector.LoadUnsafe(ref row), meanA);
                meanB = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref weight, width), Vector.LoadUnsafe(ref row, width), meanB);
            }
            weight = ref Unsafe.Add(ref weights, i);
            row = ref Unsafe.Add(ref rows, i);
            for (int k = 0; k < count; k++, weight = ref Unsafe.Add(ref weight, pitch), row = ref Unsafe.Add(ref row, pitch))
            {
                (Vector.LoadUnsafe(ref weight) * (Vector.LoadUnsafe(ref row) - meanA)).StoreUnsafe(ref row);
                (Vector.LoadUnsafe(ref weight, width) * (Vector.LoadUnsafe(ref row, width) - meanB)).StoreUnsafe(ref row, width);
            }
        }
    }

    private static Vector<float> Weight(Vector<float> difference)
    {
        Vector<float> bits = difference * new Vector<float>(1.44269504f);
        return SimdMath.KeepIfLess(new Vector<float>(MinBits), bits, SimdMath.Exp2(bits));
    }
}
