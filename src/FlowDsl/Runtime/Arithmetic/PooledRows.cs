using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Rows of samples, or vectors, in pooled memory that begins at a cache line.</summary>
/// <typeparam name="T">A number.</typeparam>
internal readonly ref struct PooledRows<T> : IDisposable
    where T : unmanaged
{
    private readonly T[] _pooled;

    /// <summary>Rents rows.</summary>
    /// <param name="size">The number of values.</param>
    public PooledRows(int size)
    {
        _pooled = ArrayPool<T>.Shared.Rent(AlignedNumbers.Room<T>(size));
        Memory = _pooled.AsMemory(AlignedNumbers.Start(ref _pooled[0]), size);
        Span = Memory.Span;
    }

    /// <summary>The rows.</summary>
    public Span<T> Span { get; }

    /// <summary>The rows, for an object on the heap.</summary>
    public Memory<T> Memory { get; }

    /// <summary>The same memory as vectors, as many as fit whole.</summary>
    public Span<Vector<T>> Vectors => MemoryMarshal.Cast<T, Vector<T>>(Span);

    /// <summary>Gives them back.</summary>
    public void Dispose() => ArrayPool<T>.Shared.Return(_pooled);
}
