using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>
/// Working memory that begins at a cache line and stays where it is. If rows begin elsewhere, every vector of 512 bits straddles two lines, and every
/// other one of 256 bits: loops that read more than they compute take up to 1.6 times as long.
/// </summary>
/// <typeparam name="T">A number.</typeparam>
internal readonly struct AlignedNumbers<T>
    where T : unmanaged
{
    private readonly T[] _pinned;
    private readonly int _start;

    /// <summary>Allocates memory that holds zeros.</summary>
    /// <param name="length">The number of values.</param>
    public AlignedNumbers(int length)
    {
        _pinned = GC.AllocateArray<T>(AlignedNumbers.Room<T>(length), pinned: true);
        _start = AlignedNumbers.Start(ref _pinned[0]);
        Length = length;
    }

    /// <summary>The number of values.</summary>
    public int Length { get; }

    /// <summary>The first value.</summary>
    public ref T First => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pinned), _start);

    /// <summary>All values.</summary>
    public Span<T> Span => _pinned.AsSpan(_start, Length);

    /// <summary>A value.</summary>
    /// <param name="index">Its index.</param>
    public ref T this[int index] => ref _pinned[_start + index];
}

/// <summary>Where cache lines begin in memory that others allocated.</summary>
internal static class AlignedNumbers
{
    // And of the longest vector.
    private const int LineBytes = 64;

    /// <summary>The length of an array that has room for so many values, wherever it begins.</summary>
    /// <param name="size">The number of values.</param>
    public static int Room<T>(int size)
        where T : unmanaged => size + LineBytes / Unsafe.SizeOf<T>();

    /// <summary>The index of the first value that begins a cache line.</summary>
    /// <param name="first">The value with index 0.</param>
    /// <remarks>If the garbage collector moves an array, vectors may straddle lines again: slower, not wrong.</remarks>
    public static int Start<T>(ref T first)
        where T : unmanaged
        => (int)(-Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref first) & (LineBytes - 1)) / Unsafe.SizeOf<T>();
}
