using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Flows;

/// <summary>Maps points by the exact flow with an error within the tolerance. Holds working memory; not thread-safe.</summary>
/// <remarks>
/// Each point is integrated twice: with the tolerance (at most 1e-6) for the steps, and with a 32nd of it. The difference is the first run's error at
/// the end, with the flow's amplification, and is larger than the second run's error. If it exceeds the tolerance, the steps are refined again for
/// that point.
/// </remarks>
internal sealed class FlowWorker
{
    // The refinement factor, and the step tolerance below which the estimate is only rounding.
    private const double Refinement = 1.0 / 32, MinStepTolerance = 4e-15;

    // With few, long steps both runs may have the same error.
    private const double MaxStepTolerance = 1e-6;

    // Squares of points farther out may overflow: the pointwise flow has no such limit.
    private const double Farthest = 1e100;

    private readonly Mixture _mixture;
    private readonly Process _process;
    private readonly FlowCoordinates _coordinates;
    private readonly LaneFlow? _lanes;
    private readonly int _size, _d;
    private readonly double[] _scratch;
    private double[] _starts = [], _coarse = [], _fine = [], _lengths = [];
    private int[] _points = [];
    private ExtrapolatedFlow? _byPoints;

    public FlowWorker(Mixture mixture, Process process, FlowCoordinates coordinates, bool tangent)
    {
        (_mixture, _process, _coordinates, _d) = (mixture, process, coordinates, mixture.Dimension);
        _size = (tangent ? 2 : 1) * coordinates.Varying;
        if (coordinates.Field is { } field) _lanes = new LaneFlow(field, tangent);
        _scratch = new double[_d];
    }

    /// <summary>Field evaluations so far, per point.</summary>
    public long Evaluations => _lanes?.Evaluations ?? 0;

