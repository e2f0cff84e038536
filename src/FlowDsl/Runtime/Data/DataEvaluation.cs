using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Data;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Data;

/// <summary>
/// One evaluation of a field of a mixture whose components are rows of data, all of one variance and weight. What it leaves out is proved to be small.
/// </summary>
/// <remarks>
/// <para>
/// With δ_k = row_k - mean, λ = a²v + s² and y = (a log₂e/λ) (x - a mean), row k has the energy E_k = (a² log₂e/λ) |δ_k|²/2 - y·δ_k in bits and the weight
/// 2^(min E - E_k). Rows with E_k &gt; min E + log₂n + 24 are left out: together they have at most 2^-24 of the weight, and as no row is farther from the mean
/// than R, the posterior mean changes by less than 2R 2^-24, which is less than 1.2e-7 R.
/// </para>
/// <para>
/// Late in the flow most of these rows need no energy. In an orthonormal system of q directions, P their coordinates and ρ the length of the rest,
/// y·δ_k ≤ Py·Pδ_k + ρ(y) ρ(δ_k): a lower bound of E_k that costs q + 1 products instead of d. Rows whose bound exceeds the energy of one row by the margin
/// are left out. The bounds on rounding are added to the margin, so a row within it is never missed.
/// </para>
/// <para>
/// Energies are products with row_k - origin, many of whose coordinates are 0 where data have a background, and are left out. They differ from the E_k by
/// y·(mean - origin), the same for all rows, which no weight depends on; bounds are compared with what is exactly E_k.
/// </para>
/// <para>
/// Where few rows are left, their energies are computed again in double precision, because single precision has lost their differences.
/// </para>
/// </remarks>
internal sealed class DataEvaluation
{
    private const double LogTwoE = 1.4426950408889634074;

    // The bits beyond log2 n at which a row is left out.
    private const double MarginBits = 24;

    // Coordinates that are added up before they join the rest, which keeps rounding small.
    private const int ChunkCoordinates = PackedRows.ChunkCoordinates;

    // Values of rows that serve all panels from the second-level cache. What they add up to joins the rest at once, which keeps rounding small.
    private const int BlockValues = 1 << 18;

    // Up to so many rows of a sample have their energies computed again.
    private const int MostRefined = 64;

    private const int Lanes = PanelProducts.Lanes, Rows = PackedRows.GroupRows;

    private readonly DataDirections _data;
    private readonly PackedRows _rows;
    private readonly float[] _offsets, _shift;
    private readonly double _a, _half, _scale, _slope, _contrast;
    private readonly bool _screens;

    /// <summary>Prepares an evaluation.</summary>
    /// <param name="data">The rows, and the directions in which they differ most.</param>
    /// <param name="variance">v.</param>
    /// <param name="field">The field at its time.</param>
    public DataEvaluation(DataDirections data, double variance, in MixtureField field)
    {
        (_data, _rows, _a) = (data, data.Rows, field.Point.A);
        double spread = field.Point.Spread(variance);
        (_scale, _half) = (LogTwoE * _a / spread, LogTwoE * _a * _a / spread);
        _slope = field.Axis.At(variance);
        _contrast = field.Contrast / spread;
        _shift = Array.ConvertAll(data.Mean, value => (float)(_a * value));
        _offsets = Array.ConvertAll(_rows.HalfSquares, value => (float)(_half * value));
        // At a = 0 all energies are 0, but the last group is still not full.
        for (int i = _rows.Count; i < _offsets.Length; i++) _offsets[i] = float.PositiveInfinity;
        _screens = data.Bounds is not null && Screens(data, spread);
    }

    /// <summary>The floats of scratch for a lane.</summary>
    /// <param name="count">n.</param>
    /// <param name="dimension">d.</param>
    public static int ScratchRows(int count, int dimension)
        => 2 * dimension + DataDirections.MostDirections + 1 + ChunkCoordinates + (count + Rows - 1) / Rows * Rows;

