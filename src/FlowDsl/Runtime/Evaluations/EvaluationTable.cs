using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>One evaluation of a field by loops over tables, for some pairs of vectors of samples at a time. A class for each shape of covariances.</summary>
/// <remarks>
/// Three passes: energies of all components and their minimum; weights 2^(minimum - energy) and their sum; sums of the components' contributions,
/// which give the slopes. Tables hold an even number of components; the last may be padding, with infinite energy and no contribution.
/// </remarks>
internal abstract class EvaluationTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The maximum number of table values that may be read again for every pair of vectors.
    private const int TablesInCache = 8192;

    // The number of scratch values beside them.
    private const int ScratchInCache = 4096;

    private readonly T[] _zeros;
    // Sums over the components, where they are a product with a matrix.
    private readonly PackedMatrix<T>? _sums;
    private readonly int _inputRows;

    /// <summary>Keeps what all shapes have.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="offsets">The constant term of each component's energy.</param>
    /// <param name="sums">The matrix of the sums over components.</param>
    /// <param name="inputRows">The rows that the energies are a product with.</param>
    protected EvaluationTable(int dimension, double[] offsets, PackedMatrix<T>? sums, int inputRows = 0)
    {
        (Dimension, _sums, _inputRows) = (dimension, sums, inputRows);
        Offsets = Padded(offsets, double.PositiveInfinity);
        _zeros = new T[Math.Max(SumRows, Count)];
    }

    /// <summary>The number of rows of scratch.</summary>
    public int ScratchRows => EvaluationRows<T>.Count(Count, _inputRows, SumRows);

    /// <summary>The scratch rows that <see cref="Tangent"/> needs after those of <see cref="Evaluate"/>.</summary>
    public int TangentScratchRows => TangentRows<T>.Count(Count, SumRows, PackedMatrix<T>.Even(Dimension));

    /// <summary>d.</summary>
    protected int Dimension { get; }

    /// <summary>The number of components, made even.</summary>
    protected int Count => Offsets.Length;

    /// <summary>The constant term of each component's energy.</summary>
    protected T[] Offsets { get; }

    /// <summary>Zeros to start a product from.</summary>
    protected ref T Zeros => ref First(_zeros);

    /// <summary>The rows of the sums.</summary>
    protected int SumRows => _sums?.Rows ?? 0;

    /// <summary>Tabulates a field.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="means">The data that its evaluations share.</param>
    /// <param name="field">The field at its time.</param>
    public static EvaluationTable<T> Create(Mixture mixture, MeanTables<T> means, in MixtureField field)
    {
        var coefficients = new EvaluationCoefficients(mixture, field);
        Precision precision = typeof(T) == typeof(double) ? Precision.Double : Precision.Single;
        bool isShared = mixture.HasSharedCovariance && !LogitScales.AreLost(mixture, field.Point, precision);
        double reach = Math.Sqrt(field.Point.Spread(mixture.MeanVariance));
        return coefficients.Kind switch
        {
            CovarianceType.Full when isShared => new SharedFullTable<T>(coefficients, means, field),
            _ when isShared => new SharedDiagonalTable<T>(coefficients, means, field),
            CovarianceType.Isotropic => new IsotropicTable<T>(coefficients, reach),
            CovarianceType.Diagonal => new DiagonalTable<T>(coefficients, reach),
            _ => new FullTable<T>(coefficients, reach),
        };
    }

    /// <summary>Tabulates the evaluations of a program, by steps and stages. They may differ in shape, and so in their scratch.</summary>
    public static EvaluationTable<T>[][] Create(Mixture mixture, MeanTables<T> means, FlowProgram program)
        => [.. program.Steps.Select(step => step.Stages.Select(stage => Create(mixture, means, stage.Field)).ToArray())];

    /// <summary>
    /// The lanes to evaluate at a time: as many as their scratch fits the first-level cache. If the tables exceed it, one pass over them must serve several
    /// pairs of vectors.
    /// </summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="scratchRows">The rows of scratch of the evaluations.</param>
    /// <param name="most">The lanes of a block.</param>
    public static int LanesAtATime(Mixture mixture, int scratchRows, int most)
    {
        int pair = 2 * Vector<T>.Count, pairs = mixture.Count * mixture.Dimension > TablesInCache ? 32 / pair : ScratchInCache / scratchRows / pair;
        return Math.Clamp(pairs, 1, most / pair) * pair;
    }

    /// <summary>Evaluates for the lanes of a block, some of them at a time.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="scratch"><see cref="ScratchRows"/> rows at the pitch.</param>
    /// <param name="pitch">The length of a row of scratch, which is the number of lanes at a time.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    public void EvaluateParts(ref T x, nuint stride, ref T scratch, nuint pitch, ref T slope, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += pitch)
            Evaluate(ref Unsafe.Add(ref x, i), stride, ref scratch, pitch, ref Unsafe.Add(ref slope, i), nuint.Min(pitch, lanes - i));
    }

    /// <summary>Evaluates for some lanes.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="scratch"><see cref="ScratchRows"/> rows at the pitch.</param>
    /// <param name="pitch">The length of a row of scratch.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(ref T x, nuint stride, ref T scratch, nuint pitch, ref T slope, nuint lanes)
    {
        var rows = new EvaluationRows<T>(ref scratch, pitch, lanes, Count, _inputRows);
        MemoryMarshal.CreateSpan(ref rows.Least, (int)lanes).Fill(T.PositiveInfinity);
        Energies(ref x, stride, rows);
        SoftMinimum.Weights(ref rows.Weights, pitch, Count, ref rows.Least, ref rows.Share, lanes);
        _sums?.Multiply(ref Zeros, ref rows.Weights, pitch, ref rows.Sums, pitch, ref Unsafe.NullRef<T>(), lanes);
        Slopes(ref x, stride, rows, ref slope);
    }

    /// <summary>The gap between the two smallest energies, in bits: the log-odds of the two likeliest components.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="scratch"><see cref="ScratchRows"/> rows at the pitch; the first one receives the gap.</param>
    /// <param name="pitch">The length of a row of scratch.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gap(ref T x, nuint stride, ref T scratch, nuint pitch, nuint lanes)
    {
        var rows = new EvaluationRows<T>(ref scratch, pitch, lanes, Count, _inputRows);
        MemoryMarshal.CreateSpan(ref rows.Least, (int)lanes).Fill(T.PositiveInfinity);
        Energies(ref x, stride, rows);
        Gap(ref rows.Weights, pitch, Count, ref scratch, lanes);
    }

    /// <summary>The gap between the two smallest values of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gap(ref T energies, nuint pitch, int count, ref T gap, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> least = new(T.PositiveInfinity), second = least;
            ref T energy = ref Unsafe.Add(ref energies, i);
            for (int k = 0; k < count; k++, energy = ref Unsafe.Add(ref energy, pitch))
            {
                Vector<T> own = Vector.LoadUnsafe(ref energy);
                second = Vector.MinNative(second, Vector.MaxNative(least, own));
                least = Vector.MinNative(least, own);
            }
            (second - least).StoreUnsafe(ref gap, i);
        }
    }

    /// <summary>
    /// The derivative of the slope along a direction v, for the lanes that <see cref="Evaluate"/> was last called for:
    /// dF = Σ r_k A_k v + Σ r_k (dl_k - Σ r_j dl_j)(A_k x + Constant_k), l_k the logarithm of component k's weight.
    /// </summary>
    /// <param name="x">The first coordinate of the point of evaluation.</param>
    /// <param name="direction">The first coordinate of v.</param>
    /// <param name="stride">The length of a row of both.</param>
    /// <param name="scratch">As the evaluation left it, plus <see cref="TangentScratchRows"/> more rows at the pitch.</param>
    /// <param name="pitch">The length of a row of scratch.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tangent(ref T x, ref T direction, nuint stride, ref T scratch, nuint pitch, ref T slope, nuint lanes)
    {
        var rows = new EvaluationRows<T>(ref scratch, pitch, lanes, Count, _inputRows);
        var tangent = new TangentRows<T>(
            ref Unsafe.Add(ref scratch, (nuint)ScratchRows * pitch), pitch, lanes, Count, SumRows, PackedMatrix<T>.Even(Dimension));
        EnergyChanges(ref x, ref direction, stride, rows, tangent);
        WeightChanges(ref rows.Weights, ref rows.Share, ref tangent.Changes, pitch, lanes);
        _sums?.Multiply(ref Zeros, ref tangent.Changes, pitch, ref tangent.Sums, pitch, ref Unsafe.NullRef<T>(), lanes);
        SlopeChanges(ref x, ref direction, stride, rows, tangent, ref slope);
    }

    /// <summary>The components' energies, and their minimum.</summary>
    protected abstract void Energies(ref T x, nuint stride, in EvaluationRows<T> rows);

    /// <summary>The slopes from the weights and the sums.</summary>
    protected abstract void Slopes(ref T x, nuint stride, in EvaluationRows<T> rows, ref T slope);

    /// <summary>The energies' derivatives along a direction.</summary>
    protected abstract void EnergyChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent);

    /// <summary>The slopes' derivatives from those of the weights and the sums.</summary>
    protected abstract void SlopeChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent, ref T slope);

    /// <summary>changes ← -log 2 · r_k (changes_k - Σ r_j changes_j): the responsibilities' derivatives from those of the energies, in bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WeightChanges(ref T weights, ref T share, ref T changes, nuint pitch, nuint lanes)
    {
        Vector<T> bits = Vector.Create(T.CreateTruncating(-0.6931471805599453));
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> mean = Vector<T>.Zero, own = Vector.LoadUnsafe(ref share, i);
            for (nuint k = 0; k < (nuint)Count; k++)
                mean = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, k * pitch + i), Vector.LoadUnsafe(ref changes, k * pitch + i), mean);
            mean *= own;
            own *= bits;
            for (nuint k = 0; k < (nuint)Count; k++)
            {
                nuint at = k * pitch + i;
                ((Vector.LoadUnsafe(ref changes, at) - mean) * (Vector.LoadUnsafe(ref weights, at) * own)).StoreUnsafe(ref changes, at);
            }
        }
    }

    protected static T[] Convert(IEnumerable<double> values) => [.. values.Select(T.CreateTruncating)];

    /// <summary>Values, and one more if their number is odd.</summary>
    protected static T[] Padded(IEnumerable<double> values, double padding = 0)
    {
        T[] converted = Convert(values);
        return converted.Length % 2 == 0 ? converted : [.. converted, T.CreateTruncating(padding)];
    }

    protected static ref T First(T[] values) => ref MemoryMarshal.GetArrayDataReference(values);

    protected static void Copy(ref T from, ref T to, nuint lanes)
        => MemoryMarshal.CreateSpan(ref from, (int)lanes).CopyTo(MemoryMarshal.CreateSpan(ref to, (int)lanes));
}
