using System.ComponentModel;
using System.Numerics;
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
    private readonly AlignedNumbers<T> _values;

    /// <summary>Spreads numbers over vectors.</summary>
    /// <param name="numbers">The numbers.</param>
    public NumberTable(ReadOnlySpan<T> numbers)
    {
        int width = Vector<T>.Count;
        _values = new AlignedNumbers<T>(numbers.Length * width);
        for (int i = 0; i < numbers.Length; i++) _values.Span.Slice(i * width, width).Fill(numbers[i]);
    }

    /// <summary>Some of the numbers.</summary>
    /// <param name="first">The first, from 0.</param>
    /// <param name="count">How many.</param>
    /// <returns>One vector for each.</returns>
    public ReadOnlySpan<Vector<T>> Slice(int first, int count)
        => MemoryMarshal.Cast<T, Vector<T>>(_values.Span.Slice(first * Vector<T>.Count, count * Vector<T>.Count));
}
