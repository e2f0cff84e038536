using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>
/// Certified upper bounds on the error of samples: the distance between a sampler's end point and that of the exact probability-flow ODE from the same start.
/// </summary>
/// <remarks>
/// <para>
/// A tube around an accurate companion path encloses the exact flow. The bound is the distance between the end point and the companion's, plus the
/// tube's radius. It does not matter how the end point was computed, and the bound is tight if the tube is thin. Works for any mixture and process,
/// in double precision, rounding errors included. An instance holds its working memory: use one per thread.
/// </para>
/// <para>
/// Where all components have the same isotropic covariance, tubes of many samples are found at a time (<see cref="LaneTube"/>). The samples whose tubes
/// are too wide, and those of other mixtures, get one of their own (<see cref="FlowTube"/>). A sample's bound does not depend on the others.
/// </para>
/// </remarks>
internal sealed class FlowCertificate
{
    // Refine if the tube's radius exceeds this share of the bound.
    private const double MaxShare = 0.05;

    // Of truncated series, relative to the data's size.
    private const double LaneTolerance = 1e-10;

    // The number of samples at a time that keeps their coordinates in the cache, and lanes idle only rarely.
    private const int Block = 64;

    private readonly GaussianMixtureModel _model;
    private readonly CanonicalMixture _mixture;
    private readonly FlowTube _tube;
    private readonly LaneTube? _lanes;
    private readonly double[] _z, _coordinates, _centre, _points, _inner, _radii, _outside;

    /// <summary>Makes a certificate for a model.</summary>
    /// <param name="model">The model.</param>
    public FlowCertificate(GaussianMixtureModel model)
    {
        _model = model;
        _mixture = new CanonicalMixture(model.Mixture);
        _tube = new FlowTube(_mixture);
        (_z, _coordinates, _centre) = (new double[model.Dimension], new double[_mixture.Dimension], new double[model.Dimension]);
        int block = _mixture.IsTied ? Block : 0;
        if (_mixture.IsTied) _lanes = new LaneTube(new LaneMeans(_mixture));
        (_points, _inner) = (new double[block * model.Dimension], new double[block * _mixture.Dimension]);
        (_radii, _outside) = (new double[block], new double[block]);
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
        double bound = 0;
        Bounds(from, to, start, end, new Span<double>(ref bound));
        return bound;
    }

