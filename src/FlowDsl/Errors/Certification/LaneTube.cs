using System.Numerics;

namespace FlowDsl.Errors.Certification;

/// <summary>Tubes as those of <see cref="FlowTube"/> for many samples of a tied mixture, as many at a time as a vector has lanes.</summary>
/// <remarks>
/// Every lane has its own pieces. A lane that has arrived takes the next sample while the others go on, and since lanes do not look at each other, a
/// sample's tube is the same in any company.
/// </remarks>
internal sealed class LaneTube
{
    // What needs more is left to FlowTube.
    private const int MaxPieces = 400, MaxShrinkings = 60;

    // How full a disc should be; one that is too full costs another try, and an empty one shortens the step.
    private const double FullDisc = 0.45, MaxWidening = 1.3, Shrinking = 1 / 1.3;

    // The longest piece relative to its disc's radius: a tenth below LaneDisc.MaxShare, since the last piece may be longer by that.
    private const double LongestPiece = 0.4;

    private readonly LaneMeans _means;
    private readonly LanePath _path;
    private readonly LaneDisc _disc;
    private readonly LaneGrowth _growth;
    private readonly Vector<double>[] _next;
    private readonly int[] _samples = new int[Vector<double>.Count], _pieces = new int[Vector<double>.Count];

    public LaneTube(LaneMeans means)
    {
        _means = means;
        _path = new LanePath(means);
        _disc = new LaneDisc(means, _path);
        _growth = new LaneGrowth(means, _path);
        _next = new Vector<double>[means.Dimension];
    }

    /// <summary>Follows the flow of many samples.</summary>
    /// <param name="from">ζ at the start.</param>
    /// <param name="to">ζ at the end.</param>
    /// <param name="points">For each sample the centre of the ball that contains the solution at the start; receives those at the end.</param>
    /// <param name="radii">The radii of these balls; receives those at the end, infinite where none was found.</param>
    /// <param name="outside">The sizes of the points' parts outside the span of the means.</param>
    /// <param name="tolerance">The accepted defect of a piece from truncating its series, relative to the data's size.</param>
    public void Follow(double from, double to, Span<double> points, Span<double> radii, ReadOnlySpan<double> outside, double tolerance)
    {
        // Written so that NaN is rejected.
        if (!(from < to))
        {
            if (!(from == to)) radii.Fill(double.PositiveInfinity);
            return;
        }
        int lanes = Vector<double>.Count, next = 0, running = 0;
        Vector<double> zeta = new(from), radius = Vector<double>.Zero, discRadius = Vector<double>.Zero, end = new(to), outer = Vector<double>.Zero;
        _path.Coefficients.AsSpan(0, _means.Dimension).Clear();
        for (int lane = 0; lane < lanes; lane++) Enter(lane, points, radii, outside);
        while (running > 0)
        {
            _disc.Outside = outer;
            _path.Expand(zeta);
            Vector<double> useful = (end - zeta) / new Vector<double>(LongestPiece);
            discRadius = Vector.ConditionalSelect(Vector.GreaterThan(discRadius, Vector<double>.Zero), discRadius, _disc.Guess());
            Vector<long> found = FindDisc(ref discRadius, useful);
            _growth.Start();
            Vector<double> step = Step(tolerance), target = zeta + step;
            target = Vector.ConditionalSelect(Vector.LessThan(target, end - new Vector<double>(0.1) * step), target, end);
            step = target - zeta;
            Vector<double> grown = _growth.Grow(_disc, step, radius, _disc.Defect(step));
            _path.At(step, _next);
            // The next piece starts where the polynomial ended, up to rounding; the clock's difference may be rounded too.
            Vector<double> speed = new Vector<double>(_means.LargestNorm) + _disc.Supremum;
            Vector<double> rounding = new Vector<double>(2 * RoundOff.Unit) * (new Vector<double>(2 * LanePath.Degree + 1) * _disc.PathSize + step * speed);
            radius = Vector.ConditionalSelect(found, new Vector<double>(RoundOff.Slack) * (grown + rounding), new Vector<double>(double.PositiveInfinity));
            _next.CopyTo(_path.Coefficients, 0);
            discRadius *= Vector.Min(Vector.SquareRoot(new Vector<double>(FullDisc) / _disc.Excess), new Vector<double>(MaxWidening));
            zeta = target;
            for (int lane = 0; lane < lanes; lane++)
            {
                if (_samples[lane] < 0)
                {
                    // An idle lane repeats a piece that costs the others nothing.
                    (zeta, radius) = (zeta.WithElement(lane, from), radius.WithElement(lane, 0));
                    continue;
                }
                if (++_pieces[lane] == MaxPieces && zeta[lane] < to) radius = radius.WithElement(lane, double.PositiveInfinity);
                if (zeta[lane] < to && double.IsFinite(radius[lane])) continue;
                Leave(lane, points, radii);
                Enter(lane, points, radii, outside);
            }
        }

        void Enter(int lane, ReadOnlySpan<double> starts, ReadOnlySpan<double> startRadii, ReadOnlySpan<double> sizes)
        {
            (_samples[lane], _pieces[lane]) = (-1, 0);
            if (next == startRadii.Length) return;
            int sample = _samples[lane] = next++;
            running++;
            for (int j = 0; j < _means.Dimension; j++)
                _path.Coefficients[j] = _path.Coefficients[j].WithElement(lane, starts[sample * _means.Dimension + j]);
            (zeta, discRadius) = (zeta.WithElement(lane, from), discRadius.WithElement(lane, 0));
            (radius, outer) = (radius.WithElement(lane, startRadii[sample]), outer.WithElement(lane, sizes[sample]));
        }

        void Leave(int lane, Span<double> ends, Span<double> endRadii)
        {
            int sample = _samples[lane];
            running--;
            for (int j = 0; j < _means.Dimension; j++) ends[sample * _means.Dimension + j] = _path.Coefficients[j][lane];
            endRadii[sample] = double.IsFinite(radius[lane]) ? radius[lane] : double.PositiveInfinity;
        }
    }

    /// <summary>Finds discs on which all bounds hold; all bits of a lane are set where there is one.</summary>
    private Vector<long> FindDisc(ref Vector<double> radius, Vector<double> useful)
    {
        radius = Vector.Min(radius, useful);
        Vector<long> found = Vector<long>.Zero;
        for (int i = 0; i < MaxShrinkings; i++)
        {
            found = _disc.TryBound(radius);
            if (Vector.EqualsAll(found, Vector<long>.AllBitsSet)) break;
            if (i + 1 < MaxShrinkings) radius = Vector.ConditionalSelect(found, radius, radius * new Vector<double>(Shrinking));
        }
        return found;
    }

    private Vector<double> Step(double tolerance)
    {
        // Growth within a piece counts as if it happened at the start, so the radius should not grow much within a piece: ∫ζ dζ·variance ≤ 1.
        Vector<double> tiny = new(RoundOff.Tiny), zeta = _path.Zeta, gain = new Vector<double>(2) / Vector.Max(_growth.Variance, tiny);
        Vector<double> accepted = Vector.Log(new Vector<double>(tolerance * _means.Scale) / Vector.Max(_disc.Supremum, tiny));
        Vector<double> share = Vector.Min(LanePath.Exp(accepted * new Vector<double>(1.0 / LanePath.Degree)), new Vector<double>(LongestPiece));
        return Vector.Min(share * _disc.Radius, gain / (Vector.SquareRoot(zeta * zeta + gain) + zeta));
    }
}
