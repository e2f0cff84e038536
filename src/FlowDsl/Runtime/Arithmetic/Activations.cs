using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Activations of dense layers and their chain rule, for rows of samples. Called by generated code.</summary>
/// <remarks>Each lane does the same operations whatever the vector width and the split of samples into calls.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Activations
{
    /// <summary>z ← max(0, z).</summary>
    /// <param name="rows">The first row of z.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    public static void Relu(ref float rows, int count, nuint pitch, nuint lanes) => Apply<ReluActivation>(ref rows, count, pitch, lanes);

    /// <summary>z ← max(0, z), and its derivative: 1 for z > 0, else 0.</summary>
    /// <param name="rows">The first row of z.</param>
    /// <param name="slopes">The first row of the derivatives.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    public static void Relu(ref float rows, ref float slopes, int count, nuint pitch, nuint lanes)
        => Apply<ReluActivation>(ref rows, ref slopes, count, pitch, lanes);

    /// <summary>z ← max(0, z)².</summary>
    /// <inheritdoc cref="Relu(ref float, int, nuint, nuint)" path="/param"/>
    public static void Requ(ref float rows, int count, nuint pitch, nuint lanes) => Apply<RequActivation>(ref rows, count, pitch, lanes);

    /// <summary>z ← max(0, z)², and its derivative 2 max(0, z).</summary>
    /// <inheritdoc cref="Relu(ref float, ref float, int, nuint, nuint)" path="/param"/>
    public static void Requ(ref float rows, ref float slopes, int count, nuint pitch, nuint lanes)
        => Apply<RequActivation>(ref rows, ref slopes, count, pitch, lanes);

    /// <summary>z ← z/(1 + e^-z) for finite z.</summary>
    /// <inheritdoc cref="Relu(ref float, int, nuint, nuint)" path="/param"/>
    public static void Silu(ref float rows, int count, nuint pitch, nuint lanes) => Apply<SiluActivation>(ref rows, count, pitch, lanes);

    /// <summary>z ← z/(1 + e^-z) for finite z, and its derivative.</summary>
    /// <inheritdoc cref="Relu(ref float, ref float, int, nuint, nuint)" path="/param"/>
    public static void Silu(ref float rows, ref float slopes, int count, nuint pitch, nuint lanes)
        => Apply<SiluActivation>(ref rows, ref slopes, count, pitch, lanes);

    /// <summary>rows ← rows · factors, value by value: the chain rule.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="factors">The first row of factors.</param>
    /// <param name="count">The number of rows of either.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref float rows, ref float factors, int count, nuint pitch, nuint lanes)
    {
        nuint width = (nuint)Vector<float>.Count;
        for (int k = 0; k < count; k++, rows = ref Unsafe.Add(ref rows, pitch), factors = ref Unsafe.Add(ref factors, pitch))
        {
            for (nuint i = 0; i < lanes; i += 2 * width)
            {
                (Vector.LoadUnsafe(ref rows, i) * Vector.LoadUnsafe(ref factors, i)).StoreUnsafe(ref rows, i);
                (Vector.LoadUnsafe(ref rows, i + width) * Vector.LoadUnsafe(ref factors, i + width)).StoreUnsafe(ref rows, i + width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<T>(ref float rows, int count, nuint pitch, nuint lanes)
        where T : struct, IActivation
    {
        nuint width = (nuint)Vector<float>.Count;
        for (int k = 0; k < count; k++, rows = ref Unsafe.Add(ref rows, pitch))
        {
            for (nuint i = 0; i < lanes; i += 2 * width)
            {
                Vector<float> a = T.At(Vector.LoadUnsafe(ref rows, i)), b = T.At(Vector.LoadUnsafe(ref rows, i + width));
                a.StoreUnsafe(ref rows, i);
                b.StoreUnsafe(ref rows, i + width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<T>(ref float rows, ref float slopes, int count, nuint pitch, nuint lanes)
        where T : struct, IActivation
    {
        nuint width = (nuint)Vector<float>.Count;
        for (int k = 0; k < count; k++, rows = ref Unsafe.Add(ref rows, pitch), slopes = ref Unsafe.Add(ref slopes, pitch))
        {
            for (nuint i = 0; i < lanes; i += 2 * width)
            {
                Vector<float> a = T.At(Vector.LoadUnsafe(ref rows, i), out Vector<float> slopeA);
                Vector<float> b = T.At(Vector.LoadUnsafe(ref rows, i + width), out Vector<float> slopeB);
                a.StoreUnsafe(ref rows, i);
                b.StoreUnsafe(ref rows, i + width);
                slopeA.StoreUnsafe(ref slopes, i);
                slopeB.StoreUnsafe(ref slopes, i + width);
            }
        }
    }
}
