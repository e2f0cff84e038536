using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>The products of packed rows with a panel of 32 samples, in tiles of eight rows, or coordinates, by 32 samples.</summary>
/// <remarks>Every lane adds up in the same order, so the bits of a sample depend neither on the vectors' width nor on the other lanes.</remarks>
internal static class PanelProducts
{
    /// <summary>The samples of a panel: two of the widest vectors.</summary>
    public const int Lanes = 32;

    /// <summary>The rows of a group.</summary>
    public const int Rows = 8;

    /// <summary>energies ← start - rows · samples, over some of the coordinates.</summary>
    /// <param name="rows">Eight values for each coordinate.</param>
    /// <param name="coordinates">Which coordinates.</param>
    /// <param name="count">How many.</param>
    /// <param name="samples">The panel, 32 values for each coordinate, all of them.</param>
    /// <param name="offsets">What the eight rows' energies start with; null to go on from what is there.</param>
    /// <param name="energies">Eight rows of 32 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Energies(ref float rows, ref byte coordinates, int count, ref float samples, ref float offsets, ref float energies)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Sum512(ref rows, ref coordinates, count, ref samples, out Sums512 sums);
            sums.SubtractFrom(ref offsets, ref energies);
            return;
        }
        int width = Vector<float>.Count;
        for (int lane = 0; lane < Lanes; lane += 2 * width)
        {
            for (int row = 0; row < Rows; row += 4)
            {
                Sum(ref Unsafe.Add(ref rows, row), ref coordinates, count, ref Unsafe.Add(ref samples, lane), out Sums sums);
                ref float start = ref offsets;
                if (!Unsafe.IsNullRef(ref offsets)) start = ref Unsafe.Add(ref offsets, row);
                sums.SubtractFrom(ref start, ref Unsafe.Add(ref energies, row * Lanes + lane));
            }
        }
    }

    /// <summary>sums ← sums + weights · rows, for some coordinates of one group.</summary>
    /// <param name="rows">Eight values for each coordinate.</param>
    /// <param name="coordinates">Which coordinates.</param>
    /// <param name="count">How many.</param>
    /// <param name="weights">The weights of the eight rows, 32 values each.</param>
    /// <param name="sums">32 values for each coordinate, all of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ref float rows, ref byte coordinates, int count, ref float weights, ref float sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Add512(ref rows, ref coordinates, count, ref weights, ref sums);
            return;
        }
        int width = Vector<float>.Count;
        for (int lane = 0; lane < Lanes; lane += width)
        {
            ref float own = ref Unsafe.Add(ref weights, lane);
            Vector<float> w0 = Weight(ref own, 0), w1 = Weight(ref own, 1), w2 = Weight(ref own, 2), w3 = Weight(ref own, 3);
            Vector<float> w4 = Weight(ref own, 4), w5 = Weight(ref own, 5), w6 = Weight(ref own, 6), w7 = Weight(ref own, 7);
            for (int i = 0; i < count; i++)
            {
                ref float row = ref Unsafe.Add(ref rows, i * Rows);
                ref float sum = ref Unsafe.Add(ref sums, Unsafe.Add(ref coordinates, i) * Lanes + lane);
                Vector<float> lower = new Vector<float>(row) * w0;
                lower = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, 1)), w1, lower);
                lower = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, 2)), w2, lower);
                lower = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, 3)), w3, lower);
                Vector<float> upper = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, 4)), w4, Vector.LoadUnsafe(ref sum));
                upper = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, 5)), w5, upper);
                upper = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, 6)), w6, upper);
                upper = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, 7)), w7, upper);
                (lower + upper).StoreUnsafe(ref sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Weight(ref float weights, nuint row) => Vector.LoadUnsafe(ref weights, row * Lanes);

    // The sixteen weights of a pair of vectors stay in registers. Two chains of four wait for one another less than one of eight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add512(ref float rows, ref byte coordinates, int count, ref float weights, ref float sums)
    {
        Vector512<float> a0 = Vector512.LoadUnsafe(ref weights, 0 * Lanes), b0 = Vector512.LoadUnsafe(ref weights, 0 * Lanes + 16);
        Vector512<float> a1 = Vector512.LoadUnsafe(ref weights, 1 * Lanes), b1 = Vector512.LoadUnsafe(ref weights, 1 * Lanes + 16);
        Vector512<float> a2 = Vector512.LoadUnsafe(ref weights, 2 * Lanes), b2 = Vector512.LoadUnsafe(ref weights, 2 * Lanes + 16);
        Vector512<float> a3 = Vector512.LoadUnsafe(ref weights, 3 * Lanes), b3 = Vector512.LoadUnsafe(ref weights, 3 * Lanes + 16);
        Vector512<float> a4 = Vector512.LoadUnsafe(ref weights, 4 * Lanes), b4 = Vector512.LoadUnsafe(ref weights, 4 * Lanes + 16);
        Vector512<float> a5 = Vector512.LoadUnsafe(ref weights, 5 * Lanes), b5 = Vector512.LoadUnsafe(ref weights, 5 * Lanes + 16);
        Vector512<float> a6 = Vector512.LoadUnsafe(ref weights, 6 * Lanes), b6 = Vector512.LoadUnsafe(ref weights, 6 * Lanes + 16);
        Vector512<float> a7 = Vector512.LoadUnsafe(ref weights, 7 * Lanes), b7 = Vector512.LoadUnsafe(ref weights, 7 * Lanes + 16);
        for (; count > 0; count--, coordinates = ref Unsafe.Add(ref coordinates, 1), rows = ref Unsafe.Add(ref rows, Rows))
        {
            ref float sum = ref Unsafe.Add(ref sums, (nuint)coordinates * Lanes);
            Vector512<float> f = Vector512.Create(rows), lowerLeft = f * a0, lowerRight = f * b0;
            f = Vector512.Create(Unsafe.Add(ref rows, 4));
            Vector512<float> left = Vector512.MultiplyAddEstimate(f, a4, Vector512.LoadUnsafe(ref sum));
            Vector512<float> right = Vector512.MultiplyAddEstimate(f, b4, Vector512.LoadUnsafe(ref sum, 16));
            f = Vector512.Create(Unsafe.Add(ref rows, 1));
            (lowerLeft, lowerRight) = (Vector512.MultiplyAddEstimate(f, a1, lowerLeft), Vector512.MultiplyAddEstimate(f, b1, lowerRight));
            f = Vector512.Create(Unsafe.Add(ref rows, 5));
            (left, right) = (Vector512.MultiplyAddEstimate(f, a5, left), Vector512.MultiplyAddEstimate(f, b5, right));
            f = Vector512.Create(Unsafe.Add(ref rows, 2));
            (lowerLeft, lowerRight) = (Vector512.MultiplyAddEstimate(f, a2, lowerLeft), Vector512.MultiplyAddEstimate(f, b2, lowerRight));
            f = Vector512.Create(Unsafe.Add(ref rows, 6));
            (left, right) = (Vector512.MultiplyAddEstimate(f, a6, left), Vector512.MultiplyAddEstimate(f, b6, right));
            f = Vector512.Create(Unsafe.Add(ref rows, 3));
            (lowerLeft, lowerRight) = (Vector512.MultiplyAddEstimate(f, a3, lowerLeft), Vector512.MultiplyAddEstimate(f, b3, lowerRight));
            f = Vector512.Create(Unsafe.Add(ref rows, 7));
            (left, right) = (Vector512.MultiplyAddEstimate(f, a7, left), Vector512.MultiplyAddEstimate(f, b7, right));
            (lowerLeft + left).StoreUnsafe(ref sum);
            (lowerRight + right).StoreUnsafe(ref sum, 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum512(ref float rows, ref byte coordinates, int count, ref float samples, out Sums512 sums)
    {
        Vector512<float> a0 = Vector512<float>.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        Vector512<float> b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, b6 = a0, b7 = a0;
        for (; count > 0; count--, coordinates = ref Unsafe.Add(ref coordinates, 1), rows = ref Unsafe.Add(ref rows, Rows))
        {
            ref float sample = ref Unsafe.Add(ref samples, (nuint)coordinates * Lanes);
            Vector512<float> left = Vector512.LoadUnsafe(ref sample), right = Vector512.LoadUnsafe(ref sample, 16);
            Vector512<float> f = Vector512.Create(rows);
            (a0, b0) = (Vector512.MultiplyAddEstimate(f, left, a0), Vector512.MultiplyAddEstimate(f, right, b0));
            f = Vector512.Create(Unsafe.Add(ref rows, 1));
            (a1, b1) = (Vector512.MultiplyAddEstimate(f, left, a1), Vector512.MultiplyAddEstimate(f, right, b1));
            f = Vector512.Create(Unsafe.Add(ref rows, 2));
            (a2, b2) = (Vector512.MultiplyAddEstimate(f, left, a2), Vector512.MultiplyAddEstimate(f, right, b2));
            f = Vector512.Create(Unsafe.Add(ref rows, 3));
            (a3, b3) = (Vector512.MultiplyAddEstimate(f, left, a3), Vector512.MultiplyAddEstimate(f, right, b3));
            f = Vector512.Create(Unsafe.Add(ref rows, 4));
            (a4, b4) = (Vector512.MultiplyAddEstimate(f, left, a4), Vector512.MultiplyAddEstimate(f, right, b4));
            f = Vector512.Create(Unsafe.Add(ref rows, 5));
            (a5, b5) = (Vector512.MultiplyAddEstimate(f, left, a5), Vector512.MultiplyAddEstimate(f, right, b5));
            f = Vector512.Create(Unsafe.Add(ref rows, 6));
            (a6, b6) = (Vector512.MultiplyAddEstimate(f, left, a6), Vector512.MultiplyAddEstimate(f, right, b6));
            f = Vector512.Create(Unsafe.Add(ref rows, 7));
            (a7, b7) = (Vector512.MultiplyAddEstimate(f, left, a7), Vector512.MultiplyAddEstimate(f, right, b7));
        }
        (sums.A0, sums.A1, sums.A2, sums.A3, sums.A4, sums.A5, sums.A6, sums.A7) = (a0, a1, a2, a3, a4, a5, a6, a7);
        (sums.B0, sums.B1, sums.B2, sums.B3, sums.B4, sums.B5, sums.B6, sums.B7) = (b0, b1, b2, b3, b4, b5, b6, b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(ref float rows, ref byte coordinates, int count, ref float samples, out Sums sums)
    {
        Vector<float> a0 = Vector<float>.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        for (; count > 0; count--, coordinates = ref Unsafe.Add(ref coordinates, 1), rows = ref Unsafe.Add(ref rows, Rows))
        {
            ref float sample = ref Unsafe.Add(ref samples, (nuint)coordinates * Lanes);
            Vector<float> left = Vector.LoadUnsafe(ref sample), right = Vector.LoadUnsafe(ref sample, (nuint)Vector<float>.Count);
            var f = new Vector<float>(rows);
            (a0, b0) = (SimdMath.MultiplyAdd(f, left, a0), SimdMath.MultiplyAdd(f, right, b0));
            f = new Vector<float>(Unsafe.Add(ref rows, 1));
            (a1, b1) = (SimdMath.MultiplyAdd(f, left, a1), SimdMath.MultiplyAdd(f, right, b1));
            f = new Vector<float>(Unsafe.Add(ref rows, 2));
            (a2, b2) = (SimdMath.MultiplyAdd(f, left, a2), SimdMath.MultiplyAdd(f, right, b2));
            f = new Vector<float>(Unsafe.Add(ref rows, 3));
            (a3, b3) = (SimdMath.MultiplyAdd(f, left, a3), SimdMath.MultiplyAdd(f, right, b3));
        }
        sums = new Sums(a0, b0, a1, b1, a2, b2, a3, b3);
    }

    private struct Sums512
    {
        public Vector512<float> A0, A1, A2, A3, A4, A5, A6, A7, B0, B1, B2, B3, B4, B5, B6, B7;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void SubtractFrom(ref float offsets, ref float energies)
        {
            Subtract(ref offsets, ref energies, 0, A0, B0);
            Subtract(ref offsets, ref energies, 1, A1, B1);
            Subtract(ref offsets, ref energies, 2, A2, B2);
            Subtract(ref offsets, ref energies, 3, A3, B3);
            Subtract(ref offsets, ref energies, 4, A4, B4);
            Subtract(ref offsets, ref energies, 5, A5, B5);
            Subtract(ref offsets, ref energies, 6, A6, B6);
            Subtract(ref offsets, ref energies, 7, A7, B7);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Subtract(ref float offsets, ref float energies, int row, Vector512<float> left, Vector512<float> right)
        {
            ref float own = ref Unsafe.Add(ref energies, row * Lanes);
            bool isFirst = !Unsafe.IsNullRef(ref offsets);
            Vector512<float> start = isFirst ? Vector512.Create(Unsafe.Add(ref offsets, row)) : Vector512.LoadUnsafe(ref own);
            Vector512<float> second = isFirst ? start : Vector512.LoadUnsafe(ref own, 16);
            (start - left).StoreUnsafe(ref own);
            (second - right).StoreUnsafe(ref own, 16);
        }
    }

    private readonly struct Sums(
        Vector<float> a0, Vector<float> b0, Vector<float> a1, Vector<float> b1, Vector<float> a2, Vector<float> b2, Vector<float> a3, Vector<float> b3)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void SubtractFrom(ref float offsets, ref float energies)
        {
            Subtract(ref offsets, ref energies, 0, a0, b0);
            Subtract(ref offsets, ref energies, 1, a1, b1);
            Subtract(ref offsets, ref energies, 2, a2, b2);
            Subtract(ref offsets, ref energies, 3, a3, b3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Subtract(ref float offsets, ref float energies, int row, Vector<float> left, Vector<float> right)
        {
            ref float own = ref Unsafe.Add(ref energies, row * Lanes);
            bool isFirst = !Unsafe.IsNullRef(ref offsets);
            Vector<float> start = isFirst ? new Vector<float>(Unsafe.Add(ref offsets, row)) : Vector.LoadUnsafe(ref own);
            Vector<float> second = isFirst ? start : Vector.LoadUnsafe(ref own, (nuint)Vector<float>.Count);
            (start - left).StoreUnsafe(ref own);
            (second - right).StoreUnsafe(ref own, (nuint)Vector<float>.Count);
        }
    }
}
