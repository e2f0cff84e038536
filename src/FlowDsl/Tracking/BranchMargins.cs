using System.Buffers;
using System.Numerics;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>How near a trajectory comes to a separatrix, from the posterior odds at the sampler's nodes.</summary>
/// <remarks>
/// <para>
/// Where components have come apart, the surfaces on which two of them are equally probable separate the samples of one mode from
/// those of another. At a node the margin is the logarithm of the odds of the two likeliest components over (aD)²/(2λ), D the least
/// distance of two means and λ the variance there: 1 at the mean of a component that has a neighbour at the distance D, 0 half-way
/// between them, more where neighbours are farther. The least value over the nodes counts.
/// </para>
/// <para>
/// Nodes at which neighbouring means are less than four standard deviations apart, aD &lt; 4√λ, do not yet say where a sample will
/// end and are left out: there the surfaces are not separatrices, and many samples cross them.
/// </para>
/// </remarks>
internal sealed class BranchMargins<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Apart = 4;

    private readonly EvaluationTable<T>[] _tables;
    private readonly double[] _units;
    private readonly int _d, _stride, _rows;

    public BranchMargins(SamplerDescriptor descriptor)
    {
        Mixture mixture = descriptor.Model.Mixture;
        _d = mixture.Dimension;
        double distance = LeastDistance(mixture), variance = mixture.Covariances.Max(covariance => covariance.Greatest);
        var nodes = new List<int>();
        var tables = new List<EvaluationTable<T>>();
        var units = new List<double>();
        var means = new MeanTables<T>(mixture);
        for (int node = 1; node <= descriptor.SegmentCount; node++)
        {
            ProcessPoint point = descriptor.Model.Process.At(descriptor.Times[node]);
            double separation = point.A * distance / Math.Sqrt(point.Spread(variance));
            if (!(separation >= Apart) || double.IsInfinity(distance)) continue;
            nodes.Add(node);
            tables.Add(new EvaluationTable<T>(mixture, means, MixtureField.Velocity(point)));
            // Gaps are in bits.
            units.Add(2 * Math.Log(2) / (separation * separation));
        }
        (Nodes, _tables, _units) = ([.. nodes], [.. tables], [.. units]);
        if (_tables.Length == 0)
        {
            _rows = _d;
            return;
        }
        int pair = 2 * Vector<T>.Count;
        _rows = _d + _tables[0].ScratchRows;
        _stride = Math.Clamp(8192 / _rows / pair, 1, 16) * pair;
    }

    /// <summary>The nodes that count, increasing: the ends of that many segments.</summary>
    public int[] Nodes { get; }

    /// <summary>Lowers margins to those at a node.</summary>
    /// <param name="index">Which of the <see cref="Nodes"/>.</param>
    /// <param name="states">The states there, row-major.</param>
    /// <param name="errors">Their errors.</param>
    public void Update(int index, ReadOnlySpan<T> states, Span<FlowError> errors)
    {
        T[] rows = ArrayPool<T>.Shared.Rent(_rows * _stride);
        for (int first = 0; first < errors.Length; first += _stride)
        {
            int n = Math.Min(_stride, errors.Length - first);
            Transposition.ToRows(states.Slice(first * _d, n * _d), _d, rows, _stride, n, _stride);
            Update(index, ref rows[0], rows.AsSpan(_d * _stride), _stride, errors.Slice(first, n));
        }
        ArrayPool<T>.Shared.Return(rows);
    }

    /// <summary>The rows of scratch of the other one.</summary>
    public int ScratchRows => _rows - _d;

    /// <summary>The same with the states in rows.</summary>
    /// <param name="index">Which of the <see cref="Nodes"/>.</param>
    /// <param name="x">The first coordinate.</param>
    /// <param name="scratch"><see cref="ScratchRows"/> rows.</param>
    /// <param name="stride">The length of a row of both, whole pairs of vectors.</param>
    /// <param name="errors">The errors of as many samples as there are in a row.</param>
    public void Update(int index, ref T x, Span<T> scratch, int stride, Span<FlowError> errors)
    {
        _tables[index].Gap(ref x, (nuint)stride, ref scratch[0], (nuint)stride, PackedMatrix<T>.Pairs((nuint)errors.Length));
        for (int i = 0; i < errors.Length; i++)
        {
            ref FlowError error = ref errors[i];
            double margin = double.CreateTruncating(scratch[i]) * _units[index];
            // No number where the state is none.
            if (!(error.BranchMargin <= margin)) error = error with { BranchMargin = margin };
        }
    }

    /// <summary>The least distance of two means that differ; infinite where there is none.</summary>
    private static double LeastDistance(Mixture mixture)
    {
        double least = double.PositiveInfinity;
        for (int k = 0; k < mixture.Count; k++)
        {
            for (int l = 0; l < k; l++)
            {
                double sum = 0;
                for (int j = 0; j < mixture.Dimension; j++) sum += (mixture.Means[k][j] - mixture.Means[l][j]) * (mixture.Means[k][j] - mixture.Means[l][j]);
                if (sum > 0) least = Math.Min(least, Math.Sqrt(sum));
            }
        }
        return least;
    }
}
