using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Flows;

/// <summary>Splits a mixture's coordinates: some must be integrated; those in which the law is one Gaussian have a closed form.</summary>
/// <remarks>
/// If there is a <see cref="MeansSpan"/>, the part orthogonal to its axes is one Gaussian: it goes from x to s x + (a' - sa)μ, with s² the ratio of
/// the variances. So does each coordinate in which all components have one mean and one variance.
/// </remarks>
internal sealed class FlowCoordinates
{
    private readonly MeansSpan? _span;
    private readonly Mixture _along;
    private readonly double[] _centre;
    private readonly int[] _varying, _fixed;
    private readonly double _restVariance;

    public FlowCoordinates(Mixture mixture)
    {
        _span = MeansSpan.Find(mixture);
        _along = _span?.Reduced ?? mixture;
        _restVariance = mixture.Covariances[0].MinVariance;
        Dimension = mixture.Dimension;
        Mixture along = _along;
        int r = along.Dimension;
        bool turned = along.Covariances.Any(covariance => covariance.Basis is not null);
        _fixed = turned && along.Count > 1 ? [] : [.. Enumerable.Range(0, r).Where(IsFixed)];
        _varying = [.. Enumerable.Range(0, r).Except(_fixed)];
        if (_varying.Length == 0)
        {
            (_centre, Scale) = ([], 1);
            return;
        }
        var varying = _varying.Length == r
            ? along
            : new Mixture([.. along.Weights], [.. along.Means.Select(mean => _varying.Select(j => mean[j]).ToArray())],
                [.. along.Covariances.Select(covariance => Covariance.Diagonal([.. _varying.Select(j => covariance.Variances[j])]))]);
        double[] centre = [.. Enumerable.Range(0, varying.Dimension).Select(j => varying.Means.Average(mean => mean[j]))];
        _centre = centre;
        // Any positive number will do; for point masses it is the distance between their means.
        double variance = varying.MeanVariance;
        if (!(variance > 0)) variance = varying.Means.Max(mean => Vectors.Distance(mean.AsSpan(), centre) * Vectors.Distance(mean.AsSpan(), centre));
        if (!(variance > 0)) variance = 1;
        Field = LaneField.Create(varying, centre, variance);
        Scale = variance;

        bool IsFixed(int j) => along.Means.All(mean => mean[j] == along.Means[0][j])
            && along.Covariances.All(covariance => covariance.Variances[j] == along.Covariances[0].Variances[j]);
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The number of axes.</summary>
    public int Axes => _along.Dimension;

    /// <summary>The number of coordinates that must be integrated.</summary>
    public int Varying => _varying.Length;

    /// <summary>The field of these coordinates; null if there are none.</summary>
    public LaneField? Field { get; }

    /// <summary>v of the canonical chart.</summary>
    public double Scale { get; }

    /// <summary>u, the clock of the field.</summary>
    /// <param name="point">The process at a time.</param>
    public double Clock(in ProcessPoint point) => point.S == 0 ? 0 : point.S / (Math.Sqrt(point.Spread(Scale)) + point.A * Math.Sqrt(Scale));

    /// <summary>The coordinates of a point in the chart.</summary>
    /// <param name="point">The process at its time.</param>
    /// <param name="x">d values.</param>
    /// <param name="z">Receives the coordinates to integrate.</param>
    public void Enter(in ProcessPoint point, ReadOnlySpan<double> x, Span<double> z)
    {
        double scale = Math.Sqrt(point.Spread(Scale));
        for (int i = 0; i < _varying.Length; i++) z[i] = (Along(_varying[i], x) - point.A * _centre[i]) / scale;
    }

    /// <summary>The coordinates of a direction in the chart, of any length.</summary>
    /// <param name="direction">d values.</param>
    /// <param name="w">Receives the coordinates to integrate.</param>
    public void EnterDirection(ReadOnlySpan<double> direction, Span<double> w)
    {
        for (int i = 0; i < _varying.Length; i++) w[i] = Along(_varying[i], direction);
    }

    /// <summary>The point at the end.</summary>
    /// <param name="from">The process at its start.</param>
    /// <param name="to">The process at its end.</param>
    /// <param name="start">x at the start, d values.</param>
    /// <param name="z">The integrated coordinates at the end.</param>
    /// <param name="along">Scratch, one value per axis.</param>
    /// <param name="end">Receives d values; may be the same memory as <paramref name="start"/>.</param>
    public void Leave(in ProcessPoint from, in ProcessPoint to, ReadOnlySpan<double> start, ReadOnlySpan<double> z, Span<double> along, Span<double> end)
    {
        double scale = Math.Sqrt(to.Spread(Scale));
        for (int i = 0; i < _varying.Length; i++) along[_varying[i]] = scale * z[i] + to.A * _centre[i];
        foreach (int j in _fixed)
        {
            double variance = _along.Covariances[0].Variances[j], mean = _along.Means[0][j];
            along[j] = Stretch(from, to, variance) * (Along(j, start) - from.A * mean) + to.A * mean;
        }
        Assemble(from, to, start, along, 1, end);
    }

    /// <summary>A direction at the end.</summary>
    /// <param name="from">The process at the start.</param>
    /// <param name="to">The process at the end.</param>
    /// <param name="start">The direction at the start, d values.</param>
    /// <param name="w">Its integrated coordinates at the end, in the chart.</param>
    /// <param name="along">Scratch, one value per axis.</param>
    /// <param name="end">Receives d values; may be the same memory as <paramref name="start"/>.</param>
    public void LeaveDirection(in ProcessPoint from, in ProcessPoint to, ReadOnlySpan<double> start, ReadOnlySpan<double> w, Span<double> along,
        Span<double> end)
    {
        double ratio = Math.Sqrt(to.Spread(Scale) / from.Spread(Scale));
        for (int i = 0; i < _varying.Length; i++) along[_varying[i]] = ratio * w[i];
        foreach (int j in _fixed) along[j] = Stretch(from, to, _along.Covariances[0].Variances[j]) * Along(j, start);
        Assemble(from, to, start, along, 0, end);
    }

    private double Along(int axis, ReadOnlySpan<double> x) => _span is null ? x[axis] : Vectors.Dot(_span.Axes[axis].AsSpan(), x);

    private void Assemble(in ProcessPoint from, in ProcessPoint to, ReadOnlySpan<double> start, Span<double> along, double mean, Span<double> end)
    {
        if (_span is null)
        {
            along.CopyTo(end);
            return;
        }
        // s x + Q(y' - s y) + (a' - sa)μ; without a complement Q y'.
        double stretch = _span.IsWhole ? 0 : Stretch(from, to, _restVariance), shift = mean * (to.A - stretch * from.A);
        if (!_span.IsWhole)
            for (int i = 0; i < along.Length; i++) along[i] -= stretch * Along(i, start);
        for (int j = 0; j < end.Length; j++) end[j] = _span.IsWhole ? 0 : stretch * start[j] + shift * _span.Complement[j];
        for (int i = 0; i < along.Length; i++) Vectors.AddScaled(along[i], _span.Axes[i].AsSpan(), end);
    }

    private static double Stretch(in ProcessPoint from, in ProcessPoint to, double variance) => Math.Sqrt(to.Spread(variance) / from.Spread(variance));
}
