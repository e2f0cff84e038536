using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of a solver's derivatives, for a mixture with one isotropic covariance, from the responsibilities of its evaluations.</summary>
/// <remarks>
/// <para>
/// Let E have the columns μ_k - μ_o for all components but one, o, and G = EᵀE. A slope's derivative is f I + g E W Eᵀ, W = diag(r) - r rᵀ, so all derivatives
/// are αI + E M Eᵀ, with numbers α that are the same for all samples. With N = M G, of K - 1 rows, the slope at a point with derivative (α, N) has
/// (f α, f N + g W (α G + G N)), a solver's combinations act on α and N, and det(αI + E M Eᵀ) = α^d det(I + N/α). W costs K², the product with G K³.
/// </para>
/// <para>
/// The steps of a one-step method have determinants of their own. The step of a multistep method depends on earlier states too: it has one, at the end.
/// </para>
/// </remarks>
internal sealed class MeansDerivative<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A direction that a step shrinks by more has no digits left beside others.
    private const double LeastFactor = 1e-3;

    // Lesser weights are 0: they are lost beside the greatest, and products of them would be subnormal.
    private const double LeastWeight = 1e-18;

    // By how much later steps of a multistep method may magnify what an evaluation leaves out.
    private const double Magnification = 64;

    private readonly CoefficientTables<T> _tables;
    private readonly int _n, _size, _stride, _slopes, _history;
    private readonly int[] _components;
    private readonly T[] _gram, _zeros;
    private readonly PackedMatrix<T> _product;
    private readonly Step[] _steps;
    private readonly T[][][] _inputs, _results;

    /// <summary>Tabulates a program.</summary>
    /// <param name="tables">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <param name="evaluations">Its evaluations.</param>
    public MeansDerivative(CoefficientTables<T> tables, FlowProgram program, CoefficientEvaluation<T>[][] evaluations)
    {
        (_tables, _history) = (tables, program.HistoryLength);
        int count = tables.Mixture.Count;
        double[] products = tables.Products;
        int origin = Enumerable.Range(0, count).MinBy(k => products[k * count + k]);
        _components = [.. Enumerable.Range(0, count).Where(k => k != origin)];
        _n = count - 1;
        // An even number of rows, as products have them.
        (_stride, _size) = (PackedMatrix<T>.Even(_n), PackedMatrix<T>.Even(_n) * PackedMatrix<T>.Even(_n));
        (_gram, _zeros) = (new T[_size], new T[_stride]);
        for (int k = 0; k < _n; k++)
            for (int l = 0; l < _n; l++) _gram[k * _stride + l] = T.CreateTruncating(Product(k, l));
        _product = new PackedMatrix<T>(_stride, _stride, (k, l) => k < _n && l < _n ? Product(k, l) : 0);
        (_inputs, _results) = (StageLoop<T>.Inputs(program), StageLoop<T>.Results(program));
        _slopes = Math.Max(_history + 1, program.Steps.Max(step => step.Stages.Length));

        double farthest = 0;
        for (int k = 0; k < _n; k++)
            for (int l = 0; l < _n; l++) farthest = Math.Max(farthest, Math.Max(Product(k, k), Product(k, k) + Product(l, l) - 2 * Product(k, l)));
        _steps = Tabulate(program, evaluations, farthest);
        KeepsDirections = Array.TrueForAll(_steps, step => Math.Abs(step.End) >= LeastFactor && step.Stages.All(stage => stage.Alpha != T.Zero));
        // The determinant of a multistep method is that of the whole.
        Outside = tables.Mixture.Dimension * (_history > 0 ? Math.Log(Math.Abs(_steps[^1].End)) : _steps.Sum(step => Math.Log(Math.Abs(step.End))));

        double Product(int k, int l)
        {
            (k, l) = (_components[k], _components[l]);
            return products[k * count + l] - products[k * count + origin] - products[origin * count + l] + products[origin * count + origin];
        }
    }

    /// <summary>Whether no step of the solver loses the directions outside the means' span.</summary>
    public bool KeepsDirections { get; }

    /// <summary>The rows of a record of all evaluations.</summary>
    public int RecordRows => _steps.Sum(step => step.Stages.Length) * (_stride + 1);

    /// <summary>The vectors that <see cref="Subtract"/> needs.</summary>
    public int ScratchVectors => (_slopes + 3) * _size + _stride;

    /// <summary>d log|α|.</summary>
    private double Outside { get; }

    /// <summary>Keeps the responsibilities of an evaluation.</summary>
    /// <param name="tile">Where they were just computed.</param>
    /// <param name="record">Where to.</param>
    /// <param name="segment">Which segment.</param>
    /// <param name="stage">Which stage.</param>
    /// <returns>The values that were kept.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Record(in CoefficientRows<T> tile, ref T record, int segment, int stage)
    {
        nuint lanes = tile.Lanes;
        Vector<T> threshold = new(_steps[segment].Stages[stage].Threshold), least = new(T.CreateTruncating(LeastWeight));
        ref T weights = ref tile.Energies;
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            // The greatest weight is 1.
            Vector<T> others = Vector<T>.Zero, share = Vector.LoadUnsafe(ref tile.Share, i);
            for (nuint k = 0; k < (nuint)_tables.Mixture.Count; k++)
            {
                Vector<T> weight = Vector.LoadUnsafe(ref weights, k * lanes + i);
                others = SimdMath.MultiplyAdd(weight, Vector<T>.One - weight, others);
            }
            share = SimdMath.KeepIfLess(threshold, others, share);
            share.StoreUnsafe(ref record, i);
            nuint to = lanes + i;
            for (int k = 0; k < _n; k++, to += lanes)
            {
                Vector<T> weight = Vector.LoadUnsafe(ref weights, (nuint)_components[k] * lanes + i);
                SimdMath.KeepIfLess(least, weight, weight * share).StoreUnsafe(ref record, to);
            }
            if (_n < _stride) Vector<T>.Zero.StoreUnsafe(ref record, to);
        }
        return (_stride + 1) * (int)lanes;
    }

    /// <summary>Subtracts the logarithms of the determinants of a vector of samples.</summary>
    /// <param name="record">The vector's first value of the first record.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="scratch"><see cref="ScratchVectors"/> vectors.</param>
    /// <param name="logDensities">Of no more samples than a vector has.</param>
    /// <param name="reversed">Set where a determinant is not positive.</param>
    public void Subtract(ref T record, nuint pitch, Span<Vector<T>> scratch, Span<double> logDensities, Span<bool> reversed)
    {
        foreach (ref double log in logDensities) log -= Outside;
        Span<Vector<T>> state = Matrix(scratch, _slopes);
        Span<bool> isZero = stackalloc bool[_slopes + 2];
        isZero.Fill(true);
        int slope = (_stride + 1) * (int)pitch;
        for (int segment = 0; segment < _steps.Length; segment++)
        {
            Step step = _steps[segment];
            T[] result = _results[segment][0];
            if (_history > 0)
            {
                T[][] results = _results[segment];
                result = results[Math.Min(Math.Min(segment, _history), results.Length - 1)];
                int newest = segment % (_history + 1);
                Slope(step.Stages[0], ref record, pitch, scratch, _slopes, newest, isZero);
                record = ref Unsafe.Add(ref record, slope);
                Combine(result, scratch, segment, _slopes, isZero);
                if (segment == _steps.Length - 1) Read(step, state, isZero[_slopes], scratch, logDensities, reversed);
                continue;
            }
            isZero.Fill(true);
            for (int s = 0; s < step.Stages.Length; s++)
            {
                // The state at the start of a step has the derivative 1, without coefficients.
                if (s > 0) Combine(_inputs[segment][s], scratch, s - 1, _slopes + 1, isZero);
                Slope(step.Stages[s], ref record, pitch, scratch, _slopes + 1, s, isZero);
                record = ref Unsafe.Add(ref record, slope);
            }
            Combine(result, scratch, step.Stages.Length - 1, _slopes, isZero);
            Read(step, state, isZero[_slopes], scratch, logDensities, reversed);
        }
    }

    private Step[] Tabulate(FlowProgram program, CoefficientEvaluation<T>[][] evaluations, double farthest)
    {
        // No one lane's bits depend on this: what is left out is a fraction of a unit in the last place of the determinant.
        double unit = double.CreateTruncating(T.BitIncrement(T.One) - T.One) / 8, alpha = 1;
        var steps = new Step[program.Steps.Length];
        double[] slopes = new double[_slopes];
        for (int segment = 0; segment < steps.Length; segment++)
        {
            FlowStep step = program.Steps[segment];
            CoefficientEvaluation<T>[] own = evaluations[segment];
            double[] inputs = new double[own.Length], demands = new double[own.Length];
            Combination result = step.Results[^1];
            if (_history > 0)
            {
                inputs[0] = alpha;
                result = step.Results[Math.Min(Math.Min(segment, _history), step.Results.Length - 1)];
                for (int age = _history; age > 0; age--) slopes[age] = slopes[age - 1];
                slopes[0] = own[0].Factor * alpha;
                demands[0] = Magnification * Math.Abs(result.Slopes[0] * own[0].Spread) * farthest;
            }
            else
            {
                alpha = 1;
                for (int s = 0; s < own.Length; s++)
                {
                    inputs[s] = Sum(step.Stages[s].Input, alpha);
                    slopes[s] = own[s].Factor * inputs[s];
                }
                // What a slope's error is in the result, by way of later slopes too.
                double[] errors = new double[own.Length];
                for (int s = own.Length - 1; s >= 0; s--)
                {
                    errors[s] = Math.Abs(result.Slopes[s]);
                    for (int t = s + 1; t < own.Length; t++)
                        errors[s] += errors[t] * (Math.Abs(own[t].Factor) + Math.Abs(own[t].Spread) * farthest) * Math.Abs(step.Stages[t].Input.Slopes[s]);
                    demands[s] = errors[s] * Math.Abs(own[s].Spread * inputs[s]) * farthest;
                }
            }
            alpha = Sum(result, alpha);
            steps[segment] = new Step(
                [.. own.Select((evaluation, s) => new Stage(
                    T.CreateTruncating(inputs[s]), T.CreateTruncating(evaluation.Factor), T.CreateTruncating(evaluation.Spread),
                    T.CreateTruncating(unit * Math.Abs(alpha) / demands[s])))],
                alpha);
        }
        return steps;

        double Sum(Combination combination, double state)
        {
            double sum = combination.State * state;
            for (int l = 0; l < combination.Slopes.Length; l++) sum += combination.Slopes[l] * slopes[l];
            return sum;
        }
    }

    private Span<Vector<T>> Matrix(Span<Vector<T>> scratch, int number) => scratch.Slice(number * _size, _size);

    // f N + g W G (αI + N)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slope(in Stage stage, ref T record, nuint pitch, Span<Vector<T>> scratch, int input, int output, Span<bool> isZero)
    {
        ref Vector<T> from = ref Matrix(scratch, input)[0], to = ref Matrix(scratch, output)[0], product = ref Matrix(scratch, _slopes + 2)[0];
        Vector<T> factor = new(stage.Factor), alpha = new(stage.Alpha), spread = new(stage.Spread);
        bool isOpen = Vector.GreaterThanAny(Vector.LoadUnsafe(ref record), Vector<T>.Zero);
        isZero[output] = isZero[input] && !isOpen;
        if (!isOpen)
        {
            if (isZero[input]) return;
            for (nuint i = 0; i < (nuint)_size; i++) Unsafe.Add(ref to, i) = factor * Unsafe.Add(ref from, i);
            return;
        }
        ref T weights = ref Unsafe.Add(ref record, pitch);
        if (isZero[input])
        {
            First(alpha, spread, ref weights, pitch, ref to);
            return;
        }
        nuint row = (nuint)(_stride * Vector<T>.Count), diagonal = (nuint)_stride + 1;
        // Kept, because what is added and taken away again rounds, and only where another sample of the vector is open.
        ref Vector<T> kept = ref scratch[(_slopes + 3) * _size];
        for (nuint k = 0; k < (nuint)_n; k++)
        {
            Unsafe.Add(ref kept, k) = Unsafe.Add(ref from, k * diagonal);
            Unsafe.Add(ref from, k * diagonal) += alpha;
        }
        _product.Multiply(
            ref _zeros[0], ref Unsafe.As<Vector<T>, T>(ref from), row, ref Unsafe.As<Vector<T>, T>(ref product), row, ref Unsafe.NullRef<T>(), row);
        for (nuint k = 0; k < (nuint)_n; k++) Unsafe.Add(ref from, k * diagonal) = Unsafe.Add(ref kept, k);
        nuint stride = (nuint)_stride;
        for (nuint j = 0; j < stride; j += 2)
        {
            Vector<T> a = Vector<T>.Zero, b = a;
            ref Vector<T> own = ref Unsafe.Add(ref product, j);
            nuint at = 0;
            for (nuint k = 0; k < stride; k++, at += pitch, own = ref Unsafe.Add(ref own, stride))
            {
                Vector<T> weight = Vector.LoadUnsafe(ref weights, at);
                a = SimdMath.MultiplyAdd(weight, own, a);
                b = SimdMath.MultiplyAdd(weight, Unsafe.Add(ref own, 1), b);
            }
            own = ref Unsafe.Add(ref product, j);
            ref Vector<T> state = ref Unsafe.Add(ref from, j), end = ref Unsafe.Add(ref to, j);
            at = 0;
            for (nuint k = 0; k < stride; k++, at += pitch)
            {
                Vector<T> weight = spread * Vector.LoadUnsafe(ref weights, at);
                end = SimdMath.MultiplyAdd(weight, own - a, factor * state);
                Unsafe.Add(ref end, 1) = SimdMath.MultiplyAdd(weight, Unsafe.Add(ref own, 1) - b, factor * Unsafe.Add(ref state, 1));
                own = ref Unsafe.Add(ref own, stride);
                state = ref Unsafe.Add(ref state, stride);
                end = ref Unsafe.Add(ref end, stride);
            }
        }
    }

    // g W (αG), rounded as the general case rounds it where N is 0: which samples share a vector does not matter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void First(Vector<T> alpha, Vector<T> spread, ref T weights, nuint pitch, ref Vector<T> to)
    {
        nuint stride = (nuint)_stride;
        for (nuint j = 0; j < stride; j += 2)
        {
            Vector<T> a = Vector<T>.Zero, b = a;
            ref T gram = ref Unsafe.Add(ref _gram[0], j);
            nuint at = 0;
            for (nuint k = 0; k < stride; k++, at += pitch, gram = ref Unsafe.Add(ref gram, stride))
            {
                Vector<T> weight = Vector.LoadUnsafe(ref weights, at);
                a = SimdMath.MultiplyAdd(weight, alpha * new Vector<T>(gram), a);
                b = SimdMath.MultiplyAdd(weight, alpha * new Vector<T>(Unsafe.Add(ref gram, 1)), b);
            }
            gram = ref Unsafe.Add(ref _gram[0], j);
            ref Vector<T> end = ref Unsafe.Add(ref to, j);
            at = 0;
            for (nuint k = 0; k < stride; k++, at += pitch, gram = ref Unsafe.Add(ref gram, stride), end = ref Unsafe.Add(ref end, stride))
            {
                Vector<T> weight = spread * Vector.LoadUnsafe(ref weights, at);
                end = weight * (alpha * new Vector<T>(gram) - a);
                Unsafe.Add(ref end, 1) = weight * (alpha * new Vector<T>(Unsafe.Add(ref gram, 1)) - b);
            }
        }
    }

    // What the solver combines: the state, if it is the target too, and slopes, newest first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(T[] factors, Span<Vector<T>> scratch, int newest, int target, Span<bool> isZero)
    {
        Span<int> terms = stackalloc int[factors.Length];
        int count = 0;
        for (int l = 1; l < factors.Length; l++)
            if (!isZero[Number(l)] && factors[l] != T.Zero) terms[count++] = l;
        bool isEmpty = _history == 0 || isZero[target];
        isZero[target] = isEmpty && count == 0;
        if (isZero[target]) return;
        // Two slopes in a pass; a single one is added twice, the second time with the factor 0.
        Vector<T> state = new(factors[0]);
        for (int first = 0; first < Math.Max(count, 1); first += 2, isEmpty = false, state = Vector<T>.One)
        {
            int a = count == 0 ? -1 : terms[first], b = first + 1 < count ? terms[first + 1] : -1;
            Vector<T> factorA = a < 0 ? Vector<T>.Zero : new(factors[a]), factorB = b < 0 ? Vector<T>.Zero : new(factors[b]);
            ref Vector<T> sum = ref Matrix(scratch, target)[0], ownA = ref Matrix(scratch, a < 0 ? target : Number(a))[0];
            ref Vector<T> ownB = ref b < 0 ? ref ownA : ref Matrix(scratch, Number(b))[0];
            if (isEmpty)
                for (nuint i = 0; i < (nuint)_size; i++)
                    Unsafe.Add(ref sum, i) = SimdMath.MultiplyAdd(factorB, Unsafe.Add(ref ownB, i), factorA * Unsafe.Add(ref ownA, i));
            else
                for (nuint i = 0; i < (nuint)_size; i++)
                    Unsafe.Add(ref sum, i) = SimdMath.MultiplyAdd(
                        factorB, Unsafe.Add(ref ownB, i), SimdMath.MultiplyAdd(factorA, Unsafe.Add(ref ownA, i), state * Unsafe.Add(ref sum, i)));
        }

        int Number(int l) => _history > 0 ? (newest + _history + 2 - l) % (_history + 1) : l - 1;
    }

    private void Read(Step step, Span<Vector<T>> state, bool isZero, Span<Vector<T>> scratch, Span<double> logDensities, Span<bool> reversed)
    {
        bool flips = step.End < 0 && _tables.Mixture.Dimension % 2 == 1;
        if (isZero)
        {
            if (flips) reversed.Fill(true);
            return;
        }
        Span<Vector<T>> matrix = Matrix(scratch, _slopes + 2);
        Vector<T> inverse = new(T.CreateTruncating(1 / step.End));
        for (int k = 0, at = 0; k < _n; k++)
        {
            for (int j = 0; j < _n; j++) matrix[at++] = state[k * _stride + j] * inverse;
            matrix[k * _n + k] += Vector<T>.One;
        }
        Vector<T> logs = LaneElimination.LogAbs(matrix, _n, out Vector<T> signs, out Vector<T> isExact);
        for (int i = 0; i < logDensities.Length; i++)
        {
            double log = double.CreateTruncating(logs[i]);
            bool isPositive = !T.IsNegative(signs[i]);
            // All bits of what holds are set, which is NaN as a number.
            if (isExact[i] == T.Zero) log = Alone(state, i, step.End, out isPositive);
            logDensities[i] -= log;
            reversed[i] |= isPositive == flips;
        }
    }

    private double Alone(ReadOnlySpan<Vector<T>> state, int lane, double end, out bool isPositive)
    {
        double[] matrix = ArrayPool<double>.Shared.Rent(_n * _n);
        for (int k = 0, at = 0; k < _n; k++)
            for (int j = 0; j < _n; j++) matrix[at++] = (k == j ? 1 : 0) + double.CreateTruncating(state[k * _stride + j][lane]) / end;
        double log = Determinant.LogAbs(matrix.AsSpan(0, _n * _n), _n, out isPositive);
        ArrayPool<double>.Shared.Return(matrix);
        return log;
    }

    /// <summary>What is the same for all samples: the stages, and α at the end.</summary>
    private sealed record Step(Stage[] Stages, double End);

    /// <summary>α at an evaluation, f, g, and the weight of all but the likeliest component below which it is as if they had none.</summary>
    private readonly record struct Stage(T Alpha, T Factor, T Spread, T Threshold);
}
