using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Data;

/// <summary>
/// Centred rows in single precision, eight by eight: group g holds, for each coordinate, the values of rows 8g to 8g + 7. A product with samples reads it
/// from start to end, whether it runs over the coordinates or over the rows.
/// </summary>
internal sealed class PackedRows
{
    /// <summary>The rows of a group.</summary>
    public const int GroupRows = PanelProducts.Rows;

    private readonly float[] _values;

    private PackedRows(int count, int dimension)
    {
        (Count, Dimension, Groups) = (count, dimension, (count + GroupRows - 1) / GroupRows);
        _values = GC.AllocateUninitializedArray<float>(checked(Groups * GroupRows * dimension));
        // Rows that only fill the last group are never near anything.
        HalfSquares = new double[Groups * GroupRows];
        HalfSquares.AsSpan(count).Fill(double.PositiveInfinity);
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>Half the squared lengths of the packed rows; infinite for those that only fill the last group.</summary>
    public double[] HalfSquares { get; }

    /// <summary>The greatest length of a row.</summary>
    public double Radius { get; private set; }

    /// <summary>Packs rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="centre">What is taken from each, d values.</param>
    public static PackedRows Of(DataRows rows, double[] centre)
    {
        var packed = new PackedRows(rows.Count, rows.Dimension);
        Parallel.For(0, packed.Groups, () => new double[GroupRows * rows.Dimension], (group, _, buffer) =>
        {
            int first = group * GroupRows, count = Math.Min(GroupRows, rows.Count - first);
            rows.Read(first, buffer.AsSpan(0, count * rows.Dimension));
            packed.Set(group, buffer, count, centre);
            return buffer;
        }, static _ => { });
        for (int i = 0; i < packed.Count; i++) packed.Radius = Math.Max(packed.Radius, Math.Sqrt(2 * packed.HalfSquares[i]));
        return packed;
    }

    /// <summary>The first value of a group.</summary>
    /// <param name="group">Which.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float Group(int group) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), (nint)group * GroupRows * Dimension);

    /// <summary>One value.</summary>
    /// <param name="row">Of which row.</param>
    /// <param name="coordinate">Which coordinate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Value(int row, int coordinate) => Unsafe.Add(ref Group(row / GroupRows), coordinate * GroupRows + row % GroupRows);

    private void Set(int group, double[] rows, int count, double[] centre)
    {
        ref float target = ref Group(group);
        for (int i = 0; i < GroupRows; i++)
        {
            double square = 0;
            for (int j = 0; j < Dimension; j++)
            {
                float value = i < count ? (float)(rows[i * Dimension + j] - centre[j]) : 0;
                Unsafe.Add(ref target, j * GroupRows + i) = value;
                square += (double)value * value;
            }
            if (i < count) HalfSquares[group * GroupRows + i] = 0.5 * square;
        }
    }
}
