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
    /// <param name="samples">The panel, 32 values for each coordinate.</param>
    /// <param name="coordinates">How many coordinates.</param>
    /// <param name="offsets">What the eight rows' energies start with; null to go on from what is there.</param>
    /// <param name="energies">Eight rows of 32 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Energies(ref float rows, ref float samples, int coordinates, ref float offsets, ref float energies)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Sum512(ref rows, 1, ref samples, coordinates, Rows, out Sums512 sums);
            sums.SubtractFrom(ref offsets, ref energies);
            return;
        }
        int width = Vector<float>.Count;
        for (int lane = 0; lane < Lanes; lane += 2 * width)
        {
            for (int row = 0; row < Rows; row += 4)
            {
                Sum(ref Unsafe.Add(ref rows, row), 1, ref Unsafe.Add(ref samples, lane), coordinates, Rows, out Sums sums);
                ref float start = ref offsets;
                if (!Unsafe.IsNullRef(ref offsets)) start = ref Unsafe.Add(ref offsets, row);
                sums.SubtractFrom(ref start, ref Unsafe.Add(ref energies, row * Lanes + lane));
            }
        }
    }

    /// <summary>sums ← sums + weights · rows, for eight coordinates (or fewer at the end) of one group.</summary>
    /// <param name="rows">Eight values for each coordinate, from the first of the eight on.</param>
    /// <param name="weights">The weights of the eight rows, 32 values each.</param>
    /// <param name="groups">The places of the groups in both, relative to the first.</param>
    /// <param name="groupSize">The values of a group.</param>
    /// <param name="coordinates">At most eight.</param>
    /// <param name="sums">32 values for each coordinate.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ref float rows, ref float weights, ReadOnlySpan<int> groups, int groupSize, int coordinates, ref float sums)
    {
        if (Vector512.IsHardwareAccelerated && coordinates == 8)
        {
            Sums512 total = default;
            foreach (int group in groups)
                Accumulate512(ref Unsafe.Add(ref rows, (nint)group * groupSize), Rows, ref Unsafe.Add(ref weights, (nint)group * (Rows * Lanes)), Rows, 1, ref total);
            total.AddTo(ref sums);
            return;
        }
        int width = Vector<float>.Count;
        for (int lane = 0; lane < Lanes; lane += width)
        {
            for (int j = 0; j < coordinates; j++)
            {
                Vector<float> total = Vector<float>.Zero;
                foreach (int group in groups)
                {
                    ref float row = ref Unsafe.Add(ref rows, (nint)group * groupSize + j * Rows);
                    ref float weight = ref Unsafe.Add(ref weights, (nint)group * (Rows * Lanes) + lane);
                    for (int c = 0; c < Rows; c++)
                        total = SimdMath.MultiplyAdd(new Vector<float>(Unsafe.Add(ref row, c)), Vector.LoadUnsafe(ref weight, (nuint)(c * Lanes)), total);
                }
                ref float sum = ref Unsafe.Add(ref sums, j * Lanes + lane);
                (Vector.LoadUnsafe(ref sum) + total).StoreUnsafe(ref sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum512(ref float factors, int factorStep, ref float panel, int count, int step, out Sums512 sums)
    {
        sums = default;
        Accumulate512(ref factors, factorStep, ref panel, count, step, ref sums);
    }

    // sums[i] += Σ factors[i factorStep + k step] panel[k]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate512(ref float factors, int factorStep, ref float panel, int count, int step, ref Sums512 sums)
    {
        Vector512<float> a0 = sums.A0, a1 = sums.A1, a2 = sums.A2, a3 = sums.A3, a4 = sums.A4, a5 = sums.A5, a6 = sums.A6, a7 = sums.A7;
        Vector512<float> b0 = sums.B0, b1 = sums.B1, b2 = sums.B2, b3 = sums.B3, b4 = sums.B4, b5 = sums.B5, b6 = sums.B6, b7 = sums.B7;
        for (; count > 0; count--, factors = ref Unsafe.Add(ref factors, step), panel = ref Unsafe.Add(ref panel, Lanes))
        {
            Vector512<float> left = Vector512.LoadUnsafe(ref panel), right = Vector512.LoadUnsafe(ref panel, 16);
            Vector512<float> f = Vector512.Create(factors);
            (a0, b0) = (Vector512.MultiplyAddEstimate(f, left, a0), Vector512.MultiplyAddEstimate(f, right, b0));
            f = Vector512.Create(Unsafe.Add(ref factors, factorStep));
            (a1, b1) = (Vector512.MultiplyAddEstimate(f, left, a1), Vector512.MultiplyAddEstimate(f, right, b1));
            f = Vector512.Create(Unsafe.Add(ref factors, 2 * factorStep));
            (a2, b2) = (Vector512.MultiplyAddEstimate(f, left, a2), Vector512.MultiplyAddEstimate(f, right, b2));
            f = Vector512.Create(Unsafe.Add(ref factors, 3 * factorStep));
            (a3, b3) = (Vector512.MultiplyAddEstimate(f, left, a3), Vector512.MultiplyAddEstimate(f, right, b3));
            f = Vector512.Create(Unsafe.Add(ref factors, 4 * factorStep));
            (a4, b4) = (Vector512.MultiplyAddEstimate(f, left, a4), Vector512.MultiplyAddEstimate(f, right, b4));
            f = Vector512.Create(Unsafe.Add(ref factors, 5 * factorStep));
            (a5, b5) = (Vector512.MultiplyAddEstimate(f, left, a5), Vector512.MultiplyAddEstimate(f, right, b5));
            f = Vector512.Create(Unsafe.Add(ref factors, 6 * factorStep));
            (a6, b6) = (Vector512.MultiplyAddEstimate(f, left, a6), Vector512.MultiplyAddEstimate(f, right, b6));
            f = Vector512.Create(Unsafe.Add(ref factors, 7 * factorStep));
            (a7, b7) = (Vector512.MultiplyAddEstimate(f, left, a7), Vector512.MultiplyAddEstimate(f, right, b7));
        }
        (sums.A0, sums.A1, sums.A2, sums.A3, sums.A4, sums.A5, sums.A6, sums.A7) = (a0, a1, a2, a3, a4, a5, a6, a7);
        (sums.B0, sums.B1, sums.B2, sums.B3, sums.B4, sums.B5, sums.B6, sums.B7) = (b0, b1, b2, b3, b4, b5, b6, b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(ref float factors, int factorStep, ref float panel, int count, int step, out Sums sums)
    {
        Vector<float> a0 = Vector<float>.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        for (; count > 0; count--, factors = ref Unsafe.Add(ref factors, step), panel = ref Unsafe.Add(ref panel, Lanes))
        {
            Vector<float> left = Vector.LoadUnsafe(ref panel), right = Vector.LoadUnsafe(ref panel, (nuint)Vector<float>.Count);
            var f = new Vector<float>(factors);
            (a0, b0) = (SimdMath.MultiplyAdd(f, left, a0), SimdMath.MultiplyAdd(f, right, b0));
            f = new Vector<float>(Unsafe.Add(ref factors, factorStep));
            (a1, b1) = (SimdMath.MultiplyAdd(f, left, a1), SimdMath.MultiplyAdd(f, right, b1));
            f = new Vector<float>(Unsafe.Add(ref factors, 2 * factorStep));
            (a2, b2) = (SimdMath.MultiplyAdd(f, left, a2), SimdMath.MultiplyAdd(f, right, b2));
            f = new Vector<float>(Unsafe.Add(ref factors, 3 * factorStep));
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
        public readonly void AddTo(ref float target)
        {
            Add(ref target, 0, A0, B0);
            Add(ref target, 1, A1, B1);
            Add(ref target, 2, A2, B2);
            Add(ref target, 3, A3, B3);
            Add(ref target, 4, A4, B4);
            Add(ref target, 5, A5, B5);
            Add(ref target, 6, A6, B6);
            Add(ref target, 7, A7, B7);
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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add(ref float target, int row, Vector512<float> left, Vector512<float> right)
        {
            ref float own = ref Unsafe.Add(ref target, row * Lanes);
            (Vector512.LoadUnsafe(ref own) + left).StoreUnsafe(ref own);
            (Vector512.LoadUnsafe(ref own, 16) + right).StoreUnsafe(ref own, 16);
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
