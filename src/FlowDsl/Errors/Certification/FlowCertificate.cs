using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>
/// Certified upper bounds on the error of samples: the distance between a sampler's end point and that of the exact probability-flow ODE from the same start.
/// </summary>
/// <remarks>
/// A tube around an accurate companion path (<see cref="FlowTube"/>) encloses the exact flow. The bound is the distance between the end point and the
/// companion's, plus the tube's radius. It does not matter how the end point was computed, and the bound is tight if the tube is thin. Works for any
/// mixture and process, in double precision, rounding errors included. An instance holds its working memory: use one per thread.
/// </remarks>
internal sealed class FlowCertificate
{
    // Refine if the tube's radius exceeds this share of the bound.
    private const double MaxShare = 0.05;

    private readonly GaussianMixtureModel _model;
    private readonly CanonicalMixture _mixture;
    private readonly FlowTube _tube;
    private readonly double[] _z, _coordinates, _centre;

    /// <summary>Makes a certificate for a model.</summary>
    /// <param name="model">The model.</param>
    public FlowCertificate(GaussianMixtureModel model)
    {
        _model = model;
        _mixture = new CanonicalMixture(model.Mixture);
        _tube = new FlowTube(_mixture);
        (_z, _coordinates, _centre) = (new double[model.Dimension], new double[_mixture.Dimension], new double[model.Dimension]);
    }

    /// <summary>An upper bound on the error of an end point; infinite if none is found.</summary>
    /// <param name="start">x at the horizon, d values.</param>
    /// <param name="end">The sampler's x at the early stop, d values; single precision is widened exactly.</param>
    public double Bound(ReadOnlySpan<double> start, ReadOnlySpan<double> end)
        => Bound(_model.Process.Horizon, _model.Process.EarlyStop, start, end);

    /// <summary>As <see cref="Bound(ReadOnlySpan{double}, ReadOnlySpan{double})"/> between two times.</summary>
    /// <param name="from">The time of <paramref name="start"/>.</param>
    /// <param name="to">The time of <paramref name="end"/>, not greater.</param>
    /// <param name="start">x at the first time, d values.</param>
    /// <param name="end">The sampler's x at the second time, d values.</param>
    public double Bound(double from, double to, ReadOnlySpan<double> start, ReadOnlySpan<double> end)
    {
        double bound = Bound(from, to, start, end, PathAccuracy.Quick, out double radius);
        return double.IsFinite(bound) && radius <= MaxShare * bound ? bound : Math.Min(bound, Bound(from, to, start, end, PathAccuracy.Fine, out _));
    }

