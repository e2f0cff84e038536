using System.Numerics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

/// <summary>Rows of samples with NaN in everything that is not theirs: behind the lanes of each row and in a row behind the last.</summary>
internal sealed class Rows
{
    // Not a multiple of any vector: rows begin anywhere.
    private const int Gap = 3;

    public Rows(int count, int lanes)
    {
        (Count, Lanes) = (count, lanes);
        Values = new float[(count + 1) * (lanes + Gap)];
        Array.Fill(Values, float.NaN);
    }

    public Rows(int count, int lanes, Func<int, int, double> value)
        : this(count, lanes)
    {
        for (int j = 0; j < count; j++)
            for (int i = 0; i < lanes; i++) this[j, i] = (float)value(j, i);
    }

    /// <summary>Lanes that are whole pairs of the widest vectors there are.</summary>
    public static int[] Widths { get; } = [2 * Vector<float>.Count, 32, 96];

    public int Count { get; }

    public int Lanes { get; }

    public nuint Pitch => (nuint)(Lanes + Gap);

    public float[] Values { get; }

    public ref float First => ref Values[0];

    public ref float this[int row, int lane] => ref Values[row * (Lanes + Gap) + lane];

    public static Rows Random(int count, int lanes, int seed, double scale = 1)
    {
        var random = new Random(seed);
        return new Rows(count, lanes, (_, _) => scale * (2 * random.NextDouble() - 1));
    }

    public Rows Copy()
    {
        var copy = new Rows(Count, Lanes);
        Values.CopyTo(copy.Values, 0);
        return copy;
    }

    /// <summary>The values of the first rows alone.</summary>
    public float[] Kept(int count)
    {
        var kept = new float[count * Lanes];
        for (int j = 0; j < count; j++)
            for (int i = 0; i < Lanes; i++) kept[j * Lanes + i] = this[j, i];
        return kept;
    }

    /// <summary>Everything outside the rows is still NaN.</summary>
    public void CheckEdges(string what)
    {
        for (int at = 0; at < Values.Length; at++)
            if (at >= Count * (int)Pitch || at % (int)Pitch >= Lanes) Assert.True(float.IsNaN(Values[at]), $"{what}: written at {at}");
    }

    /// <summary>Runs a kernel on all lanes, and on the halves in other sizes: the same bits.</summary>
    /// <param name="rows">What the kernel changes.</param>
    /// <param name="kernel">Takes the first lane and the number of lanes.</param>
    public static void CheckSplit(Rows rows, Action<int, nuint> kernel, string what)
    {
        Rows start = rows.Copy();
        kernel(0, (nuint)rows.Lanes);
        Rows whole = rows.Copy();
        start.Values.CopyTo(rows.Values, 0);
        int pair = 2 * Vector<float>.Count;
        for (int first = 0, length = pair; first < rows.Lanes; first += length, length += pair)
        {
            length = Math.Min(length, rows.Lanes - first);
            kernel(first, (nuint)length);
        }
        Compare.SameBits<float>(whole.Values, rows.Values, what);
    }
}
