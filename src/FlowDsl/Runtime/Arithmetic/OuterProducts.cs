using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Sums over samples of products of rows with rows.</summary>
/// <remarks>
/// Vectors lie along the columns of the result, so nothing is summed across a vector and no bit depends on its width. A panel of two vectors of the
/// right rows is transposed once and stays in the first-level cache while all left rows pass. A tile is six left rows times the panel; its sums stay
/// in registers, and each value of a left row is broadcast once.
/// </remarks>
internal static class OuterProducts
{
    private const int Height = 6;

    /// <summary>target += left rightᵀ.</summary>
    /// <param name="left">The first left row.</param>
    /// <param name="rows">The number of left rows.</param>
    /// <param name="right">The first right row.</param>
    /// <param name="columns">The number of right rows.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of samples, at most some hundreds: the panel is on the stack.</param>
    /// <param name="target">rows × columns, row by row.</param>
    public static void Add(ref float left, int rows, ref float right, int columns, nuint pitch, nuint lanes, Span<float> target)
    {
        // The loops below have no bounds checks.
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, rows * columns);
        int breadth = 2 * Vector<float>.Count;
        Span<float> panel = stackalloc float[(int)lanes * breadth];
        for (int column = 0; column < columns; column += breadth)
        {
            int kept = Math.Min(breadth, columns - column);
            Transpose(ref Unsafe.Add(ref right, (nuint)column * pitch), pitch, kept, panel, breadth, (int)lanes);
            AddPanel(ref left, rows, pitch, lanes, ref panel[0], kept, ref target[column], (nuint)columns);
        }
    }

    private static void Transpose(ref float right, nuint pitch, int kept, Span<float> panel, int breadth, int lanes)
    {
        // The padding of a partial panel is computed and dropped; it must not hold subnormal numbers, which are slow.
        if (kept < breadth) panel.Clear();
        int j = BitConverter.IsLittleEndian ? kept / 4 * 4 : 0;
        TransposeFours(ref right, pitch, ref panel[0], (nuint)breadth, (nuint)j, (nuint)lanes);
        for (; j < kept; j++)
            for (int i = 0; i < lanes; i++) panel[i * breadth + j] = Unsafe.Add(ref right, (nuint)j * pitch + (nuint)i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFours(ref float right, nuint pitch, ref float panel, nuint breadth, nuint rows, nuint lanes)
    {
        for (nuint j = 0; j < rows; j += 4)
        {
            ref float row0 = ref Unsafe.Add(ref right, j * pitch), row1 = ref Unsafe.Add(ref row0, pitch);
            ref float row2 = ref Unsafe.Add(ref row1, pitch), row3 = ref Unsafe.Add(ref row2, pitch), target = ref Unsafe.Add(ref panel, j);
            for (nuint i = 0; i < lanes; i += 4, target = ref Unsafe.Add(ref target, 4 * breadth))
            {
                (Vector128<double> even01, Vector128<double> odd01) = Pair(Vector128.LoadUnsafe(ref row0, i), Vector128.LoadUnsafe(ref row1, i));
                (Vector128<double> even23, Vector128<double> odd23) = Pair(Vector128.LoadUnsafe(ref row2, i), Vector128.LoadUnsafe(ref row3, i));
                Vector128.Create(even01[0], even23[0]).AsSingle().StoreUnsafe(ref target);
                Vector128.Create(odd01[0], odd23[0]).AsSingle().StoreUnsafe(ref target, breadth);
                Vector128.Create(even01[1], even23[1]).AsSingle().StoreUnsafe(ref target, 2 * breadth);
                Vector128.Create(odd01[1], odd23[1]).AsSingle().StoreUnsafe(ref target, 3 * breadth);
            }
        }
    }

    // The pairs (a0, b0), (a2, b2) and (a1, b1), (a3, b3), each where a double is. Shifts and masks: instructions that move across a vector have
    // lower throughput.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<double> Even, Vector128<double> Odd) Pair(Vector128<float> a, Vector128<float> b)
    {
        Vector128<ulong> low = Vector128.Create((ulong)uint.MaxValue);
        return (((a.AsUInt64() & low) | (b.AsUInt64() << 32)).AsDouble(), ((a.AsUInt64() >>> 32) | (b.AsUInt64() & ~low)).AsDouble());
    }

    private static void AddPanel(ref float left, int rows, nuint pitch, nuint lanes, ref float panel, int kept, ref float target, nuint columns)
    {
        int breadth = 2 * Vector<float>.Count, row = 0;
        if (kept == breadth)
            for (; row + Height <= rows; row += Height)
                AddTile(ref Unsafe.Add(ref left, (nuint)row * pitch), pitch, Height - 1, lanes, ref panel, ref Unsafe.Add(ref target, (nuint)row * columns),
                    columns);
        Span<float> tile = stackalloc float[Height * breadth];
        for (; row < rows; row += Height)
        {
            int height = Math.Min(Height, rows - row);
            tile.Clear();
            AddTile(ref Unsafe.Add(ref left, (nuint)row * pitch), pitch, (nuint)height - 1, lanes, ref panel, ref tile[0], (nuint)breadth);
            for (int r = 0; r < height; r++)
                for (int column = 0; column < kept; column++) Unsafe.Add(ref target, (nuint)(row + r) * columns + (nuint)column) += tile[r * breadth + column];
        }
    }

    // Rows past the last repeat the last one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(ref float left, nuint pitch, nuint last, nuint lanes, ref float panel, ref float target, nuint columns)
    {
        nuint width = (nuint)Vector<float>.Count;
        ref float left1 = ref Unsafe.Add(ref left, Math.Min(1, last) * pitch), left2 = ref Unsafe.Add(ref left, Math.Min(2, last) * pitch);
        ref float left3 = ref Unsafe.Add(ref left, Math.Min(3, last) * pitch), left4 = ref Unsafe.Add(ref left, Math.Min(4, last) * pitch);
        ref float left5 = ref Unsafe.Add(ref left, Math.Min(5, last) * pitch);
        Vector<float> a0 = Vector<float>.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
        for (nuint i = 0; i < lanes; i++, panel = ref Unsafe.Add(ref panel, 2 * width))
        {
            Vector<float> xa = Vector.LoadUnsafe(ref panel), xb = Vector.LoadUnsafe(ref panel, width);
            Vector<float> value = Vector.Create(Unsafe.Add(ref left, i));
            a0 = Vector.MultiplyAddEstimate(value, xa, a0);
            b0 = Vector.MultiplyAddEstimate(value, xb, b0);
            value = Vector.Create(Unsafe.Add(ref left1, i));
            a1 = Vector.MultiplyAddEstimate(value, xa, a1);
            b1 = Vector.MultiplyAddEstimate(value, xb, b1);
            value = Vector.Create(Unsafe.Add(ref left2, i));
            a2 = Vector.MultiplyAddEstimate(value, xa, a2);
            b2 = Vector.MultiplyAddEstimate(value, xb, b2);
            value = Vector.Create(Unsafe.Add(ref left3, i));
            a3 = Vector.MultiplyAddEstimate(value, xa, a3);
            b3 = Vector.MultiplyAddEstimate(value, xb, b3);
            value = Vector.Create(Unsafe.Add(ref left4, i));
            a4 = Vector.MultiplyAddEstimate(value, xa, a4);
            b4 = Vector.MultiplyAddEstimate(value, xb, b4);
            value = Vector.Create(Unsafe.Add(ref left5, i));
            a5 = Vector.MultiplyAddEstimate(value, xa, a5);
            b5 = Vector.MultiplyAddEstimate(value, xb, b5);
        }
        AddTo(a0, b0, ref target);
        AddTo(a1, b1, ref Unsafe.Add(ref target, columns));
        AddTo(a2, b2, ref Unsafe.Add(ref target, 2 * columns));
        AddTo(a3, b3, ref Unsafe.Add(ref target, 3 * columns));
        AddTo(a4, b4, ref Unsafe.Add(ref target, 4 * columns));
        AddTo(a5, b5, ref Unsafe.Add(ref target, 5 * columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(Vector<float> a, Vector<float> b, ref float target)
    {
        nuint width = (nuint)Vector<float>.Count;
        (Vector.LoadUnsafe(ref target) + a).StoreUnsafe(ref target);
        (Vector.LoadUnsafe(ref target, width) + b).StoreUnsafe(ref target, width);
    }
}
