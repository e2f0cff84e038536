using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of a solver on a mixture that has one isotropic covariance and fewer means than directions.</summary>
/// <remarks>
/// The samples' coefficients are integrated as in <see cref="CoefficientKernel{T}"/>; the responsibilities of every evaluation are all that the derivatives
/// depend on (<see cref="MeansDerivative{T}"/>). Where one component is left of a sample an evaluation's derivative is a multiple of the identity. Near
/// the data that is so for most samples, and a vector of them needs no matrices.
/// </remarks>
internal sealed class CoefficientDeterminants<T> : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 32;

    private readonly Mixture _mixture;
    private readonly MeanTables<T> _means;
    private readonly CoefficientTables<T> _tables;
    private readonly CoefficientSteps<T> _steps;
    private readonly T[] _zeros, _centre;
    private readonly MeansDerivative<T> _derivative;

    /// <summary>Tabulates a program.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    private CoefficientDeterminants(Mixture mixture, FlowProgram program)
    {
        _mixture = mixture;
        _means = new MeanTables<T>(mixture);
        _tables = new CoefficientTables<T>(mixture, _means);
        _steps = new CoefficientSteps<T>(_tables, program);
        _zeros = new T[_tables.Count];
        _centre = [.. _means.Centre.Select(value => T.CreateTruncating(_steps.Evaluations[0][0].A * value))];
        _derivative = new MeansDerivative<T>(_tables, program, _steps.Evaluations);
    }

    /// <summary>The determinants, if this way is faster than one tangent for each direction of the means' span, and no step loses a direction.</summary>
    /// <param name="mixture">A mixture with one isotropic covariance.</param>
    /// <param name="program">The program.</param>
    /// <param name="rank">The number of directions.</param>
    public static CoefficientDeterminants<T>? Find(Mixture mixture, FlowProgram program, int rank)
    {
        if (mixture.Count - 1 > rank * 3 / 2) return null;
        var determinants = new CoefficientDeterminants<T>(mixture, program);
        return determinants._derivative.KeepsDirections ? determinants : null;
    }

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        int d = _mixture.Dimension, rows = CoefficientRows<T>.Count(_tables.Count, _steps.Slopes);
        using var states = new PooledRows<T>(d * Lanes);
        using var scratch = new PooledRows<T>(rows * Lanes);
        using var records = new PooledRows<T>(_derivative.RecordRows * Lanes);
        using var matrices = new PooledRows<T>(_derivative.ScratchVectors * Vector<T>.Count);
        var record = new Recorder(_derivative, records.Memory);
        for (int first = 0; first < logDensities.Length; first += Lanes)
        {
            int n = Math.Min(Lanes, logDensities.Length - first);
            Transposition.ToRows(starts.Slice(first * d, n * d), d, states.Span, Lanes, n, Lanes);
            WholeSamples.Keep(states.Span, Lanes, d, n);
            // The lanes of whole vectors; what follows goes by pairs of them.
            nuint lanes = PackedMatrix<T>.Pairs((nuint)n);
            record.Restart();
            Follow(new CoefficientRows<T>(ref scratch.Span[0], _tables.Count, _steps.Slopes, lanes), ref states.Span[0], record);
            for (int lane = 0; lane < n; lane += Vector<T>.Count)
            {
                int count = Math.Min(Vector<T>.Count, n - lane);
                _derivative.Subtract(
                    ref records.Span[lane], lanes, matrices.Vectors, logDensities.Slice(first + lane, count), reversed.Slice(first + lane, count));
            }
        }
    }

    // The steps of a tile, and what their evaluations were.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Follow(in CoefficientRows<T> tile, ref T states, Recorder record)
    {
        for (int j = 0; j < _centre.Length; j++)
        {
            Vector<T> centreOf = new(_centre[j]);
            ref T row = ref Unsafe.Add(ref states, j * Lanes);
            for (nuint i = 0; i < tile.Lanes; i += (nuint)Vector<T>.Count) (Vector.LoadUnsafe(ref row, i) - centreOf).StoreUnsafe(ref row, i);
        }
        _means.ByComponent.Multiply(ref _zeros[0], ref states, Lanes, ref tile.Products, tile.Lanes, ref Unsafe.NullRef<T>(), tile.Lanes);
        MemoryMarshal.CreateSpan(ref tile.Coefficients, (int)tile.Group).Clear();

        Span<double> ofStart = stackalloc double[_steps.Slopes], ofCentre = stackalloc double[_steps.Slopes];
        Span<int> groups = stackalloc int[_steps.Slopes];
        var factors = new CoefficientFactors(ofStart, ofCentre, groups) { Start = 1, Centre = _steps.Evaluations[0][0].A };
        for (int segment = 0; segment < _steps.Evaluations.Length; segment++)
        {
            _steps.Evaluations[segment][0].Energies(tile, segment == 0, 0, _steps.Newest(segment), factors.Start, factors.Centre);
            _steps.Advance(tile, segment, ref factors, record);
        }
    }

    /// <summary>Keeps what the derivatives depend on, evaluation by evaluation.</summary>
    /// <param name="derivative">What they are.</param>
    /// <param name="records">Where to.</param>
    private sealed class Recorder(MeansDerivative<T> derivative, Memory<T> records) : IStepWatch<T>
    {
        private int _next;

        public void Restart() => _next = 0;

        public void AfterEvaluation(in CoefficientRows<T> tile, int segment, int stage, CoefficientEvaluation<T> evaluation)
            => _next += derivative.Record(tile, ref records.Span[_next], segment, stage);
    }
}
