using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Flows;

/// <summary>Splits a mixture's coordinates: some must be integrated; those in which the law is one Gaussian have a closed form.</summary>
/// <remarks>
/// If there is a <see cref="MeansSpan"/>, the part orthogonal to its axes is one Gaussian: it goes from x to s x + (a' - sa)μ, with s² the ratio of
/// the variances. So does each coordinate in which all components have one mean and one variance. If components are isotropic, but of different widths,
/// the part of x - aμ orthogonal to the span keeps its direction: its length is the last coordinate, and s the ratio of lengths.
/// </remarks>
internal sealed class FlowCoordinates
{
    private readonly MeansSpan? _span;
    private readonly Mixture _along;
    private readonly double[] _centre;
    private readonly int[] _varying, _fixed;
    private readonly double _restVariance;
    private readonly bool _isRadial;

    public FlowCoordinates(Mixture mixture)
    {
        _span = MeansSpan.Find(mixture);
        _along = _span?.Reduced ?? mixture;
        if (Radial(mixture) is var (span, inSpan)) (_span, _along, _isRadial) = (span, inSpan, true);
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
        Field = LaneField.Create(varying, centre, variance, _isRadial ? Dimension - r + 1 : 1);
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
    /// <param name="scratch">d values.</param>
    /// <param name="z">Receives the coordinates to integrate.</param>
    public void Enter(in ProcessPoint point, ReadOnlySpan<double> x, Span<double> scratch, Span<double> z)
    {
        double scale = Math.Sqrt(point.Spread(Scale));
        for (int i = 0; i < _varying.Length; i++)
        {
            double along = IsLength(i) ? Across(point, x, scratch) : Along(_varying[i], x);
            z[i] = (along - point.A * _centre[i]) / scale;
        }
    }

    /// <summary>The coordinates of a direction in the chart, of any length.</summary>
    /// <param name="point">The process at the time of the point.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="direction">d values.</param>
    /// <param name="scratch">d values.</param>
    /// <param name="w">Receives the coordinates to integrate.</param>
    public void EnterDirection(in ProcessPoint point, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> scratch, Span<double> w)
    {
        for (int i = 0; i < _varying.Length; i++) w[i] = IsLength(i) ? Outward(point, x, direction, scratch) : Along(_varying[i], direction);
    }

    /// <summary>The point at the end.</summary>
    /// <param name="from">The process at its start.</param>
    /// <param name="to">The process at its end.</param>
    /// <param name="start">x at the start, d values.</param>
    /// <param name="z">The integrated coordinates at the end.</param>
    /// <param name="scratch">d values.</param>
    /// <param name="end">Receives d values; may be the same memory as <paramref name="start"/>.</param>
    public void Leave(in ProcessPoint from, in ProcessPoint to, ReadOnlySpan<double> start, ReadOnlySpan<double> z, Span<double> scratch, Span<double> end)
    {
        double scale = Math.Sqrt(to.Spread(Scale)), stretch = RestStretch(from, to, start, z, scratch);
        Span<double> along = scratch.Slice(0, Axes);
        for (int i = 0; i < _varying.Length; i++) along[_varying[i]] = scale * z[i] + to.A * _centre[i];
        foreach (int j in _fixed)
        {
            double variance = _along.Covariances[0].Variances[j], mean = _along.Means[0][j];
            along[j] = Stretch(from, to, variance) * (Along(j, start) - from.A * mean) + to.A * mean;
        }
        Assemble(stretch, to.A - stretch * from.A, start, along, end);
    }

    /// <summary>A direction at the end.</summary>
    /// <param name="from">The process at the start.</param>
    /// <param name="to">The process at the end.</param>
    /// <param name="x">The point at the start, d values.</param>
    /// <param name="z">Its integrated coordinates at the end.</param>
    /// <param name="start">The direction at the start, d values.</param>
    /// <param name="w">Its integrated coordinates at the end, in the chart.</param>
    /// <param name="scratch">d values.</param>
    /// <param name="end">Receives d values; may be the same memory as <paramref name="start"/>.</param>
    public void LeaveDirection(
        in ProcessPoint from, in ProcessPoint to, ReadOnlySpan<double> x, ReadOnlySpan<double> z, ReadOnlySpan<double> start, ReadOnlySpan<double> w,
        Span<double> scratch, Span<double> end)
    {
        double ratio = Math.Sqrt(to.Spread(Scale) / from.Spread(Scale)), stretch = RestStretch(from, to, x, z, scratch), outward = 0;
        double[] across = [];
        if (_isRadial)
        {
            // What is orthogonal to the length is stretched as the point is.
            outward = ratio * w[^1] - stretch * Outward(from, x, start, scratch);
            across = scratch.ToArray();
        }
        Span<double> along = scratch.Slice(0, Axes);
        for (int i = 0; i < _varying.Length; i++) along[_varying[i]] = ratio * w[i];
        foreach (int j in _fixed) along[j] = Stretch(from, to, _along.Covariances[0].Variances[j]) * Along(j, start);
        Assemble(stretch, 0, start, along, end);
        if (_isRadial) Vectors.AddScaled(outward, across, end);
    }

    private bool IsLength(int i) => _isRadial && i == _varying.Length - 1;

    private double Along(int axis, ReadOnlySpan<double> x) => _span is null ? x[axis] : Vectors.Dot(_span.Axes[axis].AsSpan(), x);

    /// <summary>The part of x - aμ orthogonal to the axes; returns its length.</summary>
    private double Across(in ProcessPoint point, ReadOnlySpan<double> x, Span<double> part)
    {
        for (int j = 0; j < part.Length; j++) part[j] = x[j] - point.A * _span!.Complement[j];
        return Length(part);
    }

    /// <summary>How fast that length changes along a direction, and its own direction; that of the given one if the length is 0.</summary>
    private double Outward(in ProcessPoint point, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> unit)
    {
        double length = Across(point, x, unit);
        if (length == 0)
        {
            direction.CopyTo(unit);
            length = Length(unit);
        }
        if (length > 0)
            for (int j = 0; j < unit.Length; j++) unit[j] /= length;
        return Vectors.Dot(unit, direction);
    }

    /// <summary>The length of what is left of a vector without its parts along the axes.</summary>
    private double Length(Span<double> vector)
    {
        foreach (double[] axis in _span!.Axes) Vectors.AddScaled(-Vectors.Dot(axis.AsSpan(), vector), axis.AsSpan(), vector);
        return Math.Sqrt(Vectors.Dot(vector, vector));
    }

    /// <summary>The stretch of what is orthogonal to the axes.</summary>
    private double RestStretch(in ProcessPoint from, in ProcessPoint to, ReadOnlySpan<double> x, ReadOnlySpan<double> z, Span<double> scratch)
    {
        if (_span is null or { IsWhole: true }) return 0;
        if (!_isRadial) return Stretch(from, to, _restVariance);
        double length = Across(from, x, scratch);
        return length == 0 ? 0 : z[^1] * Math.Sqrt(to.Spread(Scale)) / length;
    }

    // s x + Q(y' - s y) + shift μ; without a complement Q y'.
    private void Assemble(double stretch, double shift, ReadOnlySpan<double> start, Span<double> along, Span<double> end)
    {
        if (_span is null)
        {
            along.CopyTo(end);
            return;
        }
        int r = _span.Axes.Length;
        if (!_span.IsWhole)
            for (int i = 0; i < r; i++) along[i] -= stretch * Along(i, start);
        for (int j = 0; j < end.Length; j++) end[j] = _span.IsWhole ? 0 : stretch * start[j] + shift * _span.Complement[j];
        for (int i = 0; i < r; i++) Vectors.AddScaled(along[i], _span.Axes[i].AsSpan(), end);
    }

    /// <summary>
    /// The span of the means of isotropic components of different widths, and the mixture in the coordinates there and a last one, the length of what is
    /// orthogonal; null for other mixtures, or if that is no fewer coordinates.
    /// </summary>
    private static (MeansSpan Span, Mixture InSpan)? Radial(Mixture mixture)
    {
        int d = mixture.Dimension;
        if (mixture.HasSharedCovariance || !mixture.Covariances.All(covariance => covariance.IsIsotropic)) return null;
        // The span does not depend on the covariance.
        double[] weights = [.. mixture.Weights];
        Covariance[] equal = [.. Enumerable.Repeat(Covariance.Isotropic(d, 1), mixture.Count)];
        MeansSpan span = MeansSpan.Find(new Mixture(weights, [.. mixture.Means.Select(mean => (double[])[.. mean])], equal))!;
        int size = span.Axes.Length + 1;
        if (size >= d) return null;
        double[][] means = [.. mixture.Means.Select(mean => (double[])[.. span.Axes.Select(axis => Vectors.Dot(axis.AsSpan(), mean.AsSpan())), 0])];
        return (span, new Mixture(weights, means, [.. mixture.Covariances.Select(covariance => Covariance.Isotropic(size, covariance.MinVariance))]));
    }

    private static double Stretch(in ProcessPoint from, in ProcessPoint to, double variance) => Math.Sqrt(to.Spread(variance) / from.Spread(variance));
}
