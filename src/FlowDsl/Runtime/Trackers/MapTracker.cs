using System.Numerics;
using FlowDsl.Mathematics.Maps;
using FlowDsl.Runtime.Maps;

namespace FlowDsl.Runtime.Trackers;

/// <summary>A flow map's error: the distance from the exact map's own image, and a proved bound on it.</summary>
/// <remarks>
/// Maps along an axis increase, so what lies between two numbers stays between their images: an interval around each coordinate of the start, widened by
/// the proved error of each segment, contains the exact end.
/// </remarks>
internal sealed class MapTracker<T> : BlockTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of a computed distance; the sums of a span's coordinates are known to this too.
    private const double Slack = 1e-14;

    private readonly TabulatedMap<T> _map;
    private readonly SamplerPath<T> _path;
    private readonly LineExact[] _exact;
    private readonly double[] _whole;
    private readonly int _d;

    public MapTracker(TabulatedMap<T> map, SamplerPath<T> path)
        : base(map.Descriptor.Dimension)
    {
        (_map, _path, _d) = (map, path, map.Descriptor.Dimension);
        MapSegment first = map.Segments[0], last = map.Segments[^1];
        _exact = [.. map.Axes.Lines.Select(line => new LineExact(line, first.From, last.To))];
        // The factor and the shift of all segments orthogonal to a span.
        _whole = first.Rest is null ? [] : [map.Segments.Aggregate(1.0, (product, own) => product * own.Rest!.Scale), 0];
        if (_whole.Length > 0) _whole[1] = map.Segments.Aggregate(0.0, (shift, own) => own.Rest!.Scale * shift + own.Rest.Shift);
    }

    /// <inheritdoc/>
    protected override void Track(Span<T> states, Span<T> starts, Span<FlowError> errors)
    {
        _path.Integrate(states, errors);
        double[] start = new double[_d], end = new double[_d];
        for (int i = 0; i < errors.Length; i++)
        {
            for (int j = 0; j < _d; j++) (start[j], end[j]) = (double.CreateTruncating(starts[i * _d + j]), double.CreateTruncating(states[i * _d + j]));
            (double estimate, double bound, double squares) = Errors(start, end);
            errors[i] = Array.TrueForAll(end, double.IsFinite)
                ? errors[i] with { Estimate = estimate, Bound = bound, Amplification = Math.Sqrt(squares / _d) }
                : errors[i] with { Estimate = double.NaN, Bound = double.PositiveInfinity };
        }
    }

    private (double Estimate, double Bound, double Squares) Errors(double[] start, double[] end)
    {
        int axes = _map.Axes.LineOf.Length;
        double estimate = 0, bound = 0, squares = 0, rounding = 0;
        double[] missing = new double[_d];
        for (int axis = 0; axis < axes; axis++)
        {
            double from = Coordinate(start, axis), to = Coordinate(end, axis), place = _map.Span is null ? 0 : Slack * Length(start);
            double low = from - place, high = from + place, middle = from, slope = 1;
            foreach (MapSegment segment in _map.Segments)
            {
                slope *= segment.SlopeAlong(_map.Axes, axis, middle);
                middle = segment.Along(_map.Axes, axis, middle);
                if (segment.Straight[axis] is { } line)
                {
                    double unit = (double.CreateTruncating(T.BitIncrement(T.One)) - 1) / 2 * 3;
                    (low, high) = (line.Scale * low + line.Shift, line.Scale * high + line.Shift);
                    double size = Math.Max(Math.Abs(low), Math.Abs(high)) + Math.Abs(line.Shift);
                    (low, high) = (low - unit * size, high + unit * size);
                }
                else
                {
                    (low, high) = segment.Tables[_map.Axes.LineOf[axis]].Enclose(low, high);
                }
            }
            int index = _map.Axes.LineOf[axis];
            double exact = index < 0 ? middle : _exact[index].At(from, middle);
            squares += slope * slope;
            double farthest = Math.Max(Math.Abs(high - to), Math.Abs(to - low));
            bound += farthest * farthest;
            if (_map.Span is null) missing[axis] = exact - to;
            else
                for (int j = 0; j < _d; j++) missing[j] += _map.Axes.Span!.Axes[axis][j] * (exact - (_whole.Length > 0 ? _whole[0] * from : 0));
        }
        if (_map.Span is not null)
        {
            for (int j = 0; j < _d; j++) missing[j] += (_whole.Length > 0 ? _whole[0] * start[j] + _whole[1] * _map.Axes.Span!.Complement[j] : 0) - end[j];
            squares += _whole.Length > 0 ? (_d - axes) * _whole[0] * _whole[0] : 0;
            rounding = Rounding(start);
        }
        for (int j = 0; j < _d; j++) estimate += missing[j] * missing[j];
        return (Math.Sqrt(estimate), Math.Sqrt(bound) * (1 + Slack) + rounding, squares);
    }

    private double Coordinate(double[] sample, int axis) => _map.Span is { } span ? span.Coordinate<double>(sample, axis) : sample[axis];

    /// <summary>What the roundings of a sample, each a share of its length, add up to at the end.</summary>
    private double Rounding(double[] start)
    {
        double length = Length(start), total = 0, unit = (double.CreateTruncating(T.BitIncrement(T.One)) - 1) / 2;
        double[] along = [.. Enumerable.Range(0, _map.Axes.LineOf.Length).Select(axis => Coordinate(start, axis))];
        foreach (MapSegment segment in _map.Segments)
        {
            double scale = segment.Rest?.Scale ?? 0, common = segment.Rest is { } rest ? Math.Abs(rest.Shift) * Length(_map.Axes.Span!.Complement) : 0;
            double sum = 0;
            for (int axis = 0; axis < along.Length; axis++)
            {
                double before = along[axis];
                along[axis] = segment.Along(_map.Axes, axis, before);
                sum += Math.Abs(along[axis]) + scale * Math.Abs(before);
            }
            length = scale * length + common + sum;
            total = scale * total + length * (unit + Slack);
        }
        return total;
    }

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));
}
