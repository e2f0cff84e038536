using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>The vectors of a loop that is written once for two widths. Each lane does the same operations in both, so no bit depends on the width.</summary>
/// <remarks>
/// <see cref="Vector{T}"/> has 256 bits where the processor has 512, unless the runtime is told otherwise when it starts
/// (<c>DOTNET_MaxVectorTBitWidth</c>). The loops that take most of the time go by <see cref="WideVectors{T}"/> then. Operations are static methods of a type
/// parameter, because the JIT keeps bare vectors in registers and copies those that are wrapped.
/// </remarks>
/// <typeparam name="TVector">A vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal interface IVectors<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of lanes.</summary>
    static abstract nuint Count { get; }

    static abstract TVector Load(ref T source, nuint offset);

    static abstract void Store(TVector vector, ref T target, nuint offset);

    static abstract TVector Create(T value);

    static abstract TVector Subtract(TVector x, TVector y);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Multiply(TVector x, TVector y);

    /// <summary>As <see cref="SimdMath.MultiplyAdd"/>.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    static abstract TVector Min(TVector x, TVector y);

    /// <summary>1/x.</summary>
    static abstract TVector Reciprocal(TVector x);

    /// <summary>As <see cref="SimdMath.KeepIfLess"/>.</summary>
    static abstract TVector KeepIfLess(TVector left, TVector right, TVector value);

    /// <summary>log2 x for positive x that is not subnormal.</summary>
    static abstract TVector Log2(TVector x);

    /// <summary>2^x for x of at most 0.</summary>
    static abstract TVector Exp2(TVector x);

    /// <summary>2^x for x of at most 0, four at a time.</summary>
    static abstract void Exp2(ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3);
}

/// <summary>The vectors that the runtime takes.</summary>
internal readonly struct UsualVectors<T> : IVectors<Vector<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static nuint Count => (nuint)Vector<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load(ref T source, nuint offset) => Vector.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<T> vector, ref T target, nuint offset) => vector.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Create(T value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Subtract(Vector<T> x, Vector<T> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Add(Vector<T> x, Vector<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Multiply(Vector<T> x, Vector<T> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd(Vector<T> x, Vector<T> y, Vector<T> z) => SimdMath.MultiplyAdd(x, y, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Min(Vector<T> x, Vector<T> y) => Vector.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Reciprocal(Vector<T> x) => Vector<T>.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> KeepIfLess(Vector<T> left, Vector<T> right, Vector<T> value) => SimdMath.KeepIfLess(left, right, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log2(Vector<T> x)
        => typeof(T) == typeof(float) ? Vector.Log2(x.As<T, float>()).As<float, T>() : SimdMath.Log2(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp2(Vector<T> x) => SimdMath.Exp2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exp2(ref Vector<T> x0, ref Vector<T> x1, ref Vector<T> x2, ref Vector<T> x3)
    {
        if (typeof(T) == typeof(float))
        {
            Vector<float> y0 = x0.As<T, float>(), y1 = x1.As<T, float>(), y2 = x2.As<T, float>(), y3 = x3.As<T, float>();
            SimdMath.Exp2(ref y0, ref y1, ref y2, ref y3);
            (x0, x1, x2, x3) = (y0.As<float, T>(), y1.As<float, T>(), y2.As<float, T>(), y3.As<float, T>());
        }
        else (x0, x1, x2, x3) = (SimdMath.Exp2(x0), SimdMath.Exp2(x1), SimdMath.Exp2(x2), SimdMath.Exp2(x3));
    }
}

/// <summary>Vectors of 512 bits.</summary>
internal readonly struct WideVectors<T> : IVectors<Vector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the processor has them and the runtime takes half of them; who asks for fewer bits gets them. The JIT knows.</summary>
    public static bool AreUsed => Vector512.IsHardwareAccelerated && Vector<byte>.Count == Vector256<byte>.Count;

    public static nuint Count => (nuint)Vector512<T>.Count;

    /// <summary>The lanes of the widest vectors that are used.</summary>
    public static int MaxLanes => AreUsed ? Vector512<T>.Count : Vector<T>.Count;

    /// <summary>How many of some lanes are whole pairs of these vectors: what is left goes by <see cref="UsualVectors{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Lanes(nuint lanes) => AreUsed ? lanes / (2 * Count) * (2 * Count) : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(ref T source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> vector, ref T target, nuint offset) => vector.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Create(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> x, Vector512<T> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> x, Vector512<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> x, Vector512<T> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> z)
        => typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
            : Vector512.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Min(Vector512<T> x, Vector512<T> y) => Vector512.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Reciprocal(Vector512<T> x) => Vector512<T>.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> KeepIfLess(Vector512<T> left, Vector512<T> right, Vector512<T> value)
        => Vector512.ConditionalSelect(Vector512.LessThan(left, right), value, Vector512<T>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Log2(Vector512<T> x)
    {
        if (typeof(T) == typeof(float)) return Vector512.Log2(x.AsSingle()).As<float, T>();
        Vector512<double> values = x.AsDouble();
        Vector<double> lower = SimdMath.Log2(values.GetLower().AsVector()), upper = SimdMath.Log2(values.GetUpper().AsVector());
        return Vector512.Create(lower.AsVector256(), upper.AsVector256()).As<double, T>();
    }

    /// <summary>As <see cref="SimdMath.Exp2{T}(Vector{T})"/>, to the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exp2(Vector512<T> x)
    {
        if (typeof(T) == typeof(float)) return Exp2(x.AsSingle()).As<float, T>();
        // The polynomial of doubles stands in one place.
        return Vector512.Create(SimdMath.Exp2(x.GetLower().AsVector()).AsVector256(), SimdMath.Exp2(x.GetUpper().AsVector()).AsVector256());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exp2(ref Vector512<T> x0, ref Vector512<T> x1, ref Vector512<T> x2, ref Vector512<T> x3)
        => (x0, x1, x2, x3) = (Exp2(x0), Exp2(x1), Exp2(x2), Exp2(x3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp2(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(Exp2Numbers.MinExponent), x);
        Vector512<float> magic = Vector512.Create(Exp2Numbers.RoundingMagic), rounded = x + magic, f = x - (rounded - magic);
        Vector512<float> p = Vector512.MultiplyAddEstimate(f, Vector512.Create(Exp2Numbers.Leading), Vector512.Create(Exp2Numbers.Fourth));
        p = Vector512.MultiplyAddEstimate(p, f, Vector512.Create(Exp2Numbers.Third));
        p = Vector512.MultiplyAddEstimate(p, f, Vector512.Create(Exp2Numbers.Second));
        p = Vector512.MultiplyAddEstimate(p, f, Vector512.Create(Exp2Numbers.Linear));
        p = Vector512.MultiplyAddEstimate(p, f, Vector512<float>.One);
        return (p.AsInt32() + (rounded.AsInt32() << 23)).AsSingle();
    }
}
