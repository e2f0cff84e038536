using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Students;

/// <summary>Row operations of students besides layers, activations and softmax.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StudentMath
{
    /// <summary>to ← from.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="to">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes.</param>
    public static void Copy(ref float from, ref float to, int count, nuint pitch, nuint lanes)
    {
        for (nuint row = 0; row < (nuint)count; row++)
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref from, row * pitch), (int)lanes)
                .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, row * pitch), (int)lanes));
    }

    /// <summary>to ← to + from.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="to">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    public static void Add(ref float from, ref float to, int count, nuint pitch, nuint lanes)
    {
        for (nuint row = 0; row < (nuint)count; row++)
            AddScaled(ref Unsafe.Add(ref from, row * pitch), 1, ref Unsafe.Add(ref to, row * pitch), lanes);
    }

    /// <summary>to ← to + ½ from.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="to">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    public static void AddHalf(ref float from, ref float to, int count, nuint pitch, nuint lanes)
    {
        for (nuint row = 0; row < (nuint)count; row++)
            AddScaled(ref Unsafe.Add(ref from, row * pitch), 0.5f, ref Unsafe.Add(ref to, row * pitch), lanes);
    }

    /// <summary>to ← to + scale from, one row.</summary>
    internal static void AddScaled(ref float from, float scale, ref float to, nuint lanes)
    {
        Vector<float> factor = Vector.Create(scale);
        for (nuint i = 0; i < lanes; i += (nuint)Vector<float>.Count)
            SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref from, i), factor, Vector.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
    }

    /// <summary>to ← scale from + shift, one row.</summary>
    internal static void MultiplyAdd(ref float from, float scale, float shift, ref float to, nuint lanes)
    {
        Vector<float> factor = Vector.Create(scale), constant = Vector.Create(shift);
        for (nuint i = 0; i < lanes; i += (nuint)Vector<float>.Count)
            SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref from, i), factor, constant).StoreUnsafe(ref to, i);
    }
}
