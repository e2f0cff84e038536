using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>
/// Working memory that begins at a cache line and stays where it is. If rows begin elsewhere, every vector of 512 bits straddles two lines, and loops
/// that read more than they compute take up to twice the time.
/// </summary>
/// <typeparam name="T">A number.</typeparam>
internal readonly struct AlignedNumbers<T>
    where T : unmanaged
{
    private const int LineBytes = 64;

    private readonly T[] _pinned;
    private readonly int _first;

    /// <summary>Allocates memory that holds zeros.</summary>
    /// <param name="length">The number of values.</param>
    public AlignedNumbers(int length)
    {
        int size = Unsafe.SizeOf<T>();
        _pinned = GC.AllocateArray<T>(length + LineBytes / size, pinned: true);
        nint begin = Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref MemoryMarshal.GetArrayDataReference(_pinned));
        _first = (int)(-begin & (LineBytes - 1)) / size;
    }

    /// <summary>The first value.</summary>
    public ref T First => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pinned), _first);

    /// <summary>A value.</summary>
    /// <param name="index">Its index.</param>
    public ref T this[int index] => ref _pinned[_first + index];
}
