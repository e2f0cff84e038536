using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Mathematics.Maps;

/// <summary>A point of the line and its image, which are known to each other.</summary>
/// <param name="Source">c.</param>
/// <param name="Target">Its image.</param>
/// <param name="Uncertainty">By how much c may differ from the point whose image that is.</param>
/// <param name="Scale">The distance within which the map changes its slope.</param>
internal sealed record LineAnchor(double Source, double Target, double Uncertainty, double Scale);

/// <summary>Chooses anchors: where the map throws points from one mode to the next.</summary>
/// <param name="mixture">A mixture of one dimension.</param>
/// <param name="from">The process at the start.</param>
/// <param name="to">The process at the end.</param>
/// <param name="placeError">By how much the places of points are uncertain.</param>
internal sealed class LineAnchors(Mixture mixture, ProcessPoint from, ProcessPoint to, double placeError)
{
    private const int Parts = 32, Bisections = 200;

    private readonly LineComponents _source = LineComponents.At(mixture, from), _target = LineComponents.At(mixture, to);
    private readonly LineLaw _sourceLaw = new(mixture, from), _targetLaw = new(mixture, to);
    private readonly double? _centre = MirroredMeans.Find(mixture)?.Centre[0];

    /// <summary>Anchors at the valleys of the target's density; the law's mean where there are none.</summary>
    public List<LineAnchor> Valleys()
    {
        var anchors = new List<LineAnchor>();
        double[] means = [.. _target.Means.Distinct().OrderBy(mean => mean)];
        for (int k = 1; k < means.Length; k++)
        {
            double step = (means[k] - means[k - 1]) / Parts;
            for (int i = 0; i < Parts; i++)
            {
                double low = means[k - 1] + i * step, high = means[k - 1] + (i + 1) * step;
                if (Score(low) < 0 && Score(high) >= 0) anchors.Add(At(Valley(low, high)));
            }
        }
        if (anchors.Count == 0) anchors.Add(At(to.A * mixture.Mean()[0]));
        return anchors;
    }

    /// <summary>An anchor at a point of the target.</summary>
    public LineAnchor At(double target)
    {
        double smallest = _target.Deviations.Min(), source, uncertainty;
        if (_centre is { } centre && Math.Abs(target - to.A * centre) <= 1e-6 * smallest)
        {
            // The mirror's own point stays, whatever the time.
            (source, target) = (from.A * centre, to.A * centre);
            uncertainty = 2.3e-16 * Math.Abs(source) / 2;
        }
        else
        {
            (int split, double value, _) = _targetLaw.Locate(target);
            source = _sourceLaw.Solve(split, value, double.NegativeInfinity, double.PositiveInfinity);
            // Masses are known relatively, and the smaller of the two beside the point decides.
            double mass = Math.Min(_source.LogTail(source, out _), _source.Mirrored().LogTail(-source, out _));
            uncertainty = (4e-15 - 8e-15 * mass) * PortableMath.Exp(mass - _source.LogDensity(source).Log) + 4e-16 * Math.Abs(source);
        }
        double h = 1e-3 * smallest, curvature = Math.Abs(Score(target + h) - Score(target - h)) / (2 * h);
        double length = Math.Min(1 / Math.Sqrt(curvature), _target.Deviations.Max());
        double scale = length * PortableMath.Exp(_target.LogDensity(target).Log - _source.LogDensity(source).Log);
        return new LineAnchor(source, target, uncertainty + placeError, Math.Min(scale, _source.Deviations.Max()));
    }

    private double Score(double y) => _target.LogDensity(y).Score;

    private double Valley(double low, double high)
    {
        for (int i = 0; i < Bisections; i++)
        {
            double middle = 0.5 * (low + high);
            if (middle == low || middle == high) break;
            if (Score(middle) < 0) low = middle;
            else high = middle;
        }
        return low;
    }
}