    /// <summary>Maps points.</summary>
    /// <param name="from">The time of the starts.</param>
    /// <param name="to">The time of the ends.</param>
    /// <param name="starts">n×d values.</param>
    /// <param name="ends">Receives n×d values, NaN for points that are not finite; may be the same memory.</param>
    /// <param name="errors">Receives n estimated errors in the units of the tolerance; empty if not wanted.</param>
    /// <param name="tolerance">The accepted error at the end.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public void Map(double from, double to, ReadOnlySpan<double> starts, Span<double> ends, Span<double> errors, double tolerance,
        CancellationToken cancellationToken)
        => Map(from, to, starts, [], ends, [], errors, tolerance, cancellationToken);

    /// <summary>Maps points, and directions by the derivative of the map there, accurate to about nine digits.</summary>
    /// <param name="from">The time of the starts.</param>
    /// <param name="to">The time of the ends.</param>
    /// <param name="starts">n×d values.</param>
    /// <param name="directions">n×d values.</param>
    /// <param name="ends">Receives n×d values, NaN for points that are not finite; may be the same memory as the starts.</param>
    /// <param name="products">Receives n×d values, NaN if the point or direction is not finite; may be the same memory as the directions.</param>
    /// <param name="errors">Receives n estimated errors of the points in the units of the tolerance; empty if not wanted.</param>
    /// <param name="tolerance">The tolerance of the points.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public void Map(
        double from, double to, ReadOnlySpan<double> starts, ReadOnlySpan<double> directions, Span<double> ends, Span<double> products, Span<double> errors,
        double tolerance, CancellationToken cancellationToken)
    {
        int n = starts.Length / _d;
        ProcessPoint start = _process.At(from), end = _process.At(to);
        Reserve(n);
        errors.Clear();
        int count = Enter(start, starts, directions, errors);
        double first = _coordinates.Clock(start), last = _coordinates.Clock(end);
        if (_lanes is null || first == last) _starts.AsSpan(0, n * _size).CopyTo(_fine);
        else Refine(first, last, count, errors, tolerance, cancellationToken);
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = starts.Slice(i * _d, _d), direction = directions.IsEmpty ? [] : directions.Slice(i * _d, _d);
            Leave(i, from, to, start, end, row, direction, ends.Slice(i * _d, _d), products.IsEmpty ? [] : products.Slice(i * _d, _d), errors, tolerance);
        }
    }

    /// <summary>Puts the points to integrate into the chart; returns their number.</summary>
    private int Enter(in ProcessPoint start, ReadOnlySpan<double> starts, ReadOnlySpan<double> directions, Span<double> errors)
    {
        int n = starts.Length / _d, r = _coordinates.Varying, count = 0;
        for (int i = 0; i < n; i++)
        {
            Span<double> z = _starts.AsSpan(i * _size, _size);
            ReadOnlySpan<double> row = starts.Slice(i * _d, _d);
            z.Clear();
            _coordinates.Enter(start, row, _scratch, z);
            double greatest = Greatest(row);
            if (!directions.IsEmpty)
            {
                // The equation is linear, so directions can be scaled to length 1. A direction that is not finite is not integrated.
                ReadOnlySpan<double> direction = directions.Slice(i * _d, _d);
                double length = Greatest(direction);
                _lengths[i] = length;
                if (length > 0 && double.IsFinite(length))
                {
                    _coordinates.EnterDirection(start, row, direction, _scratch, z[r..]);
                    for (int j = r; j < _size; j++) z[j] /= length;
                }
            }
            if (!double.IsFinite(greatest) || !(Greatest(z) < Farthest))
            {
                z.Fill(double.NaN);
                _fine.AsSpan(i * _size, _size).Fill(double.NaN);
                if (!errors.IsEmpty) errors[i] = double.NaN;
                continue;
            }
            _points[count++] = i;
        }
        return count;
    }

    private void Refine(double first, double last, int count, Span<double> errors, double tolerance, CancellationToken cancellationToken)
    {
        double step = Math.Min(tolerance, MaxStepTolerance);
        double sine = 2 * last / (1 + last * last), cosine = (1 - last) * (1 + last) / (1 + last * last);
        _lanes!.Run(first, last, step, _points.AsSpan(0, count), _starts, _coarse, cancellationToken);
        while (count > 0)
        {
            step = Math.Max(Refinement * step, MinStepTolerance);
            _lanes.Run(first, last, step, _points.AsSpan(0, count), _starts, _fine, cancellationToken);
            int left = 0;
            for (int p = 0; p < count; p++)
            {
                int i = _points[p];
                double error = Difference(i, cosine * cosine, sine * sine);
                if (!errors.IsEmpty) errors[i] = error;
                if (error > tolerance && step > MinStepTolerance) _points[left++] = i;
            }
            count = left;
            for (int p = 0; p < count; p++) _fine.AsSpan(_points[p] * _size, _size).CopyTo(_coarse.AsSpan(_points[p] * _size, _size));
        }
    }

    /// <summary>
    /// The norm of the difference of two runs, each coordinate relative to the larger of its size and the smallest standard deviation of a component.
    /// </summary>
    private double Difference(int point, double signal, double noise)
    {
        double sum = 0;
        double[] least = _coordinates.Field!.MinVariances, shares = _coordinates.Field.Shares;
        for (int j = 0; j < least.Length; j++)
        {
            double fine = _fine[point * _size + j], difference = fine - _coarse[point * _size + j];
            sum += difference * difference / Math.Max(shares[j] * fine * fine, signal * least[j] + noise);
        }
        return Math.Sqrt(sum);
    }

    private void Leave(
        int i, double from, double to, in ProcessPoint start, in ProcessPoint end, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> y,
        Span<double> product, Span<double> errors, double tolerance)
    {
        int r = _coordinates.Varying;
        bool finite = double.IsFinite(Greatest(x)), mapped = finite && !_fine.AsSpan(i * _size, _size).Contains(double.NaN);
        if (!finite)
        {
            y.Fill(double.NaN);
            product.Fill(double.NaN);
            if (!errors.IsEmpty) errors[i] = double.NaN;
            return;
        }
        Span<double> z = _fine.AsSpan(i * _size, _size);
        if (!mapped)
        {
            if (!errors.IsEmpty) errors[i] = double.NaN;
            _byPoints ??= BatchFlow.ByPoints(_mixture, _process, Math.Max(tolerance, 1e-14));
            if (product.IsEmpty || !double.IsFinite(_lengths[i])) _byPoints.Map(from, to, x, y);
            else _byPoints.Map(from, to, x, direction, y, product);
            if (!product.IsEmpty && !double.IsFinite(_lengths[i])) product.Fill(double.NaN);
            return;
        }
        // The direction first: the end of the point may take the place of its start.
        if (!product.IsEmpty)
        {
            for (int j = r; j < _size; j++) z[j] *= _lengths[i];
            if (double.IsFinite(_lengths[i])) _coordinates.LeaveDirection(start, end, x, z[..r], direction, z[r..], _scratch, product);
            else product.Fill(double.NaN);
        }
        _coordinates.Leave(start, end, x, z[..r], _scratch, y);
    }

    private void Reserve(int n)
    {
        if (_points.Length < n) (_points, _lengths) = (new int[n], new double[n]);
        if (_starts.Length < n * _size) (_starts, _coarse, _fine) = (new double[n * _size], new double[n * _size], new double[n * _size]);
    }

    /// <summary>The largest absolute value; NaN if any value is NaN.</summary>
    private static double Greatest(ReadOnlySpan<double> values)
    {
        double greatest = 0;
        foreach (double value in values) greatest = Math.Max(greatest, Math.Abs(value));
        return greatest;
    }
}
