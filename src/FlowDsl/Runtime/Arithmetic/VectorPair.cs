using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Two vectors of samples: the width of a tile. Every value that is broadcast serves both.</summary>
internal readonly struct VectorPair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _a, _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private VectorPair(Vector<T> a, Vector<T> b) => (_a, _b) = (a, b);

    /// <summary>One value everywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<T> Of(T value)
    {
        var vector = Vector.Create(value);
        return new(vector, vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<T> Load(ref T row) => new(Vector.LoadUnsafe(ref row), Vector.LoadUnsafe(ref row, (nuint)Vector<T>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<T> Min(VectorPair<T> left, VectorPair<T> right) => new(Vector.MinNative(left._a, right._a), Vector.MinNative(left._b, right._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<T> operator +(VectorPair<T> left, VectorPair<T> right) => new(left._a + right._a, left._b + right._b);

    /// <summary>this + value x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VectorPair<T> Add(T value, VectorPair<T> x)
    {
        var factor = Vector.Create(value);
        return new(SimdMath.MultiplyAdd(factor, x._a, _a), SimdMath.MultiplyAdd(factor, x._b, _b));
    }

    /// <summary>this + (x - centre)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VectorPair<T> AddSquare(VectorPair<T> x, T centre)
    {
        var middle = Vector.Create(centre);
        Vector<T> a = x._a - middle, b = x._b - middle;
        return new(SimdMath.MultiplyAdd(a, a, _a), SimdMath.MultiplyAdd(b, b, _b));
    }

    /// <summary>this + (root x + shift)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VectorPair<T> AddSquare(VectorPair<T> x, T root, T shift) => AddSquare(Of(shift).Add(root, x));

    /// <summary>this + x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VectorPair<T> AddSquare(VectorPair<T> x) => new(SimdMath.MultiplyAdd(x._a, x._a, _a), SimdMath.MultiplyAdd(x._b, x._b, _b));

    /// <summary>this factor + constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VectorPair<T> Scale(T factor, T constant)
    {
        Vector<T> scale = Vector.Create(factor), offset = Vector.Create(constant);
        return new(SimdMath.MultiplyAdd(_a, scale, offset), SimdMath.MultiplyAdd(_b, scale, offset));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T row)
    {
        _a.StoreUnsafe(ref row);
        _b.StoreUnsafe(ref row, (nuint)Vector<T>.Count);
    }

    /// <summary>Lowers a row to these values where they are less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lower(ref T row) => Min(Load(ref row), this).Store(ref row);
}
