using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Data;

/// <summary>
/// Rows about an origin in single precision, eight by eight. A group holds, chunk by chunk of the coordinates, the eight values of every coordinate where
/// one of them is not 0. A product with samples reads it from start to end, whether it runs over the coordinates or over the rows.
/// </summary>
internal sealed class PackedRows
{
    /// <summary>The rows of a group.</summary>
    public const int GroupRows = PanelProducts.Rows;

    /// <summary>The coordinates of a chunk: they and their part of a panel of samples stay in the first-level cache.</summary>
    public const int ChunkCoordinates = 128;

    private readonly Group[] _groups;

    // What is added to a packed value for the coordinate about the centre.
    private readonly double[] _shift;

    private PackedRows(int count, double[] origin, double[] centre)
    {
        (Count, Dimension) = (count, origin.Length);
        _groups = new Group[(count + GroupRows - 1) / GroupRows];
        _shift = [.. origin.Zip(centre, (own, other) => own - other)];
        // Rows that only fill the last group are never near anything.
        HalfSquares = new double[_groups.Length * GroupRows];
        HalfSquares.AsSpan(count).Fill(double.PositiveInfinity);
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The number of groups.</summary>
    public int Groups => _groups.Length;

    /// <summary>The number of chunks of coordinates.</summary>
    public int Chunks => (Dimension + ChunkCoordinates - 1) / ChunkCoordinates;

    /// <summary>Half the squared distances of the packed rows from the centre; infinite for those that only fill the last group.</summary>
    public double[] HalfSquares { get; }

    /// <summary>The greatest distance of a row from the centre.</summary>
    public double Radius { get; private set; }

    /// <summary>The greatest distance of a row from the origin.</summary>
    public double Reach { get; private set; }

    /// <summary>The share of the values that are kept.</summary>
    public double Density => (double)_groups.Sum(group => group.Coordinates.Length) / ((long)Groups * Dimension);

    /// <summary>Packs rows about zero.</summary>
    /// <param name="rows">The rows.</param>
    public static PackedRows Of(DataRows rows) => Of(rows, new double[rows.Dimension], new RowLayout(rows));

    /// <summary>Packs rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="centre">The point from which distances count, d values.</param>
    /// <param name="layout">The origin, and the order of the rows.</param>
    public static PackedRows Of(DataRows rows, double[] centre, RowLayout layout)
    {
        var packed = new PackedRows(rows.Count, layout.Origin, centre);
        double[] reaches = new double[packed.Groups];
        Parallel.For(0, packed.Groups, () => (new double[rows.Dimension], new float[GroupRows * rows.Dimension]), (group, _, buffers) =>
        {
            (double[] row, float[] values) = buffers;
            int first = group * GroupRows, count = Math.Min(GroupRows, rows.Count - first);
            Array.Clear(values);
            for (int i = 0; i < count; i++)
            {
                rows.Read(layout.RowAt(first + i), row);
                double square = 0, reach = 0;
                for (int j = 0; j < row.Length; j++)
                {
                    float value = values[j * GroupRows + i] = (float)(row[j] - layout.Origin[j]);
                    double difference = value + packed._shift[j];
                    square += difference * difference;
                    reach += (double)value * value;
                }
                packed.HalfSquares[first + i] = 0.5 * square;
                reaches[group] = Math.Max(reaches[group], Math.Sqrt(reach));
            }
            packed._groups[group] = new Group(values);
            return buffers;
        }, static _ => { });
        for (int i = 0; i < packed.Count; i++) packed.Radius = Math.Max(packed.Radius, Math.Sqrt(2 * packed.HalfSquares[i]));
        packed.Reach = reaches.Max();
        return packed;
    }

    /// <summary>A group's values at the coordinates of a chunk.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="chunk">Which chunk.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowPart Part(int group, int chunk)
    {
        Group own = _groups[group];
        int start = own.Starts[chunk];
        return new RowPart(
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(own.Values), start * GroupRows),
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(own.Coordinates), start), own.Starts[chunk + 1] - start);
    }

    /// <summary>The product of a row about the origin with a vector.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="vector">d values.</param>
    public double Product(int row, ReadOnlySpan<double> vector)
    {
        double sum = 0;
        for (int chunk = 0; chunk < Chunks; chunk++)
        {
            RowPart part = Part(row / GroupRows, chunk);
            ReadOnlySpan<double> own = vector[(chunk * ChunkCoordinates)..];
            for (int i = 0; i < part.Count; i++)
                sum += own[Unsafe.Add(ref part.Coordinates, i)] * Unsafe.Add(ref part.Values, i * GroupRows + row % GroupRows);
        }
        return sum;
    }

    /// <summary>The product of the origin less the centre with a vector: what <see cref="Product"/> lacks.</summary>
    /// <param name="vector">d values.</param>
    public double OriginProduct(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        for (int j = 0; j < _shift.Length; j++) sum += _shift[j] * vector[j];
        return sum;
    }

    /// <summary>A row about the centre.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="values">Receives d values.</param>
    public void CopyRow(int row, Span<double> values)
    {
        _shift.CopyTo(values);
        for (int chunk = 0; chunk < Chunks; chunk++)
        {
            RowPart part = Part(row / GroupRows, chunk);
            Span<double> own = values[(chunk * ChunkCoordinates)..];
            for (int i = 0; i < part.Count; i++)
                own[Unsafe.Add(ref part.Coordinates, i)] += Unsafe.Add(ref part.Values, i * GroupRows + row % GroupRows);
        }
    }

    /// <summary>Eight rows.</summary>
    private sealed class Group
    {
        /// <summary>Eight values for every coordinate that is kept.</summary>
        public readonly float[] Values;

        /// <summary>The coordinates that are kept, counted from the start of their chunk.</summary>
        public readonly byte[] Coordinates;

        /// <summary>Where each chunk starts among them, and the end.</summary>
        public readonly int[] Starts;

        public Group(ReadOnlySpan<float> values)
        {
            int d = values.Length / GroupRows, count = 0;
            Starts = new int[(d + ChunkCoordinates - 1) / ChunkCoordinates + 1];
            var kept = new List<byte>(d);
            Values = new float[CountKept(values) * GroupRows];
            for (int j = 0; j < d; j++)
            {
                ReadOnlySpan<float> own = values.Slice(j * GroupRows, GroupRows);
                if (own.ContainsAnyExcept(0f))
                {
                    own.CopyTo(Values.AsSpan(count++ * GroupRows));
                    kept.Add((byte)(j % ChunkCoordinates));
                }
                Starts[j / ChunkCoordinates + 1] = count;
            }
            Coordinates = [.. kept];
        }

        private static int CountKept(ReadOnlySpan<float> values)
        {
            int count = 0;
            for (int at = 0; at < values.Length; at += GroupRows)
                if (values.Slice(at, GroupRows).ContainsAnyExcept(0f)) count++;
            return count;
        }
    }
}

/// <summary>A group's values at the coordinates of a chunk.</summary>
internal readonly ref struct RowPart(ref float values, ref byte coordinates, int count)
{
    /// <summary>Eight values for each of the coordinates.</summary>
    public readonly ref float Values = ref values;

    /// <summary>The coordinates, counted from the start of the chunk.</summary>
    public readonly ref byte Coordinates = ref coordinates;

    /// <summary>The number of coordinates.</summary>
    public readonly int Count = count;
}
