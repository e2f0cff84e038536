using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Fitting;

/// <summary>
/// The coordinates (x - centre) / scale in which a fit runs. In them the covariance floor is the same in all directions and the data have about unit
/// size. A relative floor uses the columns' own standard deviations as scale, an absolute or spherical one their root mean square.
/// </summary>
internal sealed class FitFrame
{
    private readonly int _d;
    private readonly CovarianceType _type;
    private readonly double _totalWeight;
    private readonly double[] _centre;
    private readonly double[] _scale;
    private readonly double _logVolume;

    private FitFrame(int d, CovarianceType type, double totalWeight, double[] centre, double[] deviations, double[] scale, double[] points, double floor)
    {
        (_d, _type, _totalWeight, _centre, _scale) = (d, type, totalWeight, centre, scale);
        (Deviations, Points, Floor) = (deviations, points, floor);
        foreach (double factor in scale) _logVolume += PortableMath.Log(factor);
    }

    /// <summary>The standard deviations of the d columns.</summary>
    public double[] Deviations { get; }

    /// <summary>The points in these coordinates, row-major n×d.</summary>
    public double[] Points { get; }

    /// <summary>The minimum variance in these coordinates.</summary>
    public double Floor { get; }

    /// <summary>Whether the columns, except for constant ones, have unit variance in these coordinates.</summary>
    public bool IsStandardized => Enumerable.Range(0, _d).All(j => Deviations[j] == 0 || _scale[j] == Deviations[j]);

    /// <summary>The frame of the data and the floor.</summary>
    /// <param name="rows">Row-major n×d.</param>
    /// <param name="weights">The n positive weights of the points; null for ones.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="options">The covariances and their floor.</param>
    public static FitFrame Of(ReadOnlySpan<double> rows, double[]? weights, int d, FitOptions options)
    {
        int n = rows.Length / d;
        double totalWeight = weights?.Sum() ?? n;
        double[] centre = new double[d], deviations = new double[d], points = new double[rows.Length];
        // Shifted by the first row, so that the mean of a constant column is exactly its value.
        for (int i = 0; i < rows.Length; i++) centre[i % d] += (weights?[i / d] ?? 1) * (rows[i] - rows[i % d]) / totalWeight;
        for (int j = 0; j < d; j++) centre[j] += rows[j];
        for (int i = 0; i < rows.Length; i++)
        {
            int j = i % d;
            points[i] = rows[i] - centre[j];
            deviations[j] += (weights?[i / d] ?? 1) * points[i] * points[i] / totalWeight;
        }
        double mean = 0;
        for (int j = 0; j < d; j++)
        {
            mean += deviations[j] / d;
            deviations[j] = Math.Sqrt(deviations[j]);
        }
        double common = mean > 0 ? Math.Sqrt(mean) : 1;
        bool own = options.CovarianceFloor is null && options.CovarianceType != CovarianceType.Isotropic;
        double[] scale = [.. deviations.Select(deviation => own && deviation > 0 ? deviation : common)];
        for (int i = 0; i < points.Length; i++) points[i] /= scale[i % d];
        double floor = options.CovarianceFloor is { } absolute ? absolute / common / common : options.RelativeCovarianceFloor;
        return new FitFrame(d, options.CovarianceType, totalWeight, centre, deviations, scale, points, floor);
    }

    /// <summary>Converts a log-likelihood to the given coordinates.</summary>
    /// <param name="own">The log-likelihood in these coordinates.</param>
    public double LogLikelihood(double own) => own - _totalWeight * _logVolume;

    /// <summary>The points with columns scaled to unit variance, or by one common scale: the coordinates for clustering.</summary>
    /// <param name="standardized">Whether to scale to unit variance.</param>
    public double[] Rescaled(bool standardized)
    {
        if (standardized == IsStandardized) return Points;
        double common = Math.Sqrt(Deviations.Sum(deviation => deviation * deviation / _d));
        double[] points = new double[Points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            int j = i % _d;
            double divisor = standardized ? Deviations[j] : common;
            points[i] = divisor > 0 ? Points[i] * (_scale[j] / divisor) : 0;
        }
        return points;
    }

