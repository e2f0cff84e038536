using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>The way from x at one time into the canonical chart, and from the chart back to x at another, with what rounding adds to a ball's radius.</summary>
internal readonly struct ChartPassage
{
    private readonly CanonicalMixture _mixture;
    private readonly double _scale, _endScale, _slack;

    public ChartPassage(CanonicalMixture mixture, Process process, double from, double to)
    {
        ProcessPoint first = process.At(from), last = process.At(to);
        _mixture = mixture;
        (_scale, _endScale) = (Math.Sqrt(first.Spread(mixture.Variance)), Math.Sqrt(last.Spread(mixture.Variance)));
        (Start, End) = (first.A / _scale, last.A / _endScale);
        // ω and ζ are wrong by some units in the last place: this shifts z by the same share of itself, and by the same share of ζ times its slope.
        // An exponent βt that is wrong by one unit shifts a = e^{-βt} by βt units.
        // Between two training steps s/a = e^l, and an l that is wrong by three units shifts it by 3l units.
        _slack = (20 + 4 * Math.Abs(Math.Log(Math.Max(first.A, RoundOff.Tiny))) + process.Match(
            static _ => 0.0, static _ => 0.0, static _ => 0.0, _ => 4 * Math.Max(LogRatio(first), LogRatio(last)))) * RoundOff.Unit;
    }

    /// <summary>ζ at the first time.</summary>
    public double Start { get; }

    /// <summary>ζ at the second time.</summary>
    public double End { get; }

    /// <summary>Takes a ball into the chart.</summary>
    /// <param name="start">Its centre in x, d values.</param>
    /// <param name="distance">Its radius in x.</param>
    /// <param name="z">Receives its centre in the chart, d values.</param>
    /// <returns>Its radius in the chart.</returns>
    public double Enter(ReadOnlySpan<double> start, double distance, Span<double> z)
    {
        double sizes = 0;
        for (int j = 0; j < start.Length; j++)
        {
            z[j] = start[j] / _scale - Start * _mixture.Shift[j];
            sizes += Square(Math.Abs(start[j] / _scale) + Math.Abs(Start * _mixture.Shift[j]));
        }
        return RoundOff.Slack * (distance / _scale + _slack * (Math.Sqrt(sizes) + Start * Speed(Start, z)));
    }

    /// <summary>Takes a ball out of the chart.</summary>
    /// <param name="z">Its centre in the chart, d values.</param>
    /// <param name="radius">Its radius in the chart.</param>
    /// <param name="centre">Receives its centre in x, d values.</param>
    /// <returns>Its radius in x; infinite if it has none.</returns>
    public double Leave(ReadOnlySpan<double> z, double radius, Span<double> centre)
    {
        if (!double.IsFinite(radius)) return double.PositiveInfinity;
        double sizes = 0;
        for (int j = 0; j < centre.Length; j++)
        {
            centre[j] = _endScale * (z[j] + End * _mixture.Shift[j]);
            sizes += Square(_endScale * (Math.Abs(z[j]) + Math.Abs(End * _mixture.Shift[j])));
        }
        radius = RoundOff.Slack * (_endScale * (radius + _slack * End * Speed(End, z)) + _slack * Math.Sqrt(sizes));
        return double.IsFinite(radius) ? radius : double.PositiveInfinity;
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
