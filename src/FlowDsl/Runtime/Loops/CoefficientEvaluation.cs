using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// One evaluation of a <see cref="CoefficientKernel{T}"/>: energies Offsets_k - EnergyFactor δ_k·(x - Am), slope Factor x + MeanFactor Σ r_k μ_k.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class CoefficientEvaluation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LogTwo = 0.6931471805599453;

    private readonly CoefficientTables<T> _tables;
    private readonly double _energyFactor, _factor, _meanFactor;
    private readonly T[] _offsets;

    /// <summary>Tabulates a field.</summary>
    /// <param name="tables">The mixture.</param>
    /// <param name="field">The field at its time.</param>
    public CoefficientEvaluation(CoefficientTables<T> tables, in MixtureField field)
    {
        (_tables, A) = (tables, field.Point.A);
        ComponentCoefficients[] components = new EvaluationCoefficients(tables.Mixture, field).Components;
        double precision = components[0].Root[0] * components[0].Root[0];
        _energyFactor = 2 * A * precision;
        _factor = components[0].Factor[0];
        _meanFactor = field.MeanFactor - _factor * A;
        int count = components.Length;
        double[] offsets = [.. components.Select((component, k) => component.Offset + A * A * precision * tables.Products[k * count + k])];
        double least = offsets.Min();
        _offsets = new T[tables.Count];
        for (int k = 0; k < _offsets.Length; k++) _offsets[k] = k < count ? T.CreateTruncating(offsets[k] - least) : T.PositiveInfinity;
    }

    /// <summary>a, the factor of the signal.</summary>
    public double A { get; }

    /// <summary>The slope's multiple of the input.</summary>
    public double Factor => _factor;

    /// <summary>The slope's multiple of the mean.</summary>
    public double MeanFactor => _meanFactor;

    /// <summary>The factor of the means' covariance by the responsibilities in the slope's derivative.</summary>
    public double Spread => LogTwo * _energyFactor * _meanFactor;

    private int Count => _tables.Count;

    /// <summary>The energies at an input, and the part of the slope's coefficients that is a multiple of the input.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="isZero">Whether the coefficients of the input are 0.</param>
    /// <param name="input">The group of the input's coefficients.</param>
    /// <param name="slope">The number of the slope.</param>
    /// <param name="start">The factor of the start in the input.</param>
    /// <param name="centre">The factor of the mean of the means.</param>
    public void Energies(in CoefficientRows<T> rows, bool isZero, int input, int slope, double start, double centre)
    {
        ref T scaled = ref rows.At(rows.Input);
        MemoryMarshal.CreateSpan(ref rows.Least, (int)rows.Lanes).Fill(T.PositiveInfinity);
        Prepare(
            T.CreateTruncating(-_energyFactor * start), T.CreateTruncating(-_energyFactor * (centre - A)), ref rows.At(input), ref rows.Products,
            ref rows.Energies, ref scaled, ref rows.At(1 + slope), rows.Lanes);
        if (isZero) MinOf(ref rows.Energies, ref rows.Least, rows.Lanes);
        else _tables.Gram.Multiply(ref Unsafe.NullRef<T>(), ref scaled, rows.Lanes, ref rows.Energies, rows.Lanes, ref rows.Least, rows.Lanes);
    }

    /// <summary>The part of the slope's coefficients that is a multiple of the state, where its energies are known.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="slope">The number of the slope.</param>
    public void ScaleState(in CoefficientRows<T> rows, int slope)
        => LinearCombination.Apply(ref rows.Coefficients, rows.Group, rows.Group, 1, T.CreateTruncating(_factor), [], [], 1 + slope);

    /// <summary>The coefficients of the slope, by its energies.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="slope">The number of the slope.</param>
    public void Finish(in CoefficientRows<T> rows, int slope)
    {
        SoftMinimum.Weights(ref rows.Energies, rows.Lanes, Count, ref rows.Least, ref rows.Share, rows.Lanes);
        AddWeights(ref rows.Energies, ref rows.Share, ref rows.At(1 + slope), rows.Lanes);
    }

    /// <summary>The slope's factors of the start and of the mean of the means.</summary>
    /// <param name="start">The input's factor of the start.</param>
    /// <param name="centre">The input's factor of the mean of the means.</param>
    public (double Start, double Centre) Factors(double start, double centre) => (_factor * start, _factor * centre + _meanFactor);

    /// <summary>
    /// The coefficients of the slope's derivative along a direction αy + βm + Σ c_k δ_k, where <see cref="Finish"/> was last called for:
    /// factor · c + meanFactor · dr, with dr_k = r_k (dl_k - Σ r_j dl_j) and l_k = -log 2 E_k.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="direction">Its coefficients c.</param>
    /// <param name="start">α.</param>
    /// <param name="centre">β.</param>
    /// <param name="products">The products of the means with y if these are the same for all lanes; null for the rows of the start.</param>
    /// <param name="scaled">A group that is free.</param>
    /// <param name="changes">Another one.</param>
    /// <param name="slope">Receives the coefficients.</param>
    public void Derivative(
        in CoefficientRows<T> rows, ref T direction, double start, double centre, double[]? products, ref T scaled, ref T changes, ref T slope)
    {
        PrepareDerivative(rows, ref direction, start, centre, products, ref scaled, ref changes);
        _tables.Gram.Multiply(ref Unsafe.NullRef<T>(), ref scaled, rows.Lanes, ref changes, rows.Lanes, ref Unsafe.NullRef<T>(), rows.Lanes);
        AddChanges(rows, ref direction, ref changes, ref slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PrepareDerivative(
        in CoefficientRows<T> rows, ref T direction, double start, double centre, double[]? products, ref T scaled, ref T changes)
    {
        Vector<T> energyFactor = Vector.Create(T.CreateTruncating(-_energyFactor)), startFactor = Vector.Create(T.CreateTruncating(-_energyFactor * start));
        ref T ofStart = ref rows.Products;
        nuint i = 0, lanes = rows.Lanes;
        for (int k = 0; k < Count; k++)
        {
            double along = k < _tables.AlongCentre.Length ? centre * _tables.AlongCentre[k] + (products is null ? 0 : start * products[k]) : 0;
            Vector<T> constant = Vector.Create(T.CreateTruncating(-_energyFactor * along));
            for (nuint end = i + lanes; i < end; i += (nuint)Vector<T>.Count)
            {
                (Vector.LoadUnsafe(ref direction, i) * energyFactor).StoreUnsafe(ref scaled, i);
                (products is null ? SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref ofStart, i), startFactor, constant) : constant).StoreUnsafe(ref changes, i);
            }
        }
    }

    // The padding component weighs nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddChanges(in CoefficientRows<T> rows, ref T direction, ref T changes, ref T slope)
    {
        Vector<T> factor = Vector.Create(T.CreateTruncating(_factor)), bits = Vector.Create(T.CreateTruncating(-LogTwo * _meanFactor));
        ref T weights = ref rows.Energies, share = ref rows.Share;
        nuint lanes = rows.Lanes, width = (nuint)Vector<T>.Count;
        for (nuint lane = 0; lane < lanes; lane += 2 * width)
        {
            Vector<T> meanA = Vector<T>.Zero, meanB = meanA, ownA = Vector.LoadUnsafe(ref share, lane), ownB = Vector.LoadUnsafe(ref share, lane + width);
            nuint i = lane;
            for (int k = 0; k < Count; k++, i += lanes)
            {
                meanA = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, i), Vector.LoadUnsafe(ref changes, i), meanA);
                meanB = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, i + width), Vector.LoadUnsafe(ref changes, i + width), meanB);
            }
            (meanA, meanB) = (meanA * ownA, meanB * ownB);
            (ownA, ownB) = (ownA * bits, ownB * bits);
            i = lane;
            for (int k = 0; k < Count; k++, i += lanes)
            {
                Vector<T> a = (Vector.LoadUnsafe(ref changes, i) - meanA) * (Vector.LoadUnsafe(ref weights, i) * ownA);
                Vector<T> b = (Vector.LoadUnsafe(ref changes, i + width) - meanB) * (Vector.LoadUnsafe(ref weights, i + width) * ownB);
                if (_factor != 0)
                {
                    a = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref direction, i), factor, a);
                    b = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref direction, i + width), factor, b);
                }
                a.StoreUnsafe(ref slope, i);
                b.StoreUnsafe(ref slope, i + width);
            }
        }
    }

    // The initial values of the energies, and the Gram matrix's factor; the part of the slope that is a multiple of the input.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prepare(T start, T centre, ref T coefficients, ref T products, ref T energies, ref T scaled, ref T slopes, nuint lanes)
    {
        Vector<T> startFactor = Vector.Create(start), energyFactor = Vector.Create(T.CreateTruncating(-_energyFactor)),
            factor = Vector.Create(T.CreateTruncating(_factor));
        bool multiple = _factor != 0;
        nuint i = 0, width = (nuint)Vector<T>.Count;
        for (int k = 0; k < Count; k++)
        {
            Vector<T> offset = Vector.Create(T.MultiplyAddEstimate(centre, _tables.NarrowAlongCentre[k], _offsets[k]));
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
            for (int k = 0; k < Count; k++) lowest = Vector.MinNative(lowest, Vector.LoadUnsafe(ref energies, (nuint)k * lanes + i));
            lowest.StoreUnsafe(ref least, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddWeights(ref T weights, ref T share, ref T slopes, nuint lanes)
    {
        Vector<T> meanFactor = Vector.Create(T.CreateTruncating(_meanFactor));
        nuint width = (nuint)Vector<T>.Count;
        for (nuint lane = 0; lane < lanes; lane += 2 * width)
        {
            Vector<T> a = Vector.LoadUnsafe(ref share, lane) * meanFactor, b = Vector.LoadUnsafe(ref share, lane + width) * meanFactor;
            nuint i = lane;
            if (_factor == 0)
            {
                for (int k = 0; k < Count; k++, i += lanes)
                {
                    (Vector.LoadUnsafe(ref weights, i) * a).StoreUnsafe(ref slopes, i);
                    (Vector.LoadUnsafe(ref weights, i + width) * b).StoreUnsafe(ref slopes, i + width);
                }
                continue;
            }
            for (int k = 0; k < Count; k++, i += lanes)
            {
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, i), a, Vector.LoadUnsafe(ref slopes, i)).StoreUnsafe(ref slopes, i);
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, i + width), b, Vector.LoadUnsafe(ref slopes, i + width)).StoreUnsafe(ref slopes, i + width);
            }
        }
    }
}
