using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// What a <see cref="CoefficientKernel{T}"/> tracks besides the states: the lengths of the steps' own errors, or tangents, the sample's error first. They are
/// combinations of the means too, so a derivative costs one product with the Gram matrix and no exponential.
/// </summary>
/// <remarks>
/// A tile has groups of rows for the part of a step's error that is known, the slope at the start of the step before, and each tangent with its
/// slopes; three more are free for products. The vectors' parts in y and m are numbers, see <see cref="CommonParts"/>.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class CoefficientErrors<T> : IStepWatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FirstTangent = 2;

    // Below this share of y the squares of starts count less than rounding.
    private const double Negligible = 1e-13;

    // Added and subtracted again, it makes zeros of what is less than its rounding: of tiny responsibilities nothing but numbers below the normal ones is
    // left, with which a processor may take a hundred times as long.
    private static readonly T Tiny = T.CreateTruncating(1e-25);

    private readonly CoefficientTables<T> _tables;
    private readonly FlowProgram _program;
    private readonly LocalErrors _errors;
    private readonly CommonParts _factors;
    private readonly T[][] _residues;
    private readonly T[][][] _inputs, _results;
    private readonly double[][] _directions;
    private readonly SettledErrors?[] _settled;
    private readonly int _slopes;
    private readonly double _variance, _centreSquare;

    /// <summary>Tabulates what is tracked.</summary>
    /// <param name="tables">The mixture.</param>
    /// <param name="program">The program of a one-step method.</param>
    /// <param name="errors">The estimates of its steps' own errors.</param>
    /// <param name="directions">Unit directions at the start; none if only lengths are summed.</param>
    /// <param name="slopes">The number of slopes that the kernel keeps.</param>
    public CoefficientErrors(CoefficientTables<T> tables, FlowProgram program, LocalErrors errors, double[][] directions, int slopes)
    {
        (_tables, _program, _errors, _slopes) = (tables, program, errors, slopes);
        _variance = tables.Mixture.Covariances[0].MinVariance;
        _factors = new CommonParts(program, errors, _variance);
        _inputs = StageLoop<T>.Inputs(program);
        _results = StageLoop<T>.Results(program);
        // The first step has no previous slope.
        _residues = [.. errors.Steps.Select(Factors)];
        _directions = [.. directions.Select(tables.ProductsWith)];
        TangentCount = directions.Length == 0 ? 0 : 1 + directions.Length;
        End = new CoefficientEvaluation<T>(tables, errors.End);
        _centreSquare = tables.CentreSquare;
        _settled = new SettledErrors?[program.Steps.Length];
        HasCommonParts = _factors.Errors.Any(
            own => Math.Abs(own.Start) > Negligible || own.Centre * own.Centre * _centreSquare > Negligible * Negligible);
        UsesStart = _factors.Errors.Append(_factors.Error).Any(own => Math.Abs(own.Start) > Negligible);
    }

    /// <summary>The number of tangents.</summary>
    public int TangentCount { get; }

    /// <summary>The evaluation after the last step.</summary>
    public CoefficientEvaluation<T> End { get; }

    /// <summary>Whether an error has a part in y, so that squares of starts count.</summary>
    public bool UsesStart { get; }

    /// <summary>
    /// The vectors of a lane whose lengths are taken when a block is through: the tangents, or the errors of the two steps next to where a lane settles.
    /// </summary>
    public int EndCount => TangentCount > 0 ? TangentCount : 2;

    // Whether some step's own error has a part in y or m.
    private bool HasCommonParts { get; }

    /// <summary>The groups of a tile.</summary>
    public int Groups => Changes + 1;

    /// <summary>The groups that a lane takes from one part of the flow to the next.</summary>
    public int CarriedGroups => FirstTangent + TangentCount;

    private int Scaled => FirstTangent + TangentCount * (1 + _slopes);

    private int Changes => Scaled + 2;

    private int Input => Scaled + 1;

    /// <summary>The place of such a group in a tile.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="group">Its number.</param>
    public ref T Carried(in CoefficientRows<T> tile, int group)
        => ref group < FirstTangent ? ref tile.At(tile.Extra + group) : ref Tangent(tile, group - FirstTangent);

    /// <inheritdoc/>
    public void AfterEvaluation(in CoefficientRows<T> tile, int segment, int stage, CoefficientEvaluation<T> evaluation)
    {
        if (stage == 0) Begin(tile, segment, evaluation);
        else Continue(tile, segment, stage, evaluation);
    }

    /// <summary>After the first slope of a step: completes the error of the step before, and begins with the tangents' slopes.</summary>
    private void Begin(in CoefficientRows<T> tile, int segment, CoefficientEvaluation<T> evaluation)
    {
        if (segment > 0) Complete(tile, segment - 1);
        Continue(tile, segment, 0, evaluation);
    }

    /// <summary>After a slope: those of the tangents.</summary>
    private void Continue(in CoefficientRows<T> tile, int segment, int stage, CoefficientEvaluation<T> evaluation)
    {
        Span<int> groups = stackalloc int[stage];
        for (int l = 0; l < stage; l++) groups[l] = 1 + l;
        ref T scaled = ref tile.At(tile.Extra + Scaled), changes = ref tile.At(tile.Extra + Changes);
        for (int t = 0; t < TangentCount; t++)
        {
            ref T tangent = ref Tangent(tile, t), input = ref tangent;
            if (stage > 0)
            {
                // The free group lies behind all slopes of the tangent.
                int target = Input - FirstTangent - t * (1 + _slopes);
                Combine(_inputs[segment][stage], ref tangent, tile.Group, groups, target);
                input = ref tile.At(tile.Extra + Input);
            }
            CommonPart own = t == 0 ? _factors.ErrorInputs[segment][stage] : _factors.DirectionInputs[segment][stage];
            evaluation.Derivative(
                tile, ref input, own.Start, own.Centre, t == 0 ? null : _directions[t - 1], ref scaled, ref changes,
                ref Unsafe.Add(ref tangent, (nuint)(1 + stage) * tile.Group));
        }
    }

    /// <summary>After the last slope of a step: what is known of its error.</summary>
    public void BeforeEnd(in CoefficientRows<T> tile, int segment)
    {
        T[] factors = _residues[segment];
        int slopes = _errors.Steps[segment].Slopes.Length;
        Span<int> groups = stackalloc int[factors.Length - 1];
        for (int l = 0; l < groups.Length; l++) groups[l] = l < slopes ? 1 + l : tile.Extra + 1;
        LinearCombination.Apply(ref tile.Coefficients, tile.Group, tile.Group, 1, factors[0], factors.AsSpan(1), groups, tile.Extra);
        if (_errors.ReachesBack)
            MemoryMarshal.CreateSpan(ref tile.At(1), (int)tile.Group).CopyTo(MemoryMarshal.CreateSpan(ref tile.At(tile.Extra + 1), (int)tile.Group));
    }

    /// <summary>The tangents at the end of a step.</summary>
    public void AfterEnd(in CoefficientRows<T> tile, int segment)
    {
        Span<int> groups = stackalloc int[_results[segment][0].Length - 1];
        for (int l = 0; l < groups.Length; l++) groups[l] = 1 + l;
        for (int t = 0; t < TangentCount; t++) Combine(_results[segment][0], ref Tangent(tile, t), tile.Group, groups, 0);
    }

    /// <summary>Completes the error of a step with the slope at its end: adds it to the first tangent, or its length to their sum.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="segment">The step.</param>
    public void Complete(in CoefficientRows<T> tile, int segment)
    {
        ref T own = ref tile.At(tile.Extra + Scaled), products = ref tile.At(tile.Extra + Changes);
        T next = T.CreateTruncating(_errors.Steps[segment].Next);
        if (TangentCount > 0)
        {
            ref T error = ref Tangent(tile, 0);
            Add(ref tile.At(tile.Extra), ref tile.At(1), next, ref error, ref error, tile.Group);
            return;
        }
        Add(ref tile.At(tile.Extra), ref tile.At(1), next, ref Unsafe.NullRef<T>(), ref own, tile.Group);
        _tables.Gram.Multiply(ref _tables.Zeros, ref own, tile.Lanes, ref products, tile.Lanes, ref Unsafe.NullRef<T>(), tile.Lanes);
        AddLengths(tile, _factors.Errors[segment], ref own, ref products);
    }

    /// <summary>What the rest of the flow makes of a lane's error that has settled.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="owner">Its component.</param>
    /// <param name="check">The segment that starts there.</param>
    /// <param name="ends">The lane's coefficients at the end, tangent after tangent.</param>
    /// <param name="pitch">Their distance.</param>
    /// <param name="length">Receives the sum of lengths.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Settle(in CoefficientRows<T> tile, nuint lane, int owner, int check, ref T ends, nuint pitch, ref T length)
    {
        SettledErrors rest = _settled[check] ??= new SettledErrors(_program, _errors, _variance, check);
        if (TangentCount == 0)
        {
            length = Unsafe.Add(ref tile.Length, lane);
            if (HasCommonParts || rest.Later.Length > 0) length += T.CreateTruncating(LengthOf(rest, tile, lane, owner, check));
            else Postpone(rest, tile, lane, owner, check, ref ends, pitch);
            return;
        }
        nuint step = tile.Lanes, count = (nuint)tile.Components;
        GaussianFlow before = rest.Before, later = rest.Propagated;
        T growth = T.CreateTruncating(rest.Growth), state = T.CreateTruncating(rest.Growth * before.Start + later.Start),
            previous = T.CreateTruncating(rest.PreviousGrowth);
        bool follows = check > 0;
        for (nuint k = 0; k < count; k++)
        {
            nuint at = k * step + lane;
            T sum = growth * Unsafe.Add(ref Tangent(tile, 0), at) + state * Unsafe.Add(ref tile.Coefficients, at);
            if (follows) sum += growth * Unsafe.Add(ref tile.At(tile.Extra), at);
            if (previous != T.Zero) sum += previous * Unsafe.Add(ref tile.At(tile.Extra + 1), at);
            Unsafe.Add(ref ends, k * pitch) = sum + Tiny - Tiny;
        }
        Unsafe.Add(ref ends, (nuint)owner * pitch) += T.CreateTruncating(rest.Growth * before.Mean + later.Mean);
        for (int t = 1; t < TangentCount; t++)
        {
            ref T tangent = ref Tangent(tile, t), end = ref Unsafe.Add(ref ends, (nuint)t * count * pitch);
            for (nuint k = 0; k < count; k++) Unsafe.Add(ref end, k * pitch) = growth * Unsafe.Add(ref tangent, k * step + lane);
        }
    }

    // The two errors that are not those of one Gaussian: their lengths wait for the whole block.
    private void Postpone(SettledErrors rest, in CoefficientRows<T> tile, nuint lane, int owner, int check, ref T ends, nuint pitch)
    {
        if (check > 0) Place(rest.Before, ref tile.At(tile.Extra), T.One, tile, lane, owner, ref ends, pitch);
        if (rest.FirstIsNegligible) return;
        ref T second = ref Unsafe.Add(ref ends, (nuint)tile.Components * pitch);
        Place(rest.First, ref tile.At(tile.Extra + 1), T.CreateTruncating(rest.Previous), tile, lane, owner, ref second, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Place(GaussianFlow flow, ref T other, T factor, in CoefficientRows<T> tile, nuint lane, int owner, ref T end, nuint pitch)
    {
        T start = T.CreateTruncating(flow.Start);
        ref T state = ref tile.Coefficients;
        for (nuint k = 0, at = lane; k < (nuint)tile.Components; k++, at += tile.Lanes)
            Unsafe.Add(ref end, k * pitch) = start * Unsafe.Add(ref state, at) + factor * Unsafe.Add(ref other, at) + Tiny - Tiny;
        Unsafe.Add(ref end, (nuint)owner * pitch) += T.CreateTruncating(flow.Mean);
    }

    /// <summary>Adds the lengths that were put off to the sums of a block.</summary>
    /// <param name="ends">The vectors' coefficients, one after the other.</param>
    /// <param name="free">A group of rows.</param>
    /// <param name="pitch">The length of a row.</param>
    /// <param name="squares">A free row.</param>
    /// <param name="lengths">The sums.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    public void AddPostponed(ref T ends, ref T free, nuint pitch, ref T squares, ref T lengths, nuint lanes)
    {
        for (int i = 0; i < (_errors.ReachesBack ? 2 : 1); i++)
        {
            ref T own = ref Unsafe.Add(ref ends, (nuint)(i * _tables.Count) * pitch);
            _tables.Gram.Multiply(ref _tables.Zeros, ref own, pitch, ref free, pitch, ref Unsafe.NullRef<T>(), lanes);
            MemoryMarshal.CreateSpan(ref squares, (int)lanes).Clear();
            AddSquares(default, null, ref own, ref free, ref own, ref squares, ref squares, pitch, ref squares, lanes);
            AddRoots(ref squares, ref lengths, lanes);
        }
    }

    /// <summary>The lengths of the tangents at the end: of the first one, and the root mean square of the others.</summary>
    /// <param name="ends">Their coefficients, tangent after tangent.</param>
    /// <param name="products">The products of the means with the start.</param>
    /// <param name="square">The squares of the starts.</param>
    /// <param name="along">Their products with the mean of the means.</param>
    /// <param name="free">A group of rows.</param>
    /// <param name="pitch">The length of a row.</param>
    /// <param name="error">Receives the first one's.</param>
    /// <param name="growth">Receives the others'.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    public void Measure(ref T ends, ref T products, ref T square, ref T along, ref T free, nuint pitch, ref T error, ref T growth, nuint lanes)
    {
        MemoryMarshal.CreateSpan(ref growth, (int)lanes).Clear();
        for (int t = 0; t < TangentCount; t++)
        {
            ref T own = ref Unsafe.Add(ref ends, (nuint)(t * _tables.Count) * pitch);
            _tables.Gram.Multiply(ref _tables.Zeros, ref own, pitch, ref free, pitch, ref Unsafe.NullRef<T>(), lanes);
            if (t == 0)
            {
                MemoryMarshal.CreateSpan(ref error, (int)lanes).Clear();
                AddSquares(_factors.Error, null, ref own, ref free, ref products, ref square, ref along, pitch, ref error, lanes);
            }
            else AddSquares(_factors.Direction, _directions[t - 1], ref own, ref free, ref products, ref square, ref along, pitch, ref growth, lanes);
        }
        Root(ref error, T.One, lanes);
        Root(ref growth, T.One / T.CreateTruncating(TangentCount - 1), lanes);
    }

    private static T[] Factors(StepError step)
    {
        T[] known = [T.CreateTruncating(step.State), .. step.Slopes.Select(T.CreateTruncating)];
        return step.Previous == 0 ? known : [.. known, T.CreateTruncating(step.Previous)];
    }

    private ref T Tangent(in CoefficientRows<T> tile, int tangent) => ref tile.At(tile.Extra + FirstTangent + tangent * (1 + _slopes));

    private static void Combine(T[] coefficients, ref T first, nuint group, ReadOnlySpan<int> groups, int target)
        => LinearCombination.Apply(ref first, group, group, 1, coefficients[0], coefficients.AsSpan(1), groups[..(coefficients.Length - 1)], target);

    // sum ← before + residue + next · slope
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ref T residue, ref T slope, T next, ref T before, ref T sum, nuint count)
    {
        Vector<T> factor = Vector.Create(next), tiny = Vector.Create(Tiny);
        for (nuint i = 0; i < count; i += (nuint)Vector<T>.Count)
        {
            Vector<T> own = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref slope, i), factor, Vector.LoadUnsafe(ref residue, i));
            if (!Unsafe.IsNullRef(ref before)) own += Vector.LoadUnsafe(ref before, i);
            (own + tiny - tiny).StoreUnsafe(ref sum, i);
        }
    }

    private void AddLengths(in CoefficientRows<T> tile, CommonPart own, ref T coefficients, ref T products)
    {
        ref T squares = ref tile.Share;
        // The slope is there, so the weights are no longer needed.
        MemoryMarshal.CreateSpan(ref squares, (int)tile.Lanes).Clear();
        AddSquares(
            HasCommonParts ? own : default, null, ref coefficients, ref products, ref tile.Products, ref tile.Square, ref tile.Along, tile.Lanes, ref squares,
            tile.Lanes);
        AddRoots(ref squares, ref tile.Length, tile.Lanes);
    }

    /// <summary>sums += |αy + βm + Σ c_k δ_k|² = Σ c_k ((Gc)_k + 2α δ_k·y + 2β δ_k·m) + α²|y|² + 2αβ y·m + β²|m|².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSquares(
        CommonPart own, double[]? direction, ref T coefficients, ref T gram, ref T products, ref T square, ref T along, nuint pitch, ref T sums, nuint lanes)
    {
        bool hasStart = direction is null && Math.Abs(own.Start) > Negligible;
        bool hasNumbers = hasStart || direction is not null || own.Centre != 0;
        Vector<T> twice = Vector.Create(T.CreateTruncating(2 * own.Start)), ofSquare = Vector.Create(T.CreateTruncating(own.Start * own.Start)),
            ofAlong = Vector.Create(T.CreateTruncating(2 * own.Start * own.Centre));
        double constant = own.Centre * own.Centre * _centreSquare + (direction is null ? 0 : own.Start * own.Start);
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> sum = Vector.LoadUnsafe(ref sums, i) + Vector.Create(T.CreateTruncating(constant));
            if (hasStart)
                sum = SimdMath.MultiplyAdd(
                    Vector.LoadUnsafe(ref square, i), ofSquare, SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref along, i), ofAlong, sum));
            nuint at = i;
            for (int k = 0; !hasNumbers && k < _tables.AlongCentre.Length; k++, at += pitch)
                sum = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref coefficients, at), Vector.LoadUnsafe(ref gram, at), sum);
            for (int k = 0; hasNumbers && k < _tables.AlongCentre.Length; k++, at += pitch)
            {
                double number = 2 * own.Centre * _tables.AlongCentre[k] + (direction is null ? 0 : 2 * own.Start * direction[k]);
                Vector<T> product = Vector.LoadUnsafe(ref gram, at) + Vector.Create(T.CreateTruncating(number));
                if (hasStart) product = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref products, at), twice, product);
                sum = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref coefficients, at), product, sum);
            }
            sum.StoreUnsafe(ref sums, i);
        }
    }

    // NaN stays NaN; rounding may leave less than 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Root(ref T values, T factor, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            Vector.SquareRoot(Vector.Max(Vector.LoadUnsafe(ref values, i) * Vector.Create(factor), Vector<T>.Zero)).StoreUnsafe(ref values, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRoots(ref T squares, ref T sums, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            (Vector.LoadUnsafe(ref sums, i) + Vector.SquareRoot(Vector.Max(Vector.LoadUnsafe(ref squares, i), Vector<T>.Zero))).StoreUnsafe(ref sums, i);
    }

    /// <summary>The lengths of the errors of the step before the check and of all after it.</summary>
    private double LengthOf(SettledErrors rest, in CoefficientRows<T> tile, nuint lane, int owner, int check)
    {
        double sum = 0;
        var vector = new LaneVector<T>(_tables, tile, lane, stackalloc double[_tables.AlongCentre.Length], owner);
        if (check > 0)
        {
            vector.Set(rest.Before, ref tile.At(tile.Extra), 1);
            sum += vector.Length(_factors.Errors[check - 1]);
        }
        if (!rest.FirstIsNegligible)
        {
            vector.Set(rest.First, ref tile.At(tile.Extra + 1), rest.Previous);
            sum += vector.Length(_factors.Errors[check]);
        }
        foreach ((int segment, GaussianFlow own) in rest.Later)
        {
            vector.Set(own, ref tile.Coefficients, 0);
            sum += vector.Length(_factors.Errors[segment]);
        }
        return sum;
    }
}
