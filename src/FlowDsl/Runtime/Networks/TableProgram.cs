using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.ScoreNetworks;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Networks;

/// <summary>A score network with tables of its nonzero weights, for networks too large for straight-line code.</summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TableProgram<T> : IScoreProgram<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ScoreProgram _program;
    private readonly Row[] _units, _outputs;

    /// <summary>Tabulates a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="dimension">d.</param>
    public TableProgram(ScoreNetwork network, int dimension)
    {
        _program = new ScoreProgram(network, dimension);
        _units = [.. _program.Units.Select(unit => new Row(unit))];
        _outputs = [.. _program.Outputs.Select(unit => new Row(unit))];
    }

    /// <inheritdoc/>
    public int Dimension => _program.Dimension;

    /// <inheritdoc/>
    public int BiasCount => _program.Biases.Count;

    /// <inheritdoc/>
    public int ScratchRows => _units.Length;

    /// <inheritdoc/>
    public void Clock(double t, Span<double> biases) => _program.Clock(t, biases);

    /// <inheritdoc/>
    public void Score(ref T x, ref T score, nuint stride, nuint count, ref T biases, ref T scratch, nuint pitch)
    {
        for (int i = 0; i < _units.Length; i++)
            Sum(_units[i], ref x, stride, ref scratch, pitch, count, ref biases, ref Unsafe.Add(ref scratch, (nuint)i * pitch));
        for (int i = 0; i < _outputs.Length; i++)
            Sum(_outputs[i], ref x, stride, ref scratch, pitch, count, ref biases, ref Unsafe.Add(ref score, (nuint)i * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(Row row, ref T x, nuint stride, ref T units, nuint pitch, nuint count, ref T biases, ref T result)
    {
        Vector<T> bias = Vector.Create(row.Bias < 0 ? row.Constant : Unsafe.Add(ref biases, row.Bias));
        for (nuint i = 0; i < count; i += (nuint)Vector<T>.Count)
        {
            Vector<T> sum = bias;
            for (int term = 0; term < row.Factors.Length; term++)
            {
                int operand = row.Operands[term];
                ref T value = ref operand < Dimension
                    ? ref Unsafe.Add(ref x, (nuint)operand * stride + i)
                    : ref Unsafe.Add(ref units, (nuint)(operand - Dimension) * pitch + i);
                sum = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref value), Vector.Create(row.Factors[term]), sum);
            }
            if (row.Kind == UnitKind.ReLU) sum = NetworkMath.ReLU(sum);
            else if (row.Kind == UnitKind.ReQU) sum = NetworkMath.ReQU(sum);
            sum.StoreUnsafe(ref result, i);
        }
    }

    private sealed class Row(ProgramUnit unit)
    {
        public readonly UnitKind? Kind = unit.Kind;
        public readonly T Constant = T.CreateTruncating(unit.Constant);
        public readonly int Bias = unit.Bias;
        public readonly int[] Operands = [.. unit.Terms.Select(term => term.Operand)];
        public readonly T[] Factors = [.. unit.Terms.Select(term => T.CreateTruncating(term.Factor))];
    }
}
