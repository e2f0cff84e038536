using System.Numerics;

namespace FlowDsl.Data;

/// <summary>
/// How rows are packed so that products can leave zeros out: about an origin from which many values do not differ, as the background of images, and in an
/// order in which neighbours differ from it at the same coordinates.
/// </summary>
internal sealed class RowLayout
{
    // Rows that show which values are frequent.
    private const int ShowingRows = 256;

    // Less of the values than this at the origin are not worth an order.
    private const double LeastShare = 1.0 / 8;

    private readonly int[]? _order;

    /// <summary>Rows about 0, in their own order.</summary>
    /// <param name="rows">The rows.</param>
    public RowLayout(DataRows rows) => Origin = new double[rows.Dimension];

    /// <summary>The layout of a data set.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="mean">Their mean, the origin along coordinates without a frequent value.</param>
    public RowLayout(DataRows rows, double[] mean)
    {
        (Origin, double share) = OriginOf(rows, mean);
        if (share >= LeastShare) _order = OrderOf(rows, Origin);
    }

    /// <summary>The origin, d values.</summary>
    public double[] Origin { get; }

    /// <summary>Which row comes at a place.</summary>
    public int RowAt(int place) => _order is null ? place : _order[place];

    // Along each coordinate the most frequent value of some rows if a quarter of them have it; with the share of the values that are the origin's.
    private static (double[] Origin, double Share) OriginOf(DataRows rows, double[] mean)
    {
        int shown = Math.Min(rows.Count, ShowingRows), d = mean.Length;
        double[] values = new double[shown * d], column = new double[shown], origin = (double[])mean.Clone(), row = new double[d];
        double spread = 0, offset = 0;
        long same = 0;
        for (int i = 0; i < shown; i++)
        {
            rows.Read((int)((long)i * rows.Count / shown), row);
            for (int j = 0; j < d; j++)
            {
                values[j * shown + i] = row[j];
                spread += (row[j] - mean[j]) * (row[j] - mean[j]) / shown;
            }
        }
        for (int j = 0; j < d; j++)
        {
            values.AsSpan(j * shown, shown).CopyTo(column);
            Array.Sort(column);
            (int most, int run) = (0, 0);
            for (int i = 0; i < shown; i++)
            {
                run = i > 0 && column[i] == column[i - 1] ? run + 1 : 1;
                if (run > most && 4 * run >= shown) (most, origin[j]) = (run, column[i]);
            }
            same += most;
            offset += (origin[j] - mean[j]) * (origin[j] - mean[j]);
        }
        // Far from the mean, rounding would grow.
        return offset > 4 * spread ? ((double[])mean.Clone(), 0) : (origin, (double)same / values.Length);
    }

    // Halves again and again, each time by which of two rows far from one another is nearer.
    private static int[] OrderOf(DataRows rows, double[] origin)
    {
        int words = (origin.Length + 63) / 64;
        ulong[] supports = new ulong[rows.Count * words];
        Parallel.For(0, rows.Count, () => new double[origin.Length], (i, _, row) =>
        {
            rows.Read(i, row);
            for (int j = 0; j < row.Length; j++)
                if ((float)(row[j] - origin[j]) != 0) supports[i * words + j / 64] |= 1UL << j % 64;
            return row;
        }, static _ => { });
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        Halve(order, new long[rows.Count]);
        return order;

        void Halve(Span<int> part, Span<long> keys)
        {
            if (part.Length <= PackedRows.GroupRows) return;
            int left = Farthest(part, part[0]), right = Farthest(part, left);
            for (int i = 0; i < part.Length; i++) keys[i] = ((long)(Distance(part[i], left) - Distance(part[i], right)) << 32) + part[i];
            keys.Sort();
            for (int i = 0; i < part.Length; i++) part[i] = (int)(uint)keys[i];
            int half = (part.Length / 2 + PackedRows.GroupRows - 1) / PackedRows.GroupRows * PackedRows.GroupRows;
            Halve(part[..half], keys[..half]);
            Halve(part[half..], keys[half..]);
        }

        int Farthest(ReadOnlySpan<int> part, int from)
        {
            (int farthest, int most) = (from, -1);
            foreach (int row in part)
                if (Distance(row, from) is var distance && distance > most) (farthest, most) = (row, distance);
            return farthest;
        }

        // The number of coordinates at which one of two rows alone differs from the origin.
        int Distance(int left, int right)
        {
            int count = 0;
            for (int word = 0; word < words; word++) count += BitOperations.PopCount(supports[left * words + word] ^ supports[right * words + word]);
            return count;
        }
    }
}