    /// <summary>The bounds of many samples: much faster than one by one, and the same.</summary>
    /// <param name="starts">x at the horizon, d values each.</param>
    /// <param name="ends">The sampler's x at the early stop, d values each.</param>
    /// <param name="bounds">Receives a bound per sample, infinite where none is found.</param>
    public void Bounds(ReadOnlySpan<double> starts, ReadOnlySpan<double> ends, Span<double> bounds)
        => Bounds(_model.Process.Horizon, _model.Process.EarlyStop, starts, ends, bounds);

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
        var passage = new ChartPassage(_mixture, _model.Process, from, to);
        double radius = Project(_z, passage.Enter(start, distance, _z), _coordinates, out double outside);
        radius = _tube.Follow(passage.Start, passage.End, _coordinates, radius, outside, accuracy);
        return passage.Leave(_z, Restore(_coordinates, radius, outside, _z), centre);
    }

    /// <summary>As <see cref="Enclose"/> for many points of a tied mixture, with what <see cref="LaneTube"/> finds.</summary>
    /// <param name="from">The time of the starts.</param>
    /// <param name="to">The time at the end, not greater.</param>
    /// <param name="starts">The points, d values each.</param>
    /// <param name="radii">The radii of the balls around them; receives those at the end.</param>
    /// <param name="centres">Receives the centres at the end, d values each.</param>
    internal void EncloseAll(double from, double to, ReadOnlySpan<double> starts, Span<double> radii, Span<double> centres)
    {
        var passage = new ChartPassage(_mixture, _model.Process, from, to);
        int d = _model.Dimension, inner = _mixture.Dimension;
        for (int first = 0; first < radii.Length; first += Block)
        {
            int count = Math.Min(Block, radii.Length - first);
            for (int i = 0; i < count; i++)
            {
                Span<double> z = _points.AsSpan(i * d, d);
                double radius = passage.Enter(starts.Slice((first + i) * d, d), radii[first + i], z);
                _radii[i] = Project(z, radius, _inner.AsSpan(i * inner, inner), out _outside[i]);
            }
            _lanes!.Follow(passage.Start, passage.End, _inner.AsSpan(0, count * inner), _radii.AsSpan(0, count), _outside.AsSpan(0, count), LaneTolerance);
            for (int i = 0; i < count; i++)
            {
                Span<double> z = _points.AsSpan(i * d, d);
                double radius = Restore(_inner.AsSpan(i * inner, inner), _radii[i], _outside[i], z);
                radii[first + i] = passage.Leave(z, radius, centres.Slice((first + i) * d, d));
            }
        }
    }

    private void Bounds(double from, double to, ReadOnlySpan<double> starts, ReadOnlySpan<double> ends, Span<double> bounds)
    {
        int d = _model.Dimension;
        if (_lanes is null)
        {
            for (int i = 0; i < bounds.Length; i++) bounds[i] = BoundAlone(from, to, starts.Slice(i * d, d), ends.Slice(i * d, d));
            return;
        }
        double[] centres = new double[Math.Min(bounds.Length, Block) * d];
        for (int first = 0; first < bounds.Length; first += Block)
        {
            Span<double> part = bounds.Slice(first, Math.Min(Block, bounds.Length - first));
            ReadOnlySpan<double> partStarts = starts.Slice(first * d, part.Length * d), partEnds = ends.Slice(first * d, part.Length * d);
            part.Clear();
            EncloseAll(from, to, partStarts, part, centres);
            for (int i = 0; i < part.Length; i++)
            {
                ReadOnlySpan<double> start = partStarts.Slice(i * d, d), end = partEnds.Slice(i * d, d);
                double radius = part[i], bound = Bound(end, centres.AsSpan(i * d, d), radius);
                part[i] = IsTight(radius, bound) ? bound : Math.Min(bound, BoundAlone(from, to, start, end));
            }
        }
    }

    private double BoundAlone(double from, double to, ReadOnlySpan<double> start, ReadOnlySpan<double> end)
    {
        foreach (double value in end)
            if (!double.IsFinite(value)) return double.PositiveInfinity;
        double radius = Enclose(from, to, start, 0, _centre, PathAccuracy.Quick), bound = Bound(end, _centre, radius);
        if (IsTight(radius, bound)) return bound;
        radius = Enclose(from, to, start, 0, _centre, PathAccuracy.Fine);
        return Math.Min(bound, Bound(end, _centre, radius));
    }

    private static bool IsTight(double radius, double bound) => double.IsFinite(bound) && radius <= MaxShare * bound;

    private static double Bound(ReadOnlySpan<double> end, ReadOnlySpan<double> centre, double radius)
    {
        double bound = RoundOff.Slack * (Vectors.Distance(end, centre) + radius);
        return double.IsFinite(bound) ? bound : double.PositiveInfinity;
    }

    /// <summary>Splits z into coordinates in the span of the means and the part outside, which does not change and stays in z.</summary>
    /// <returns>The radius, with what rounding adds to it.</returns>
    private double Project(Span<double> z, double radius, Span<double> coordinates, out double outside)
    {
        outside = 0;
        if (_mixture.Span is not { } span)
        {
            z.CopyTo(coordinates);
            return radius;
        }
        span.Project(z, coordinates);
        span.AddScaled(-1, coordinates, z);
        outside = RoundOff.Slack * Vectors.Norm(z);
        return RoundOff.Slack * (radius + ProjectionRounding(z) * (outside + Vectors.Norm(coordinates)));
    }

    /// <summary>The inverse of <see cref="Project"/>.</summary>
    private double Restore(ReadOnlySpan<double> coordinates, double radius, double outside, Span<double> z)
    {
        if (_mixture.Span is not { } span)
        {
            coordinates.CopyTo(z);
            return radius;
        }
        span.AddScaled(1, coordinates, z);
        return RoundOff.Slack * (radius + ProjectionRounding(z) * (outside + Vectors.Norm(coordinates)));
    }

    private static double ProjectionRounding(ReadOnlySpan<double> z) => 4 * (z.Length + 12) * RoundOff.Unit;
}
