using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Evaluations;

namespace FlowDsl.Runtime.Loops;

/// <summary>How near a trajectory comes to a separatrix, from the posterior odds at the sampler's nodes.</summary>
/// <remarks>
/// <para>
/// Once components have separated, the surfaces on which two of them are equally probable separate the samples of one mode from those of another. At
/// a node the margin is the log-odds of the two likeliest components divided by (aD)²/(2λ), with D the smallest distance between two means and λ the
/// variance at the node: 1 at the mean of a component with a neighbour at distance D, 0 half-way between them, more if neighbours are farther. The
/// minimum over the nodes counts.
/// </para>
/// <para>
/// Nodes at which neighbouring means are less than four standard deviations apart, aD &lt; 4√λ, do not yet decide where a sample will end and are
/// left out: there the surfaces are not separatrices, and many samples cross them.
/// </para>
/// </remarks>
internal sealed class BranchMargins<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Apart = 4;

    private readonly EvaluationTable<T>[] _tables;
    private readonly PlanarGaps<T>?[] _planar;
    private readonly T[] _units;
    private readonly int[] _indices;
    private readonly MixtureField[] _fields;

    /// <summary>Tabulates the margins at the nodes of a sampler.</summary>
    /// <param name="mixture">The mixture, in the coordinates in which states will be given.</param>
    /// <param name="process">Its process.</param>
    /// <param name="times">The nodes, from the horizon on.</param>
    public BranchMargins(Mixture mixture, Process process, IReadOnlyList<double> times)
    {
        double distance = MinDistance(mixture), variance = mixture.Covariances.Max(covariance => covariance.MaxVariance);
        var tables = new List<EvaluationTable<T>>();
        var planar = new List<PlanarGaps<T>?>();
        var units = new List<T>();
        var fields = new List<MixtureField>();
        var means = new MeanTables<T>(mixture);
        _indices = new int[times.Count];
        for (int node = 0; node < times.Count; node++)
        {
            ProcessPoint point = process.At(times[node]);
            double separation = point.A * distance / Math.Sqrt(point.Spread(variance));
            _indices[node] = -1;
            if (node == 0 || !(separation >= Apart) || double.IsInfinity(distance)) continue;
            _indices[node] = tables.Count;
            fields.Add(MixtureField.Velocity(point));
            tables.Add(EvaluationTable<T>.Create(mixture, means, fields[^1]));
            planar.Add(PlanarGaps<T>.TryCreate(mixture, means, fields[^1]));
            // Gaps are in bits.
            units.Add(T.CreateTruncating(2 * Math.Log(2) / (separation * separation)));
        }
        (_tables, _planar, _units, _fields) = ([.. tables], [.. planar], [.. units], [.. fields]);
        ScratchRows = tables.Select(table => table.ScratchRows).DefaultIfEmpty().Max();
    }

    /// <summary>The rows of scratch that are enough for every node.</summary>
    public int ScratchRows { get; }

    /// <summary>The index of a node among those that count, or -1.</summary>
    public int IndexOf(int node) => _indices[node];

    /// <summary>A field with the velocity's energies at a node that counts.</summary>
    /// <param name="index">Its index among those that count.</param>
    public MixtureField Field(int index) => _fields[index];

    /// <summary>The gaps at a node by one loop, on the line and in the plane; null where there is none.</summary>
    /// <param name="index">The node's index among those that count.</param>
    public PlanarGaps<T>? PlanarGaps(int index) => _planar[index];

    /// <summary>The margin of a gap of one bit.</summary>
    /// <param name="index">The node's index among those that count.</param>
    public T Unit(int index) => _units[index];

    /// <summary>The gaps of states at a node: the logarithm, in bits, of the odds of the two likeliest components.</summary>
    /// <param name="index">The node's index among those that count.</param>
    /// <param name="x">The first coordinate.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="scratch"><see cref="ScratchRows"/> rows; the first one receives the gaps.</param>
    /// <param name="pitch">The length of a row of scratch.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    public void Gap(int index, ref T x, nuint stride, ref T scratch, nuint pitch, nuint lanes) => _tables[index].Gap(ref x, stride, ref scratch, pitch, lanes);

    /// <summary>The smallest distance between two different means; infinite if there are none.</summary>
    private static double MinDistance(Mixture mixture)
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