    /// <summary>Evaluates for the lanes of a block.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row of the block, whole panels.</param>
    /// <param name="scratch">As many values for each lane of the stride as <see cref="ScratchRows"/> says.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes.</param>
    public void Evaluate(ref float x, int stride, ref float scratch, ref float slope, int lanes)
    {
        int panels = (lanes + Lanes - 1) / Lanes, flags = panels * _rows.Groups;
        bool[] alive = ArrayPool<bool>.Shared.Rent(flags);
        var states = new LaneStates[panels];
        for (int p = 0; p < panels; p++)
        {
            states[p] = new LaneStates();
            Panel panel = PanelAt(ref scratch, p);
            Load(ref Unsafe.Add(ref x, p * Lanes), stride, panel, states[p], Math.Min(Lanes, lanes - p * Lanes));
            Span<bool> own = alive.AsSpan(p * _rows.Groups, _rows.Groups);
            if (_screens) Screen(panel, states[p], own);
            else own.Fill(true);
        }
        // A block of rows serves all panels while it is in the cache.
        int together = Math.Max(1, BlockValues / (Rows * _rows.Dimension));
        for (int first = 0; first < _rows.Groups; first += together)
        {
            int last = Math.Min(first + together, _rows.Groups);
            for (int chunk = 0; chunk < _rows.Chunks; chunk++)
                for (int p = 0; p < panels; p++) Energies(PanelAt(ref scratch, p), alive.AsSpan(p * _rows.Groups, _rows.Groups), chunk, first, last);
            for (int p = 0; p < panels; p++) Lower(PanelAt(ref scratch, p), states[p], alive.AsSpan(p * _rows.Groups, _rows.Groups), first, last);
        }
        for (int p = 0; p < panels; p++)
        {
            Panel panel = PanelAt(ref scratch, p);
            Span<bool> own = alive.AsSpan(p * _rows.Groups, _rows.Groups);
            Weigh(panel, states[p], own);
            Refine(ref Unsafe.Add(ref x, p * Lanes), stride, panel, states[p], own);
            MemoryMarshal.CreateSpan(ref panel.Sums, _rows.Dimension * Lanes).Clear();
        }
        for (int first = 0; first < _rows.Groups; first += together)
        {
            int last = Math.Min(first + together, _rows.Groups);
            for (int chunk = 0; chunk < _rows.Chunks; chunk++)
                for (int p = 0; p < panels; p++) Add(PanelAt(ref scratch, p), alive.AsSpan(p * _rows.Groups, _rows.Groups), chunk, first, last);
        }
        ArrayPool<bool>.Shared.Return(alive);
        for (int p = 0; p < panels; p++)
            Store(ref Unsafe.Add(ref x, p * Lanes), stride, PanelAt(ref scratch, p), states[p], ref Unsafe.Add(ref slope, p * Lanes));
    }

    private Panel PanelAt(ref float scratch, int panel)
    {
        int d = _rows.Dimension, bounds = DataDirections.MostDirections + 1;
        ref float own = ref Unsafe.Add(ref scratch, (nint)panel * Lanes * ScratchRows(_rows.Count, d));
        return new Panel(
            ref own, ref Unsafe.Add(ref own, d * Lanes), ref Unsafe.Add(ref own, 2 * d * Lanes), ref Unsafe.Add(ref own, (2 * d + bounds) * Lanes),
            ref Unsafe.Add(ref own, (2 * d + bounds + ChunkCoordinates) * Lanes));
    }