    /// <summary>
    /// Encloses the exact flow of all points within a distance of a point. Returns the radius of a ball around <paramref name="centre"/> that
    /// contains their images at the end; infinite if none is found.
    /// </summary>
    /// <param name="from">The time of <paramref name="start"/>.</param>
    /// <param name="to">The time at the end, not greater.</param>
    /// <param name="start">The point, d values.</param>
    /// <param name="distance">The radius of the ball around it.</param>
    /// <param name="centre">Receives the centre of the ball at the end, d values.</param>
    /// <param name="accuracy">How closely the ball's centre follows the flow.</param>
    internal double Enclose(double from, double to, ReadOnlySpan<double> start, double distance, Span<double> centre, in PathAccuracy accuracy)
    {
        ProcessPoint first = _model.Process.At(from), last = _model.Process.At(to);
        double scale = Math.Sqrt(first.Spread(_mixture.Variance)), zeta = first.A / scale, sizes = 0;
        for (int j = 0; j < start.Length; j++)
        {
            _z[j] = start[j] / scale - zeta * _mixture.Shift[j];
            sizes += Square(Math.Abs(start[j] / scale) + Math.Abs(zeta * _mixture.Shift[j]));
        }
        double endScale = Math.Sqrt(last.Spread(_mixture.Variance)), endZeta = last.A / endScale;
        // ω and ζ are wrong by some units in the last place: this shifts z by the same share of itself, and by the same share of ζ times its slope.
        // An exponent βt that is wrong by one unit shifts a = e^{-βt} by βt units.
        // Between two training steps s/a = e^l, and an l that is wrong by three units shifts it by 3l units.
        double slack = (20 + 4 * Math.Abs(Math.Log(Math.Max(first.A, RoundOff.Tiny))) + _model.Process.Match(
            static _ => 0.0, static _ => 0.0, static _ => 0.0, _ => 4 * Math.Max(LogRatio(first), LogRatio(last)))) * RoundOff.Unit;
        double radius = RoundOff.Slack * (distance / scale + slack * (Math.Sqrt(sizes) + zeta * Speed(zeta, _z)));
        radius = Follow(zeta, endZeta, radius, accuracy);
        if (!double.IsFinite(radius)) return double.PositiveInfinity;

        sizes = 0;
        for (int j = 0; j < centre.Length; j++)
        {
            centre[j] = endScale * (_z[j] + endZeta * _mixture.Shift[j]);
            sizes += Square(endScale * (Math.Abs(_z[j]) + Math.Abs(endZeta * _mixture.Shift[j])));
        }
        radius = RoundOff.Slack * (endScale * (radius + slack * endZeta * Speed(endZeta, _z)) + slack * Math.Sqrt(sizes));
        return double.IsFinite(radius) ? radius : double.PositiveInfinity;
    }

    /// <summary>Follows z, in the span of the means if the mixture is in its coordinates: the part outside does not change.</summary>
    private double Follow(double from, double to, double radius, in PathAccuracy accuracy)
    {
        if (_mixture.Span is not { } span) return _tube.Follow(from, to, _z, radius, 0, accuracy);
        span.Project(_z, _coordinates);
        span.AddScaled(-1, _coordinates, _z);
        double outside = Vectors.Norm(_z), rounding = 4 * (_z.Length + 12) * RoundOff.Unit;
        radius = RoundOff.Slack * (radius + rounding * (outside + Vectors.Norm(_coordinates)));
        radius = _tube.Follow(from, to, _coordinates, radius, RoundOff.Slack * outside, accuracy);
        span.AddScaled(1, _coordinates, _z);
        return RoundOff.Slack * (radius + rounding * (outside + Vectors.Norm(_coordinates)));
    }

    private double Bound(double from, double to, ReadOnlySpan<double> start, ReadOnlySpan<double> end, in PathAccuracy accuracy, out double radius)
    {
        radius = double.PositiveInfinity;
        foreach (double value in end)
            if (!double.IsFinite(value)) return double.PositiveInfinity;
        radius = Enclose(from, to, start, 0, _centre, accuracy);
        double bound = RoundOff.Slack * (Vectors.Distance(end, _centre) + radius);
        return double.IsFinite(bound) ? bound : double.PositiveInfinity;
    }

    /// <summary>A bound on |dz/dζ| at and near a point: |g_k| ≤ (|μ_k| + ζ|Δ_k||z|)/(smallest eigenvalue of I + ζ²Δ_k).</summary>
    private double Speed(double zeta, ReadOnlySpan<double> z)
    {
        double norm = Vectors.Norm(z), speed = 0;
        for (int k = 0; k < _mixture.Count; k++)
        {
            double least = 1 + zeta * zeta * Math.Min(0, _mixture.MinOffset[k]);
            double offset = Math.Max(Math.Abs(_mixture.MinOffset[k]), Math.Abs(_mixture.MaxOffset[k]));
            speed = Math.Max(speed, (_mixture.MeanNorms[k] + zeta * offset * norm) / least);
        }
        return speed;
    }

    private static double LogRatio(in ProcessPoint point) => Math.Abs(Math.Log(point.NoiseToSignal));

    private static double Square(double x) => x * x;
}
