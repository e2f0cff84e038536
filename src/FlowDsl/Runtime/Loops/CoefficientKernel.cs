using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;

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
/// A call over several segments stays in coefficients; the same segments in several calls go through the states in between and differ by rounding. If
/// a history is needed, calls go segment by segment, as <see cref="TableKernel{T}"/> does.
/// </para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CoefficientKernel<T> : ISpanKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of scratch values that fit the first-level cache beside the rows of the Gram matrix in use.
    private const int ScratchInCache = 12288;

    private readonly Mixture _mixture;
    private readonly TableKernel<T> _direct;
    private readonly MeanTables<T> _means;
    private readonly FlowProgram _program;
    private readonly Evaluation[][] _evaluations;
    private readonly T[][][] _inputs, _results;
    private readonly PackedMatrix<T> _gram;
    private readonly T[] _alongCentre, _zeros;
    private readonly int _count, _slopes, _lanes, _scratchRow;
    private Evaluation? _end;

    /// <summary>Tabulates a program.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="ArgumentException">The components do not share one isotropic covariance.</exception>
    public CoefficientKernel(Mixture mixture, FlowProgram program)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(program);
        if (!mixture.HasSharedIsotropicCovariance)
            throw new ArgumentException("All components must have the same isotropic covariance.", nameof(mixture));
        (_mixture, _program) = (mixture, program);
        _means = new MeanTables<T>(mixture);
        _direct = new TableKernel<T>(mixture, program, _means);
        _count = PackedMatrix<T>.Even(mixture.Count);
        double[][] offsets = _means.Offsets;
        _gram = new PackedMatrix<T>(_count, _count, (k, l) => k < offsets.Length && l < offsets.Length ? Dot(offsets[k], offsets[l]) : 0);
        _alongCentre = new T[_count];
        for (int k = 0; k < offsets.Length; k++) _alongCentre[k] = T.CreateTruncating(Dot(offsets[k], _means.Centre));
        _zeros = new T[Math.Max(_count, _means.ByCoordinate.Rows)];
        _evaluations = [.. program.Steps.Select(step => (Evaluation[])[.. step.Stages.Select(stage => new Evaluation(mixture, _means, stage.Field, _count))])];
        _inputs = StageLoop<T>.Inputs(program);
        _results = StageLoop<T>.Results(program);

        // Groups of K rows: the coefficients, the slopes, a stage's input; then the products with the start, the energies, their minimum and the share.
        _slopes = Math.Max(program.HistoryLength + 1, program.Steps.Max(step => step.Stages.Length));
        int scratchRows = (_slopes + 4) * _count + 2, pair = 2 * Vector<T>.Count;
        Stride = _direct.Stride;
        _lanes = Math.Clamp(ScratchInCache / scratchRows / pair, 1, Stride / pair) * pair;
        // The last product writes an even number of coordinates.
        _scratchRow = _means.ByCoordinate.Rows;
        RowCount = Math.Max(_direct.RowCount, _scratchRow + (scratchRows * _lanes + Stride - 1) / Stride);
    }

    /// <inheritdoc/>
    public int Dimension => _direct.Dimension;

    /// <inheritdoc/>
    public int SegmentCount => _direct.SegmentCount;

    /// <inheritdoc/>
    public int HistoryLength => _direct.HistoryLength;

    /// <inheritdoc/>
    public int RowCount { get; }

    /// <inheritdoc/>
    public int Stride { get; }

    /// <inheritdoc/>
    public int ExcessRow => -1;

    /// <inheritdoc/>
    public IBlockKernel<T>? Fallback => null;

    /// <inheritdoc/>
    public void Advance(ref T rows, nuint count, int segment, int history) => _direct.Advance(ref rows, count, segment, history);

    Mixture ISpanKernel<T>.Watched => _mixture;

    void ISpanKernel<T>.AdvanceSpan(ref T rows, nuint count, int firstSegment, int segmentCount, INodeWatch<T>? watch)
    {
        nuint end = PackedMatrix<T>.Pairs(count);
        Span<double> slopeFactors = stackalloc double[2 * _slopes];
        for (nuint i = 0; i < end; i += (nuint)_lanes)
        {
            slopeFactors.Clear();
            AdvanceLanes(ref Unsafe.Add(ref rows, i), ref Unsafe.Add(ref rows, _scratchRow * Stride), nuint.Min((nuint)_lanes, end - i), firstSegment,
                segmentCount, slopeFactors, watch, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AdvanceLanes(
        ref T x, ref T scratch, nuint lanes, int firstSegment, int segmentCount, Span<double> slopeFactors, INodeWatch<T>? watch, nuint lane)
    {
        nuint group = (nuint)_count * lanes;
        ref T products = ref Unsafe.Add(ref scratch, (nuint)(_slopes + 2) * group), energies = ref Unsafe.Add(ref products, group);
        ref T least = ref Unsafe.Add(ref energies, group), share = ref Unsafe.Add(ref least, lanes);
        Span<double> ofStart = slopeFactors[.._slopes], ofCentre = slopeFactors[_slopes..];

        double a0 = _evaluations[firstSegment][0].A, start = 1, centre = a0;
        Affine(ref x, T.One, -a0, lanes);
        _means.ByComponent.Multiply(ref First(_zeros), ref x, (nuint)Stride, ref products, lanes, ref Unsafe.NullRef<T>(), lanes);
        MemoryMarshal.CreateSpan(ref scratch, (int)group).Clear();

        int history = 0;
        bool zero = true;
        Span<int> groups = stackalloc int[_slopes];
        for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
        {
            Evaluation[] evaluations = _evaluations[segment];
            FlowStep step = _program.Steps[segment];
            T[] result;
            Combination combination;
            if (HistoryLength > 0)
            {
                int newest = segment % (HistoryLength + 1);
                (combination, result) = (step.Results[Math.Min(history, step.Results.Length - 1)],
                    _results[segment][Math.Min(history, step.Results.Length - 1)]);
                Energies(evaluations[0], zero, 0, newest, start, centre, ref scratch, ref products, ref energies, ref least, lanes);
                watch?.AtNode(segment, ref energies, lanes, _count, lane, lanes);
                Evaluate(evaluations[0], newest, start, centre, ref scratch, ref energies, ref least, ref share, lanes, ofStart, ofCentre);
                for (int age = 0; age < result.Length - 1; age++) groups[age] = 1 + (segment - age) % (HistoryLength + 1);
            }
            else
            {
                (combination, result) = (step.Results[0], _results[segment][0]);
                for (int s = 0; s < evaluations.Length; s++)
                {
                    int input = 0;
                    double startIn = start, centreIn = centre;
                    if (s > 0)
                    {
                        T[] coefficients = _inputs[segment][s];
                        input = _slopes + 1;
                        LinearCombination.Apply(ref scratch, group, group, 1, coefficients[0], coefficients.AsSpan(1), groups[..(coefficients.Length - 1)],
                            input);
                        (startIn, centreIn) = Combine(step.Stages[s].Input, start, centre, groups, ofStart, ofCentre);
                    }
                    groups[s] = 1 + s;
                    Energies(evaluations[s], zero && s == 0, input, s, startIn, centreIn, ref scratch, ref products, ref energies, ref least, lanes);
                    if (s == 0) watch?.AtNode(segment, ref energies, lanes, _count, lane, lanes);
                    Evaluate(evaluations[s], s, startIn, centreIn, ref scratch, ref energies, ref least, ref share, lanes, ofStart, ofCentre);
                }
            }
            LinearCombination.Apply(ref scratch, group, group, 1, result[0], result.AsSpan(1), groups[..(result.Length - 1)], 0);
            (start, centre) = Combine(combination, start, centre, groups, ofStart, ofCentre);
            zero = false;
            history = Math.Min(history + 1, HistoryLength);
        }

        int last = firstSegment + segmentCount;
        if (watch?.FieldAt(last) is { } field)
        {
            // The energies at the last node, which no step evaluates.
            _end ??= new Evaluation(_mixture, _means, field, _count);
            Energies(_end, zero, 0, 0, start, centre, ref scratch, ref products, ref energies, ref least, lanes);
            watch.AtNode(last, ref energies, lanes, _count, lane, lanes);
        }
        Affine(ref x, T.CreateTruncating(start), centre, lanes);
        _means.ByCoordinate.Multiply(ref Unsafe.NullRef<T>(), ref scratch, lanes, ref x, (nuint)Stride, ref Unsafe.NullRef<T>(), lanes);
    }

    /// <summary>The energies at an input, and the part of the slope's coefficients that is a multiple of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Energies(
        Evaluation evaluation, bool zero, int input, int slope, double start, double centre, ref T scratch, ref T products, ref T energies, ref T least,
            nuint lanes)
    {
        nuint group = (nuint)_count * lanes;
        ref T coefficients = ref Unsafe.Add(ref scratch, (nuint)input * group), scaled = ref Unsafe.Add(ref scratch, (nuint)(_slopes + 1) * group);
        ref T slopes = ref Unsafe.Add(ref scratch, (nuint)(1 + slope) * group);
        MemoryMarshal.CreateSpan(ref least, (int)lanes).Fill(T.PositiveInfinity);
        Prepare(
            evaluation, T.CreateTruncating(-evaluation.EnergyFactor * start), T.CreateTruncating(-evaluation.EnergyFactor * (centre - evaluation.A)),
            ref coefficients, ref products, ref energies, ref scaled, ref slopes, lanes);
        if (zero) MinOf(ref energies, ref least, lanes);
        else _gram.Multiply(ref Unsafe.NullRef<T>(), ref scaled, lanes, ref energies, lanes, ref least, lanes);
    }

    /// <summary>The coefficients of the slope, by its energies, and its factors of the start and of the centre.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate(
        Evaluation evaluation, int slope, double start, double centre,
        ref T scratch, ref T energies, ref T least, ref T share, nuint lanes, Span<double> ofStart, Span<double> ofCentre)
    {
        SoftMinimum.Weights(ref energies, lanes, _count, ref least, ref share, lanes);
        Finish(evaluation, ref energies, ref share, ref Unsafe.Add(ref scratch, (nuint)(1 + slope) * (nuint)_count * lanes), lanes);
        ofStart[slope] = evaluation.Factor * start;
        ofCentre[slope] = evaluation.Factor * centre + evaluation.MeanFactor;
    }

    // The initial values of the energies, and the Gram matrix's factor; the part of the slope that is a multiple of the input.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prepare(Evaluation evaluation, T start, T centre, ref T coefficients, ref T products, ref T energies, ref T scaled, ref T slopes, nuint lanes)
    {
        Vector<T> startFactor = Vector.Create(start), energyFactor = Vector.Create(-evaluation.NarrowEnergyFactor),
            factor = Vector.Create(evaluation.NarrowFactor);
        bool multiple = evaluation.Factor != 0;
        nuint i = 0, width = (nuint)Vector<T>.Count;
        for (int k = 0; k < _count; k++)
        {
            Vector<T> offset = Vector.Create(T.MultiplyAddEstimate(centre, _alongCentre[k], evaluation.Offsets[k]));
            for (nuint end = i + lanes; i < end; i += 2 * width)
            {
                Vector<T> a = Vector.LoadUnsafe(ref coefficients, i), b = Vector.LoadUnsafe(ref coefficients, i + width);
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref products, i), startFactor, offset).StoreUnsafe(ref energies, i);
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref products, i + width), startFactor, offset).StoreUnsafe(ref energies, i + width);
                (a * energyFactor).StoreUnsafe(ref scaled, i);
                (b * energyFactor).StoreUnsafe(ref scaled, i + width);
                if (!multiple) continue;
                (a * factor).StoreUnsafe(ref slopes, i);
                (b * factor).StoreUnsafe(ref slopes, i + width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MinOf(ref T energies, ref T least, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> lowest = Vector.LoadUnsafe(ref least, i);
            for (int k = 0; k < _count; k++) lowest = Vector.MinNative(lowest, Vector.LoadUnsafe(ref energies, (nuint)k * lanes + i));
            lowest.StoreUnsafe(ref least, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(Evaluation evaluation, ref T weights, ref T share, ref T slopes, nuint lanes)
    {
        Vector<T> meanFactor = Vector.Create(evaluation.NarrowMeanFactor);
        nuint width = (nuint)Vector<T>.Count;
        for (nuint lane = 0; lane < lanes; lane += 2 * width)
        {
            Vector<T> a = Vector.LoadUnsafe(ref share, lane) * meanFactor, b = Vector.LoadUnsafe(ref share, lane + width) * meanFactor;
            nuint i = lane;
            if (evaluation.Factor == 0)
            {
                for (int k = 0; k < _count; k++, i += lanes)
                {
                    (Vector.LoadUnsafe(ref weights, i) * a).StoreUnsafe(ref slopes, i);
                    (Vector.LoadUnsafe(ref weights, i + width) * b).StoreUnsafe(ref slopes, i + width);
                }
                continue;
            }
            for (int k = 0; k < _count; k++, i += lanes)
            {
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, i), a, Vector.LoadUnsafe(ref slopes, i)).StoreUnsafe(ref slopes, i);
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, i + width), b, Vector.LoadUnsafe(ref slopes, i + width)).StoreUnsafe(ref slopes, i + width);
            }
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

    private static (double Start, double Centre) Combine(
        Combination combination, double start, double centre, ReadOnlySpan<int> groups, ReadOnlySpan<double> ofStart, ReadOnlySpan<double> ofCentre)
    {
        (start, centre) = (combination.State * start, combination.State * centre);
        for (int l = 0; l < combination.Slopes.Length; l++)
        {
            start += combination.Slopes[l] * ofStart[groups[l] - 1];
            centre += combination.Slopes[l] * ofCentre[groups[l] - 1];
        }
        return (start, centre);
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }

    private static ref T First(T[] values) => ref MemoryMarshal.GetArrayDataReference(values);

    /// <summary>One evaluation: energies Offsets_k - EnergyFactor δ_k·(x - Am), slope Factor x + MeanFactor Σ r_k μ_k.</summary>
    private sealed class Evaluation
    {
        public Evaluation(Mixture mixture, MeanTables<T> means, in MixtureField field, int count)
        {
            A = field.Point.A;
            ComponentCoefficients[] components = new EvaluationCoefficients(mixture, field).Components;
            double precision = components[0].Root[0] * components[0].Root[0];
            EnergyFactor = 2 * A * precision;
            Factor = components[0].Factor[0];
            MeanFactor = field.MeanFactor - Factor * A;
            double[] offsets = [.. components.Select((component, k) => component.Offset + A * A * precision * Dot(means.Offsets[k], means.Offsets[k]))];
            double least = offsets.Min();
            Offsets = new T[count];
            for (int k = 0; k < count; k++) Offsets[k] = k < offsets.Length ? T.CreateTruncating(offsets[k] - least) : T.PositiveInfinity;
        }

        public double A { get; }

        public double EnergyFactor { get; }

        public double Factor { get; }

        public double MeanFactor { get; }

        public T[] Offsets { get; }

        public T NarrowEnergyFactor => T.CreateTruncating(EnergyFactor);

        public T NarrowFactor => T.CreateTruncating(Factor);

        public T NarrowMeanFactor => T.CreateTruncating(MeanFactor);
    }
}
