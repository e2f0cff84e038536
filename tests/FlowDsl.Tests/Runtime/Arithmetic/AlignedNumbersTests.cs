using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>Working memory begins at a cache line, whatever its length, and holds as much as was asked for.</summary>
public class AlignedNumbersTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100_000)]
    public void BeginAtACacheLine(int length)
    {
        Begins<float>(length);
        Begins<double>(length);
        Begins<uint>(length);
    }

    [Fact]
    public void AreZerosAndStayAfterACollection()
    {
        var numbers = new AlignedNumbers<double>(1000);
        Assert.All(numbers.Span.ToArray(), value => Assert.Equal(0, value));
        for (int i = 0; i < 1000; i++) numbers[i] = i;
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(0, Misplaced(ref numbers.First));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (double)i), numbers.Span.ToArray());
    }

    [Fact]
    public void RowsAreWholeVectors()
    {
        using var rows = new PooledRows<float>(3 * Vector<float>.Count);
        rows.Span[^1] = 7;
        Assert.Equal(3, rows.Vectors.Length);
        Assert.Equal(7, rows.Vectors[2][Vector<float>.Count - 1]);
    }

    private static void Begins<T>(int length)
        where T : unmanaged
    {
        var numbers = new AlignedNumbers<T>(length);
        Assert.Equal((0, length), (Misplaced(ref numbers.First), numbers.Span.Length));
        using var rows = new PooledRows<T>(length);
        Assert.Equal(length, rows.Span.Length);
        Assert.Equal(length, rows.Memory.Length);
        // A collection may move shorter arrays of the pool.
        if (length >= 100_000) Assert.Equal(0, Misplaced(ref rows.Span[0]));
    }

    private static int Misplaced<T>(ref T first) => (int)(Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref first) & 63);
}
