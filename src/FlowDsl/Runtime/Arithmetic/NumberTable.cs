using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>
/// Numbers of many evaluations, each of which fills a vector, so that an instruction takes it from memory as it is. Vectors begin where a line of
/// the cache does, or a part of it: none is in two lines.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NumberTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _values;
    private readonly int _start;

    /// <summary>Spreads numbers over vectors.</summary>
    /// <param name="numbers">The numbers.</param>
    public NumberTable(ReadOnlySpan<T> numbers)
    {
        int width = Vector<T>.Count;
        // Pinned, because a collection would move the array off its boundary.
        _values = GC.AllocateUninitializedArray<T>((numbers.Length + 1) * width, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0), length = width * Unsafe.SizeOf<T>();
        _start = (int)((length - address % length) % length / Unsafe.SizeOf<T>());
        for (int i = 0; i < numbers.Length; i++) _values.AsSpan(_start + i * width, width).Fill(numbers[i]);
    }

    /// <summary>Some of the numbers.</summary>
    /// <param name="first">The first, from 0.</param>
    /// <param name="count">How many.</param>
    /// <returns>One vector for each.</returns>
    public ReadOnlySpan<Vector<T>> Slice(int first, int count)
        => MemoryMarshal.Cast<T, Vector<T>>(_values.AsSpan(_start + first * Vector<T>.Count, count * Vector<T>.Count));
}