    // y. Lanes without a sample repeat the first, which makes no row count that would not count without them.
    private void Load(ref float x, int stride, Panel panel, LaneStates states, int lanes)
    {
        int d = _rows.Dimension;
        float scale = (float)_scale;
        Span<double> squares = stackalloc double[Lanes];
        squares.Clear();
        for (int j = 0; j < d; j++)
        {
            ReadOnlySpan<float> from = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref x, j * stride), lanes);
            Span<float> to = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref panel.Samples, j * Lanes), Lanes);
            float shift = _shift[j];
            for (int i = 0; i < lanes; i++)
            {
                to[i] = scale * (from[i] - shift);
                squares[i] += (double)to[i] * to[i];
            }
            to[lanes..].Fill(to[0]);
        }
        // Cauchy and Schwarz bound the sum of the sizes.
        double reach = Math.Max(_rows.Radius, _rows.Reach), length = reach + _data.MeanLength;
        for (int i = 0; i < Lanes; i++)
        {
            double square = squares[Math.Min(i, lanes - 1)];
            states.Squares[i] = square;
            states.Slack[i] = (float)(RoundingOf(d) * (Math.Sqrt(square) * reach + _half * length * length));
        }
        states.Least.AsSpan().Fill(float.PositiveInfinity);
    }

    // A sum of m terms errs by at most m 2^-24 of the sum of their sizes; a few roundings more are those of the terms.
    private static double RoundingOf(int d) => 1.01 * (ChunkCoordinates + (double)d / ChunkCoordinates + 16) / (1 << 24);

    private float Margin => (float)(Math.Log2(_rows.Count) + MarginBits);

    /// <summary>Finds the groups with a row that a lower bound of its energy does not exclude.</summary>
    private void Screen(Panel panel, LaneStates states, Span<bool> alive)
    {
        PackedRows bounds = _data.Bounds!;
        _data.Project(ref panel.Samples, states.Squares, RoundingOf(_rows.Dimension), ref panel.Projected);
        Span<float> least = stackalloc float[Lanes];
        Span<int> nearest = stackalloc int[Lanes];
        least.Fill(float.PositiveInfinity);
        nearest.Clear();
        for (int group = 0; group < bounds.Groups; group++)
        {
            ref float energies = ref Unsafe.Add(ref panel.Energies, group * Rows * Lanes);
            RowPart part = bounds.Part(group, 0);
            PanelProducts.Energies(ref part.Values, ref part.Coordinates, part.Count, ref panel.Projected, ref _offsets[group * Rows], ref energies);
            Nearest(ref energies, group * Rows, least, nearest);
        }
        Span<float> limits = stackalloc float[Lanes];
        double[] y = ArrayPool<double>.Shared.Rent(_rows.Dimension);
        Span<double> sample = y.AsSpan(0, _rows.Dimension);
        for (int i = 0; i < Lanes; i++)
        {
            for (int j = 0; j < sample.Length; j++) sample[j] = Unsafe.Add(ref panel.Samples, j * Lanes + i);
            double energy = _half * _rows.HalfSquares[nearest[i]] - _rows.Product(nearest[i], sample) - _rows.OriginProduct(sample);
            limits[i] = (float)energy + Margin + 8 * states.Slack[i];
        }
        ArrayPool<double>.Shared.Return(y);
        for (int group = 0; group < bounds.Groups; group++) alive[group] = AnyBelow(ref Unsafe.Add(ref panel.Energies, group * Rows * Lanes), limits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Nearest(ref float energies, int row, Span<float> least, Span<int> nearest)
    {
        Span<int> rows = nearest;
        for (int lane = 0; lane < Lanes; lane += Vector<float>.Count)
        {
            var best = new Vector<float>(least[lane..]);
            var where = new Vector<int>(rows[lane..]);
            for (int c = 0; c < Rows; c++)
            {
                Vector<float> own = Vector.LoadUnsafe(ref energies, (nuint)(c * Lanes + lane));
                Vector<int> isLess = Vector.LessThan(own, best);
                best = Vector.ConditionalSelect(isLess, own, best);
                where = Vector.ConditionalSelect(isLess, new Vector<int>(row + c), where);
            }
            best.CopyTo(least[lane..]);
            where.CopyTo(rows[lane..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AnyBelow(ref float energies, ReadOnlySpan<float> limits)
    {
        Vector<int> any = Vector<int>.Zero;
        for (int lane = 0; lane < Lanes; lane += Vector<float>.Count)
        {
            var limit = new Vector<float>(limits[lane..]);
            for (int c = 0; c < Rows; c++)
                any |= Vector.LessThanOrEqual(Vector.LoadUnsafe(ref energies, (nuint)(c * Lanes + lane)), limit);
        }
        return !Vector.EqualsAll(any, Vector<int>.Zero);
    }

    private void Energies(Panel panel, ReadOnlySpan<bool> alive, int chunk, int first, int last)
    {
        ref float samples = ref Unsafe.Add(ref panel.Samples, chunk * ChunkCoordinates * Lanes);
        for (int group = first; group < last; group++)
        {
            if (!alive[group]) continue;
            RowPart part = _rows.Part(group, chunk);
            PanelProducts.Energies(
                ref part.Values, ref part.Coordinates, part.Count, ref samples,
                ref (chunk == 0 ? ref _offsets[group * Rows] : ref Unsafe.NullRef<float>()), ref Unsafe.Add(ref panel.Energies, group * Rows * Lanes));
        }
    }

    private static void Lower(Panel panel, LaneStates states, ReadOnlySpan<bool> alive, int first, int last)
    {
        for (int group = first; group < last; group++)
            if (alive[group]) Lower(ref Unsafe.Add(ref panel.Energies, group * Rows * Lanes), ref states.Least[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lower(ref float energies, ref float least)
    {
        for (int lane = 0; lane < Lanes; lane += Vector<float>.Count)
        {
            Vector<float> best = Vector.LoadUnsafe(ref least, (nuint)lane);
            for (int c = 0; c < Rows; c++) best = Vector.Min(best, Vector.LoadUnsafe(ref energies, (nuint)(c * Lanes + lane)));
            best.StoreUnsafe(ref least, (nuint)lane);
        }
    }

    /// <summary>Energies become weights. Groups without any are dead from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weigh(Panel panel, LaneStates states, Span<bool> alive)
    {
        for (int i = 0; i < Lanes; i++) states.Limits[i] = states.Least[i] + (Margin + 2 * states.Slack[i]);
        for (int group = 0; group < alive.Length; group++)
        {
            if (!alive[group]) continue;
            Vector<int> any = Vector<int>.Zero;
            for (int lane = 0; lane < Lanes; lane += Vector<float>.Count)
            {
                Vector<float> least = new(states.Least, lane), limit = new(states.Limits, lane), total = new(states.Totals, lane), own = Vector<float>.Zero;
                var count = new Vector<int>(states.Counts, lane);
                for (int c = 0; c < Rows; c++)
                {
                    ref float energy = ref Unsafe.Add(ref panel.Energies, (group * Rows + c) * Lanes + lane);
                    Vector<float> value = Vector.LoadUnsafe(ref energy);
                    // What is not a number stays one.
                    Vector<int> isOut = Vector.GreaterThan(value, limit);
                    Vector<float> weight = Vector.ConditionalSelect(isOut, Vector<float>.Zero, SimdMath.Exp2(least - value));
                    any |= ~isOut;
                    count -= ~isOut;
                    own += weight;
                    weight.StoreUnsafe(ref energy);
                }
                (total + own).CopyTo(states.Totals, lane);
                count.CopyTo(states.Counts, lane);
            }
            alive[group] = !Vector.EqualsAll(any, Vector<int>.Zero);
        }
        // The exponential of what is no number is any number, and products that leave zeros out do not meet every value.
        for (int i = 0; i < Lanes; i++)
            if (!float.IsFinite(states.Limits[i]) || !(states.Squares[i] <= float.MaxValue)) states.Totals[i] = float.NaN;
    }

    /// <summary>The weights of samples that feel few rows, in double precision.</summary>
    private void Refine(ref float x, int stride, Panel panel, LaneStates states, ReadOnlySpan<bool> alive)
    {
        int d = _rows.Dimension;
        double[] y = ArrayPool<double>.Shared.Rent(d);
        Span<double> energies = stackalloc double[MostRefined];
        Span<int> rows = stackalloc int[MostRefined];
        for (int i = 0; i < Lanes; i++)
        {
            if (states.Counts[i] is < 2 or > MostRefined) continue;
            for (int j = 0; j < d; j++) y[j] = _scale * (Unsafe.Add(ref x, j * stride + i) - _a * _data.Mean[j]);
            int count = 0;
            double least = double.PositiveInfinity;
            for (int group = 0; group < alive.Length; group++)
            {
                if (!alive[group]) continue;
                for (int row = group * Rows; row < (group + 1) * Rows; row++)
                {
                    if (Unsafe.Add(ref panel.Energies, row * Lanes + i) == 0) continue;
                    double energy = _half * _rows.HalfSquares[row] - _rows.Product(row, y);
                    (rows[count], energies[count]) = (row, energy);
                    least = Math.Min(least, energy);
                    count++;
                }
            }
            float total = 0;
            for (int k = 0; k < count; k++)
            {
                float weight = (float)PortableMath.Exp(0.69314718055994531 * (least - energies[k]));
                Unsafe.Add(ref panel.Energies, rows[k] * Lanes + i) = weight;
                total += weight;
            }
            states.Totals[i] = total;
        }
        ArrayPool<double>.Shared.Return(y);
    }

    private void Add(Panel panel, ReadOnlySpan<bool> alive, int chunk, int first, int last)
    {
        if (!alive[first..last].Contains(true)) return;
        int from = chunk * ChunkCoordinates, values = Math.Min(ChunkCoordinates, _rows.Dimension - from) * Lanes;
        MemoryMarshal.CreateSpan(ref panel.Part, values).Clear();
        for (int group = first; group < last; group++)
        {
            if (!alive[group]) continue;
            RowPart part = _rows.Part(group, chunk);
            PanelProducts.Add(ref part.Values, ref part.Coordinates, part.Count, ref Unsafe.Add(ref panel.Energies, group * Rows * Lanes), ref panel.Part);
        }
        ref float sums = ref Unsafe.Add(ref panel.Sums, from * Lanes);
        for (int i = 0; i < values; i += Vector<float>.Count)
            (Vector.LoadUnsafe(ref sums, (nuint)i) + Vector.LoadUnsafe(ref panel.Part, (nuint)i)).StoreUnsafe(ref sums, (nuint)i);
    }

    // Factor x + constant (origin + sum/total)
    private void Store(ref float x, int stride, Panel panel, LaneStates states, ref float slope)
    {
        Span<float> shares = stackalloc float[Lanes];
        for (int i = 0; i < Lanes; i++) shares[i] = (float)(_contrast / states.Totals[i]);
        float factor = (float)_slope;
        for (int j = 0; j < _rows.Dimension; j++)
        {
            float mean = (float)(_contrast * _data.Origin[j]);
            for (int lane = 0; lane < Lanes; lane += Vector<float>.Count)
            {
                nuint at = (nuint)(j * stride + lane);
                Vector<float> sum = Vector.LoadUnsafe(ref panel.Sums, (nuint)(j * Lanes + lane));
                Vector<float> moved = SimdMath.MultiplyAdd(sum, new Vector<float>(shares[lane..]), new Vector<float>(mean));
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref x, at), new Vector<float>(factor), moved).StoreUnsafe(ref slope, at);
            }
        }
    }

    // Whether the bounds exclude enough rows to pay: tried on points of the process, so that the choice depends on nothing else.
    private bool Screens(DataDirections data, double spread) => data.ShareWithin(_a, spread, Margin) < 0.7;

    /// <summary>Where the parts of a panel begin.</summary>
    private readonly ref struct Panel(ref float samples, ref float sums, ref float projected, ref float part, ref float energies)
    {
        public readonly ref float Samples = ref samples, Sums = ref sums, Projected = ref projected, Part = ref part, Energies = ref energies;
    }

    /// <summary>What is known of each sample of a panel.</summary>
    private sealed class LaneStates
    {
        /// <summary>|y|².</summary>
        public readonly double[] Squares = new double[Lanes];

        /// <summary>The bound on the rounding of an energy.</summary>
        public readonly float[] Slack = new float[Lanes];

        /// <summary>The least energy.</summary>
        public readonly float[] Least = new float[Lanes];

        /// <summary>The greatest energy that counts.</summary>
        public readonly float[] Limits = new float[Lanes];

        /// <summary>The sum of the weights.</summary>
        public readonly float[] Totals = new float[Lanes];

        /// <summary>The number of weights.</summary>
        public readonly int[] Counts = new int[Lanes];
    }
}
