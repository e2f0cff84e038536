using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// A sampler for mixtures with one isotropic covariance. It integrates the coefficients of the means instead of the state, so an evaluation costs K²
/// instead of 2Kd multiply-adds. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// With one covariance σ²I every field is f x + κ Σ r_k μ_k, so from a start x₀ all states of a solver are
/// x = A y + b m + Σ c_k δ_k with m the mean of the means, δ_k = μ_k - m, y = x₀ - a₀m: A and b are the same for all samples,
/// and the logits are affine in δ_k·x = A δ_k·y + b δ_k·m + (G c)_k with G the δ's Gram matrix. The state itself is read once
/// at the start and written once at the end. Offsets common to all means enter only A, b and m, and cost no digits.
/// </para>
/// <para>
/// Near the data one component is left of most samples. For the flow of one component j the steps from n on are one affine map c ↦ R_n c + S_n e_j, so such
/// samples leave the loop with it: those whose second component is behind the likeliest by τ_n,j bits, max_k τ_n,jk of <see cref="SettledFlow{T}"/>. Then
/// all others weigh, together, less than rounding in every evaluation left out. Each sample decides for itself at the starts of steps, and the others of a
/// block close up (<see cref="OpenLanes{T}"/>).
/// </para>
/// <para>
/// A call over several segments stays in coefficients; the same segments in several calls go through the states in between and differ by rounding. If
/// a history is needed, calls go segment by segment, as <see cref="TableKernel{T}"/> does.
/// </para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CoefficientKernel<T> : BlockKernel<T>, ISpanKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of scratch values that fit the first-level cache beside the rows of the Gram matrix in use.
    private const int ScratchInCache = 12288;

    // The number of values of a block, its states and its open lanes, that fit the second-level cache beside the matrices in use.
    private const int BlockInCache = 65536;

    private readonly Mixture _mixture;
    private readonly TableKernel<T> _direct;
    private readonly MeanTables<T> _means;
    private readonly FlowProgram _program;
    private readonly CoefficientSteps<T> _steps;
    private readonly SettledFlow<T> _settled;
    private readonly T[] _zeros;
    private readonly int _count, _lanes, _openRow, _scratchRow;
    private readonly CoefficientTables<T> _tables;
    private CoefficientEvaluation<T>? _end;
    private SettledMargins<T>? _margins;
    private readonly CoefficientErrors<T>? _errors;

    /// <summary>Tabulates a program.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="ArgumentException">The components do not share one isotropic covariance.</exception>
    public CoefficientKernel(Mixture mixture, FlowProgram program)
        : this(mixture, program, errors: null, [])
    {
    }

    /// <summary>The same, and what it tracks in calls over all segments.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program, of a one-step method if there are errors.</param>
    /// <param name="errors">The estimates of its steps' own errors; null to track nothing.</param>
    /// <param name="directions">Unit directions at the start; none to sum the lengths of the errors.</param>
    internal CoefficientKernel(Mixture mixture, FlowProgram program, LocalErrors? errors, double[][] directions)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(program);
        if (!mixture.HasSharedIsotropicCovariance)
            throw new ArgumentException("All components must have the same isotropic covariance.", nameof(mixture));
        (_mixture, _program, Points) = (mixture, program, PointProgram.Of(mixture, program));
        (Dimension, SegmentCount, HistoryLength) = (mixture.Dimension, program.Steps.Length, program.HistoryLength);
        _means = new MeanTables<T>(mixture);
        _tables = new CoefficientTables<T>(mixture, _means);
        _count = _tables.Count;
        _zeros = new T[Math.Max(_count, _means.ByCoordinate.Rows)];
        _steps = new CoefficientSteps<T>(_tables, program);
        _settled = new SettledFlow<T>(mixture, program, _tables.Products, _tables.AlongCentre);
        if (errors is not null) _errors = new CoefficientErrors<T>(_tables, program, errors, directions, _steps.Slopes);
        int openRows = OpenLanes<T>.RowCount(_count, _errors), pair = 2 * Vector<T>.Count;
        int scratchRows = CoefficientRows<T>.Count(_count, _steps.Slopes, _errors?.Groups ?? 0);
        Stride = Math.Clamp(BlockInCache / (Dimension + openRows) / 32 * 32, 32, 1024);
        _direct = new TableKernel<T>(mixture, program, _means, Stride);
        _lanes = Math.Clamp(ScratchInCache / scratchRows / pair, 1, Stride / pair) * pair;
        // The last product writes an even number of coordinates.
        _openRow = _means.ByCoordinate.Rows;
        _scratchRow = _openRow + openRows;
        RowCount = Math.Max(_direct.RowCount, _scratchRow + (scratchRows * _lanes + Stride - 1) / Stride);
    }

    /// <summary>After a call over all segments, the row of the estimates of the samples' errors.</summary>
    internal int EstimateRow => _openRow + 4 * _count + 2;

    /// <summary>The row of the root mean squares of the directions' lengths, if there are directions.</summary>
    internal int GrowthRow => EstimateRow + 3;

    /// <inheritdoc/>
    public override void Advance(ref T rows, nuint count, int segment, int history) => _direct.Advance(ref rows, count, segment, history);

    Mixture ISpanKernel<T>.Watched => _mixture;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ISpanKernel<T>.AdvanceSpan(ref T rows, nuint count, int firstSegment, int segmentCount, INodeWatch<T>? watch)
    {
        nuint lanes = PackedMatrix<T>.Pairs(count), pitch = (nuint)Stride;
        int last = firstSegment + segmentCount;
        Span<int> places = stackalloc int[(int)lanes];
        var open = new OpenLanes<T>(ref Unsafe.Add(ref rows, _openRow * Stride), pitch, _count, places, watch, _errors);
        SettledMargins<T>? margins = watch is null ? null : _margins ??= new SettledMargins<T>(_tables, _program, watch);
        ref T scratch = ref Unsafe.Add(ref rows, _scratchRow * Stride);

        double a0 = _steps.Evaluations[firstSegment][0].A;
        Affine(ref rows, T.One, -a0, lanes);
        if (_errors is { UsesStart: true }) Squares(ref rows, ref open.Squares, ref open.Along, lanes);
        else if (_errors is not null) MemoryMarshal.CreateSpan(ref open.Squares, 2 * Stride).Clear();
        // Lanes that never settle put nothing off.
        if (_errors is { TangentCount: 0 }) MemoryMarshal.CreateSpan(ref open.TangentEnds, 2 * _count * Stride).Clear();
        _means.ByComponent.Multiply(ref First(_zeros), ref rows, pitch, ref open.Products, pitch, ref Unsafe.NullRef<T>(), lanes);
        Stretch stretch = To(_settled.NextCheck(firstSegment, last), firstSegment, last, continues: false);
        (double Start, double Centre) factors = (1, a0);
        while (open.Count > 0)
        {
            (double Start, double Centre) next = factors;
            for (nuint i = 0; i < (nuint)open.Count; i += (nuint)_lanes)
            {
                var tile = new CoefficientRows<T>(
                    ref scratch, _count, _steps.Slopes, nuint.Min((nuint)_lanes, PackedMatrix<T>.Pairs((nuint)open.Count) - i), _errors?.Groups ?? 0);
                if (stretch.Continues) open.Load(i, tile);
                else open.Begin(i, tile);
                next = AdvanceTile(tile, stretch, factors, watch);
                if (stretch.Check < last) open.Settle(i, tile, _settled.Thresholds(stretch.Check), stretch.Rest, margins?.After(stretch.Check), stretch.Check);
                else open.Finish(i, tile);
            }
            open.GoOn();
            factors = next;
            stretch = To(_settled.NextCheck(stretch.Check + 1, last), stretch.Check, last, continues: true);
        }
        if (_errors is { TangentCount: > 0 })
        {
            // The energies' rows are free; so are those of the first lanes' products, once the block's own are there again.
            if (_errors.UsesStart)
            {
                _means.ByComponent.Multiply(ref First(_zeros), ref rows, pitch, ref open.Products, pitch, ref Unsafe.NullRef<T>(), lanes);
                Squares(ref rows, ref open.Squares, ref open.Along, lanes);
            }
            _errors.Measure(
                ref open.TangentEnds, ref open.Products, ref open.Squares, ref open.Along, ref open.Energies, pitch, ref open.Lengths,
                ref Unsafe.Add(ref rows, GrowthRow * Stride), lanes);
        }
        else _errors?.AddPostponed(ref open.TangentEnds, ref open.Energies, pitch, ref Unsafe.Add(ref rows, GrowthRow * Stride), ref open.Lengths, lanes);
        // In closed form for every block, whether or not some of its lanes have gone through all steps.
        GaussianFlow whole = Flow(firstSegment, last);
        Affine(ref rows, T.CreateTruncating(whole.Start), whole.Start * a0 + whole.Mean, lanes);
        _means.ByCoordinate.Multiply(ref Unsafe.NullRef<T>(), ref open.Ends, pitch, ref rows, pitch, ref Unsafe.NullRef<T>(), lanes);
    }

    private Stretch To(int check, int from, int end, bool continues) => new(from, check, end, continues, check < end ? Flow(check, end) : default);

    // What one Gaussian's flow is over some segments.
    private GaussianFlow Flow(int from, int end) => GaussianFlow.Over(_program, _mixture.Covariances[0].MinVariance, from, end - from);

    /// <summary>Advances a tile to the next check, where it evaluates the energies, or to the end.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="stretch">From where to where.</param>
    /// <param name="factors">The factors of the start and of the centre in the state.</param>
    /// <param name="watch">Watches the nodes.</param>
    /// <returns>The factors at the end.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Start, double Centre) AdvanceTile(
        in CoefficientRows<T> tile, Stretch stretch, (double Start, double Centre) factors, INodeWatch<T>? watch)
    {
        Span<double> ofStart = stackalloc double[_steps.Slopes], ofCentre = stackalloc double[_steps.Slopes];
        Span<int> groups = stackalloc int[_steps.Slopes];
        var own = new CoefficientFactors(ofStart, ofCentre, groups) { Start = factors.Start, Centre = factors.Centre };
        bool isKnown = stretch.Continues, isZero = !isKnown;
        for (int segment = stretch.From; segment < stretch.Check; segment++)
        {
            CoefficientEvaluation<T> first = _steps.Evaluations[segment][0];
            int newest = _steps.Newest(segment);
            if (isKnown) first.ScaleState(tile, newest);
            else AtNode(segment, first, isZero, newest, own.Start, own.Centre, tile, watch);
            isKnown = isZero = false;
            _steps.Advance(tile, segment, ref own, _errors);
        }

        (double start, double centre) = (own.Start, own.Centre);
        if (stretch.Check < stretch.End)
        {
            AtNode(stretch.Check, _steps.Evaluations[stretch.Check][0], isZero, 0, start, centre, tile, watch);
        }
        else if (_errors is not null)
        {
            // The same energies serve the margins.
            AtNode(stretch.End, _errors.End, false, 0, start, centre, tile, watch);
            _errors.End.Finish(tile, 0);
            _errors.Complete(tile, SegmentCount - 1);
        }
        else if (watch?.FieldAt(stretch.End) is { } field)
        {
            // The energies at the last node, which no step evaluates.
            AtNode(stretch.End, _end ??= new CoefficientEvaluation<T>(_tables, field), false, 0, start, centre, tile, watch);
        }
        return (start, centre);
    }

    private static void AtNode(
        int node, CoefficientEvaluation<T> evaluation, bool isZero, int slope, double start, double centre, in CoefficientRows<T> tile, INodeWatch<T>? watch)
    {
        evaluation.Energies(tile, isZero, 0, slope, start, centre);
        watch?.Lower(node, ref tile.Energies, tile.Lanes, tile.Components, ref tile.Margins, tile.Lanes);
    }

    // The squares of y, and its products with the mean of the means.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Squares(ref T y, ref T squares, ref T along, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> square = Vector<T>.Zero, product = square;
            for (int j = 0; j < Dimension; j++)
            {
                Vector<T> own = Vector.LoadUnsafe(ref y, (nuint)(j * Stride) + i);
                square = SimdMath.MultiplyAdd(own, own, square);
                product = SimdMath.MultiplyAdd(own, Vector.Create(T.CreateTruncating(_means.Centre[j])), product);
            }
            square.StoreUnsafe(ref squares, i);
            product.StoreUnsafe(ref along, i);
        }
    }

    // x ← factor x + centre · mean of the means
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Affine(ref T x, T factor, double centre, nuint lanes)
    {
        Vector<T> scale = Vector.Create(factor);
        for (int j = 0; j < Dimension; j++)
        {
            Vector<T> shift = Vector.Create(T.CreateTruncating(centre * _means.Centre[j]));
            for (nuint i = (nuint)(j * Stride); i < (nuint)(j * Stride) + lanes; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref x, i), scale, shift).StoreUnsafe(ref x, i);
        }
    }

    private static ref T First(T[] values) => ref MemoryMarshal.GetArrayDataReference(values);

    /// <summary>A part of a call.</summary>
    /// <param name="From">Its first segment.</param>
    /// <param name="Check">The segment after its last, at whose start settled samples leave the loop unless it is the end.</param>
    /// <param name="End">The end of the call.</param>
    /// <param name="Continues">Whether it begins at a check, where the energies are known.</param>
    /// <param name="Rest">What the segments after the check make of a settled sample.</param>
    private readonly record struct Stretch(int From, int Check, int End, bool Continues, GaussianFlow Rest);
}
