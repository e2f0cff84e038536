using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Benchmarks;

/// <summary>Native/scan.cpp with OpenBLAS: two matrix products over all rows an evaluation.</summary>
internal sealed unsafe class ScanEvaluator : IDataEvaluator
{
    private readonly Table _table;
    private readonly int _tile;

    private ScanEvaluator(Table table, int lanes, int tile) => (_table, Lanes, _tile) = (table, lanes, tile);

    /// <inheritdoc/>
    public int Lanes { get; }

    /// <inheritdoc/>
    public int ScratchRows => _tile + 2 * _table.Dimension + 3;

    /// <summary>One for each size of a block and of a tile of rows.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="lanes">The sizes of blocks.</param>
    /// <param name="tiles">The sizes of tiles.</param>
    public static ScanEvaluator[] Variants(EmpiricalMixture data, int[] lanes, int[] tiles)
    {
        var table = new Table(data);
        return [.. from block in lanes from tile in tiles select new ScanEvaluator(table, block, tile)];
    }

    /// <inheritdoc/>
    public void Evaluate(in MixtureField field, ref float x, ref float scratch, ref float slope)
    {
        double spread = field.Point.Spread(_table.Variance), a = field.Point.A, scale = a / (Math.Log(2) * spread);
        float[] numbers = [(float)a, (float)scale, (float)(a * scale), (float)field.Axis.At(_table.Variance), (float)(field.Contrast / spread)];
        fixed (float* rows = _table.Rows, halfSquares = _table.HalfSquares, mean = _table.Mean, own = numbers, from = &x, room = &scratch, to = &slope)
            _table.Scan(rows, halfSquares, _table.Count, _table.Dimension, _tile, from, Lanes, Lanes, mean, own, room, to, GemmPeer.Product);
    }

    /// <inheritdoc/>
    public override string ToString() => $"blocks of {Lanes} samples, tiles of {_tile} rows";

    /// <summary>The rows about their mean, as a matrix.</summary>
    private sealed class Table
    {
        public readonly delegate* unmanaged<float*, float*, int, int, int, float*, int, int, float*, float*, float*, float*, nint, void> Scan;
        public readonly float[] Rows, HalfSquares, Mean;
        public readonly int Count, Dimension;
        public readonly double Variance;

        public Table(EmpiricalMixture data)
        {
            nint function = NativeLibrary.GetExport(CppCompiler.Compile(CppCompiler.Resource("scan.cpp")), "scan");
            Scan = (delegate* unmanaged<float*, float*, int, int, int, float*, int, int, float*, float*, float*, float*, nint, void>)function;
            (Count, Dimension, Variance) = (data.Count, data.Dimension, data.Variance);
            (Rows, HalfSquares) = (new float[checked(Count * Dimension)], new float[Count]);
            Mean = Array.ConvertAll(data.Directions.Mean, value => (float)value);
            Parallel.For(0, Count, () => new double[Dimension], (i, _, row) =>
            {
                data.CopyRow(i, row);
                double square = 0;
                for (int j = 0; j < row.Length; j++)
                {
                    float value = Rows[(long)i * Dimension + j] = (float)(row[j] - data.Directions.Mean[j]);
                    square += (double)value * value;
                }
                HalfSquares[i] = (float)(0.5 * square);
                return row;
            }, _ => { });
        }
    }
}
