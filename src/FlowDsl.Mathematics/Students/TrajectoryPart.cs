using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Students;

/// <summary>The flow map of a mixture in several coordinates, measured on trajectories that start on lines.</summary>
/// <remarks>
/// <para>
/// For orthonormal directions e, E|f - g|² ≥ Σ_e E(e·f - e·g)², and on each line along e the best fit of e·g by a function of bounded slope is a lower bound.
/// Lines pass through points of the law; on each, points are drawn for which a weighted sum of any function is its mean in expectation. The fit of
/// these points has at most the residual of the best f there, so the mean residual over lines is, in expectation, at most the bound: discretisation
/// errs on the safe side.
/// </para>
/// <para>
/// The scatter of the lines remains. 2.4 standard errors, estimated from groups of lines, are subtracted from their mean: 98 of 100 such choices of
/// lines would stay below the bound, but this is not a proof. The trajectories themselves have a relative mean squared error of 1e-10 to 1e-9 (rings
/// of modes, twenty modes in 64 dimensions), which moves a bound b by at most about 6e-5 √b.
/// </para>
/// </remarks>
internal sealed class TrajectoryPart : IMapPart
{
    private const int Intervals = 24, PointsPerLine = 32, WantedLines = 384;

    // A tenth of a second; measured grids take a quarter of a second.
    private const double BudgetShare = 0.4;

    // Groups spread as evenly as the whole show the scatter of the mean of evenly spread lines, which is less than for random lines. The quantile is that of
    // Student's distribution with one degree of freedom less than there are groups.
    private const int Groups = 8;
    private const double StandardErrors = 2.4;

    private readonly int _directions;
    private readonly Line[] _lines;

    /// <summary>Follows the trajectories.</summary>
    /// <param name="mixture">A mixture of several dimensions.</param>
    /// <param name="process">The process.</param>
    /// <param name="from">The time at the start.</param>
    /// <param name="to">The time at the end.</param>
    public TrajectoryPart(Mixture mixture, Process process, double from, double to)
    {
        double[] times = PilotTimes.Create(mixture, process, from, to, Intervals);
        FlowProgram program = FlowProgram.Create(process, ChartFrame.Canonical(mixture.MeanVariance), Solver.DormandPrince54, times);
        int affordable = PilotBudget.Samples(mixture, program.FunctionEvaluations, WantedLines * PointsPerLine, BudgetShare) / PointsPerLine;
        if (affordable < Groups)
        {
            _lines = [];
            return;
        }
        double[][] axes = PrincipalAxes(mixture);
        // A subset of directions also bounds the whole.
        _directions = Math.Min(axes.Length, affordable / Groups);
        _lines = new Line[affordable / (Groups * _directions) * Groups * _directions];

        ProcessPoint start = process.At(from);
        LineSections[] sections = [.. axes.Take(_directions).Select(axis => new LineSections(mixture, start, axis))];
        double[][] through = PriorPoints.Draw(mixture, start, _lines.Length).Pilot;
        var points = new List<double[]>();
        for (int i = 0; i < _lines.Length; i++)
        {
            LineSections section = sections[i % _directions];
            (double[] places, double[] weights) = section.Points(through[i], PointsPerLine, SplitMix.Uniform(i, -1));
            points.AddRange(places.Select(place => section.At(through[i], place)));
            _lines[i] = new Line(places, weights, new double[places.Length]);
        }

        Batch batch = Batch.Of([.. points]);
        new BatchRun(mixture).Run(program, batch);
        double[][] ends = batch.Points();
        for (int i = 0, first = 0; i < _lines.Length; first += _lines[i++].Places.Length)
        {
            Line line = _lines[i];
            for (int j = 0; j < line.Places.Length; j++)
            {
                for (int c = 0; c < mixture.Dimension; c++) line.Values[j] += axes[i % _directions][c] * ends[first + j][c];
                if (j > 0 && line.Places[j] > line.Places[j - 1])
                    Lipschitz = Math.Max(Lipschitz, Distance(ends[first + j], ends[first + j - 1]) / (line.Places[j] - line.Places[j - 1]));
            }
        }
    }

    /// <summary>The steepest chord between neighbours on a line.</summary>
    public double Lipschitz { get; }

    /// <inheritdoc/>
    public double Floor(double slope)
    {
        if (_lines.Length == 0) return 0;
        double[] sums = new double[Groups];
        for (int i = 0; i < _lines.Length; i++)
            sums[i / _directions % Groups] += BoundedSlopeFit.Residual(_lines[i].Places, _lines[i].Values, _lines[i].Weights, slope);
        double mean = sums.Average(), variance = sums.Sum(value => (value - mean) * (value - mean)) / (Groups - 1);
        // From a group's sum over its lines to the sum over directions.
        double scale = (double)_directions * Groups / _lines.Length;
        return Math.Max(0, scale * (mean - StandardErrors * Math.Sqrt(variance / Groups)));
    }

    /// <summary>Orthonormal axes along which the means vary, in decreasing order; the coordinate axes if the means do not vary.</summary>
    private static double[][] PrincipalAxes(Mixture mixture)
    {
        int d = mixture.Dimension;
        double[] mean = mixture.Mean(), matrix = new double[d * d];
        for (int k = 0; k < mixture.Count; k++)
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) matrix[i * d + j] += mixture.Weights[k] * (mixture.Means[k][i] - mean[i]) * (mixture.Means[k][j] - mean[j]);
        double[] variances = SymmetricMatrix.Eigen(matrix, d, out double[] vectors);
        int[] varying = [.. Enumerable.Range(0, d).Reverse().Where(axis => variances[axis] > 1e-9 * variances[d - 1])];
        return [.. (varying.Length > 0 ? varying : Enumerable.Range(0, d)).Select(axis => Enumerable.Range(0, d).Select(j => vectors[j * d + axis]).ToArray())];
    }

    private static double Distance(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += (left[j] - right[j]) * (left[j] - right[j]);
        return Math.Sqrt(sum);
    }

    /// <summary>Positions along a line, the weights of the points there and the images' coordinates along it.</summary>
    private sealed record Line(double[] Places, double[] Weights, double[] Values);
}