    /// <summary>Starts from a mixture in the coordinates of the data.</summary>
    /// <param name="machine">The fit to start.</param>
    /// <param name="initial">The mixture.</param>
    /// <returns>Whether every covariance is regular.</returns>
    public bool Start(ExpectationMaximization machine, Mixture initial)
    {
        double[][] means = new double[initial.Count][], covariances = new double[initial.Count][];
        for (int k = 0; k < initial.Count; k++)
        {
            means[k] = new double[_d];
            for (int j = 0; j < _d; j++) means[k][j] = (initial.Means[k][j] - _centre[j]) / _scale[j];
            covariances[k] = Shape(initial.Covariances[k]);
        }
        if (_type == CovarianceType.Tied && !initial.HasSharedCovariance)
        {
            double[] mean = new double[_d * _d];
            for (int k = 0; k < initial.Count; k++) Vectors.AddScaled(initial.Weights[k], covariances[k], mean);
            covariances.AsSpan().Fill(mean);
        }
        return machine.Start([.. initial.Weights], means, covariances);
    }

    private double[] Shape(Covariance covariance)
    {
        double[] matrix = [.. covariance.Matrix];
        for (int i = 0; i < _d; i++)
            for (int j = 0; j < _d; j++) matrix[i * _d + j] /= _scale[i] * _scale[j];
        if (_type is CovarianceType.Full or CovarianceType.Tied) return matrix;
        double[] diagonal = [.. Enumerable.Range(0, _d).Select(j => matrix[j * _d + j])];
        if (_type == CovarianceType.Diagonal) return diagonal;
        return [covariance.IsIsotropic ? diagonal[0] : diagonal.Average()];
    }

    /// <summary>The result of a fit, in the coordinates of the data.</summary>
    /// <param name="machine">A fit that has run.</param>
    public FitResult ToResult(ExpectationMaximization machine)
    {
        int count = machine.Weights.Length;
        double[][] means = new double[count][];
        for (int k = 0; k < count; k++)
        {
            means[k] = new double[_d];
            for (int j = 0; j < _d; j++) means[k][j] = machine.Means[k][j] * _scale[j] + _centre[j];
        }
        // The order of the starts is random; ordering by means is stable when a seed or an option changes.
        int[] order = [.. Enumerable.Range(0, count).OrderBy(k => means[k], Comparer<double[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)))];
        Covariance? tied = _type == CovarianceType.Tied ? ToCovariance(machine.Covariances[0]) : null;
        int covarianceParameters = _type switch
        {
            CovarianceType.Isotropic => count,
            CovarianceType.Diagonal => count * _d,
            CovarianceType.Tied => _d * (_d + 1) / 2,
            _ => count * (_d * (_d + 1) / 2),
        };
        return new FitResult
        {
            Mixture = new Mixture(
                [.. order.Select(k => machine.Weights[k])],
                [.. order.Select(k => means[k])],
                [.. order.Select(k => tied ?? ToCovariance(machine.Covariances[k]))]),
            PointCount = Points.Length / _d,
            TotalWeight = _totalWeight,
            LogLikelihood = LogLikelihood(machine.History[^1]),
            AxesAtFloor = [.. order.Select(k => machine.AxesAtFloor[k])],
            Iterations = machine.Iterations,
            Converged = machine.Converged,
            ParameterCount = count - 1 + count * _d + covarianceParameters,
            LogLikelihoodHistory = [.. machine.History.Select(LogLikelihood)],
        };
    }

    private Covariance ToCovariance(double[] shape)
    {
        switch (_type)
        {
            case CovarianceType.Isotropic: return Covariance.Isotropic(_d, shape[0] * _scale[0] * _scale[0]);
            case CovarianceType.Diagonal: return Covariance.Diagonal([.. shape.Select((variance, j) => variance * _scale[j] * _scale[j])]);
        }
        double[] matrix = new double[_d * _d];
        for (int i = 0; i < _d; i++)
            for (int j = 0; j < _d; j++) matrix[i * _d + j] = shape[i * _d + j] * (_scale[i] * _scale[j]);
        return Covariance.Full(_d, matrix);
    }
}
