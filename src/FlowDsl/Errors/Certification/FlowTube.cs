using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>A tube around an accurate path that contains an exact solution of the probability-flow ODE in the canonical chart.</summary>
/// <remarks>
/// The path is piecewise polynomial (<see cref="TaylorPath"/>). Each piece's defect is bounded (<see cref="PathDefect"/>), and so is the growth of
/// the tube's radius along it (<see cref="BallGrowth"/>). In exact arithmetic the result is a theorem; rounding is bounded too, see <see cref="RoundOff"/>.
/// </remarks>
internal sealed class FlowTube
{
    // Far more than the hundreds of pieces that ordinary samples need; limits the work for hopeless ones.
    private const int MaxPieces = 5000, MaxHalvings = 8, MaxShrinkings = 200;

    private readonly CanonicalMixture _mixture;
    private readonly TaylorPath _path;
    private readonly Disc _disc;
    private readonly PathDefect _defect;
    private readonly BallGrowth _growth;
    private readonly double[] _next;

    public FlowTube(CanonicalMixture mixture)
    {
        _mixture = mixture;
        _path = new TaylorPath(mixture);
        _disc = new Disc(mixture, _path);
        _defect = new PathDefect(mixture, _path);
        _growth = new BallGrowth(mixture, _path);
        _next = new double[mixture.Dimension];
    }

    /// <summary>Follows the flow.</summary>
    /// <param name="from">ζ at the start.</param>
    /// <param name="to">ζ at the end, not smaller.</param>
    /// <param name="z">The centre of the ball that contains the solution at the start; receives the centre at the end.</param>
    /// <param name="radius">The radius of that ball.</param>
    /// <param name="outside">The size of the point's part outside the span of the means, if the mixture is in its coordinates.</param>
    /// <param name="accuracy">How closely to follow the flow.</param>
    /// <returns>The radius of a ball that contains the solution at the end; infinite if none was found.</returns>
    public double Follow(double from, double to, Span<double> z, double radius, double outside, in PathAccuracy accuracy)
    {
        // Written so that NaN is rejected.
        if (!(from <= to)) return double.PositiveInfinity;
        _path.Field.Outside = _defect.Outside = outside;
        double zeta = from, discRadius = to - from;
        for (int piece = 0; zeta < to; piece++)
        {
            if (piece == MaxPieces || !double.IsFinite(radius)) return double.PositiveInfinity;
            _path.Expand(zeta, z);
            if (!FindDisc(ref discRadius, (to - zeta) / accuracy.LongestPiece)) return double.PositiveInfinity;
            _growth.Start();
            double step = Step(accuracy), next = zeta + step;
            if (!(next < to - 0.1 * step)) next = to;
            step = next - zeta;
            double defect = _defect.Bound(_disc, step), grown = _growth.Grow(_disc, step, radius, defect);
            // A shorter piece has a smaller defect and a sharper rate; if neither helps, the ball is too large.
            for (int i = 0; i < MaxHalvings && !double.IsFinite(grown); i++)
            {
                next = zeta + 0.5 * (next - zeta);
                step = next - zeta;
                grown = _growth.Grow(_disc, step, radius, defect);
            }
            if (!double.IsFinite(grown)) return double.PositiveInfinity;

            _path.At(step, _next);
            _next.CopyTo(z);
            // The next piece starts where the polynomial ended, up to rounding; the clock's difference may be rounded too.
            double speed = Vectors.Norm(_path.Field.Value) + _disc.Supremum + _path.Field.ValueError;
            radius = RoundOff.Slack * (grown + RoundOff.Horner(_path.Norms, step) + 2 * RoundOff.Unit * step * speed);
            zeta = next;
        }
        return radius;
    }

    /// <summary>The largest useful disc, within a factor, on which all bounds hold.</summary>
    private bool FindDisc(ref double radius, double useful)
    {
        const double factor = 1.4;
        radius = Math.Min(radius, useful);
        bool found = _disc.TryBound(radius);
        if (!found)
        {
            for (int i = 0; i < MaxShrinkings && !found; i++) found = _disc.TryBound(radius /= factor);
            return found;
        }
        while (radius < useful && _disc.TryBound(Math.Min(radius * factor, useful))) radius = _disc.Radius;
        return radius == _disc.Radius || _disc.TryBound(radius);
    }

    private double Step(in PathAccuracy accuracy)
    {
        double share = accuracy.LongestPiece;
        if (_disc.Supremum > 0) share = Math.Min(share, Math.Pow(accuracy.Tolerance * _mixture.Scale / _disc.Supremum, 1.0 / TaylorPath.Degree));
        // Growth within a piece counts as if it happened at the start, so the radius should not grow much within a piece: ∫ζ dζ·variance ≤ 1.
        double zeta = _path.Zeta, gain = 2 / _growth.Variance;
        return Math.Min(share * _disc.Radius, double.IsFinite(gain) ? gain / (Math.Sqrt(zeta * zeta + gain) + zeta) : gain);
    }
}
