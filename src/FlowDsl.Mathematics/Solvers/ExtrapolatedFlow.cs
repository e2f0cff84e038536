using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// The flow map to a tolerance: Gragg's modified midpoint rule extrapolated to step 0 (Hairer, Nørsett and Wanner, section
/// II.9), with step sizes for which five to six columns are enough.
/// </summary>
/// <remarks>
/// <para>
/// Its derivative along a direction obeys the variational equation dw/dθ = ω∇F(ωz) w, which is integrated together with the point, with the same steps.
/// </para>
/// <para>
/// θ = a/√(a²v + s²) of a canonical chart hardly changes where the noise is less than √v: it has few digits of s there, and none that count for a
/// component much narrower than √v. The clock is then η = s/√(a²v + s²) instead, with θ²v + η² = 1 and dθ/dη = -η/(√v √(1 - η²)).
/// </para>
/// </remarks>
internal sealed class ExtrapolatedFlow
{
    private const int Columns = 8;

    // A derivative needs fewer digits than a point: it must not shorten steps.
    private const double TangentTolerance = 1e-9;

    // How many times narrower than v a component may be for θ: it loses three digits of the component's variance then.
    private const double MaxNarrowness = 1024;

    // The rounding of a change, relative to the coordinate.
    private const double RoundingShare = 1e-13;

    private readonly TableComponents _components;
    private readonly Process _process;
    private readonly ChartFrame _frame;
    private readonly double _tolerance, _minVariance;
    private readonly double[] _x, _slope, _even, _odd, _state, _leastVariances, _narrowness;
    private readonly double[][] _rows;

    // d, or 2d if a direction follows the point.
    private int _size;

    // Whether the clock is η.
    private bool _isNearData;

    /// <summary>Makes a solver; not thread-safe.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart to integrate in.</param>
    /// <param name="tolerance">
    /// The accepted local error relative to the size of z, and proportionally smaller in coordinates in which components are narrower.
    /// </param>
    public ExtrapolatedFlow(Mixture mixture, Process process, ChartFrame frame, double tolerance)
    {
        (_components, _process, _frame, _tolerance, _minVariance) = (new TableComponents(mixture), process, frame, tolerance, mixture.MinVariance);
        int d = mixture.Dimension;
        (_x, _slope, _even, _odd, _state) = (new double[d], new double[2 * d], new double[2 * d], new double[2 * d], new double[2 * d]);
        _leastVariances = _components.MinVariances();
        _narrowness = _leastVariances.All(variance => variance == _leastVariances[0]) ? [] : new double[d];
        _rows = new double[Columns][];
        for (int k = 0; k < Columns; k++) _rows[k] = new double[2 * d];
    }

    /// <summary>Maps a point from one time to another, in either direction.</summary>
    /// <param name="from">The time of <paramref name="x"/>.</param>
    /// <param name="to">The time of <paramref name="y"/>.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="y">Receives d values, NaN if the point is not finite; may be the same memory.</param>
    public void Map(double from, double to, ReadOnlySpan<double> x, Span<double> y)
    {
        int d = _size = _components.Dimension;
        ProcessPoint start = _process.At(from), end = _process.At(to);
        double scale = _frame.Scale(start), endScale = _frame.Scale(end);
        for (int j = 0; j < d; j++) _state[j] = x[j] / scale;
        Integrate(start, end);
        for (int j = 0; j < d; j++) y[j] = _state[j] * endScale;
    }

    /// <summary>Maps a point from one time to another, and a direction by the derivative of the map there, DΦ(x)ξ.</summary>
    /// <param name="from">The time of <paramref name="x"/>.</param>
    /// <param name="to">The time of <paramref name="y"/>.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="direction">ξ, d values.</param>
    /// <param name="y">Receives d values, NaN if the point is not finite; may be the same memory as <paramref name="x"/>.</param>
    /// <param name="product">Receives d values, exact to about nine digits; may be the same memory as <paramref name="direction"/>.</param>
    public void Map(double from, double to, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> y, Span<double> product)
    {
        int d = _components.Dimension;
        double length = 0;
        for (int j = 0; j < d; j++) length = Math.Max(length, Math.Abs(direction[j]));
        if (length == 0)
        {
            Map(from, to, x, y);
            product.Slice(0, d).Clear();
            return;
        }
        ProcessPoint start = _process.At(from), end = _process.At(to);
        double scale = _frame.Scale(start), endScale = _frame.Scale(end);
        // The equation is linear, so the direction can be scaled to length 1 in the chart.
        for (int j = 0; j < d; j++) (_state[j], _state[d + j]) = (x[j] / scale, direction[j] / length);
        _size = 2 * d;
        Integrate(start, end);
        for (int j = 0; j < d; j++) (y[j], product[j]) = (_state[j] * endScale, _state[d + j] * length * (endScale / scale));
    }

    /// <summary>Takes the state from one time to another; makes it NaN if it is not finite.</summary>
    private void Integrate(in ProcessPoint from, in ProcessPoint to)
    {
        bool resolves = Resolves(from) && Resolves(to), startsNear = !resolves && IsNearData(from), endsNear = !resolves && IsNearData(to);
        _isNearData = startsNear;
        if (startsNear == endsNear)
        {
            Integrate(Clock(from), Clock(to));
            return;
        }
        double half = Math.Sqrt(0.5), theta = half / Math.Sqrt(_frame.Variance);
        Integrate(Clock(from), startsNear ? half : theta);
        _isNearData = endsNear;
        Integrate(endsNear ? half : theta, Clock(to));
    }

    /// <summary>Whether θ has enough digits at a time.</summary>
    private bool Resolves(in ProcessPoint point) => !_frame.IsCanonical || point.Spread(_minVariance) * MaxNarrowness >= point.A * point.A * _frame.Variance;

    private bool IsNearData(in ProcessPoint point) => point.S2 < point.A * point.A * _frame.Variance;

    private double Clock(in ProcessPoint point) => _isNearData ? point.S / _frame.Scale(point) : _frame.Clock(point);

    private ProcessPoint At(double clock) => _process.At(
        _isNearData ? _process.TimeAt(Math.Sqrt(_frame.Variance) * clock / Cosine(clock)) : _frame.TimeAt(_process, clock));

    private static double Cosine(double sine) => Math.Sqrt((1 - sine) * (1 + sine));

    /// <summary>Takes the state from one clock value to another; makes it NaN if it is not finite.</summary>
    private void Integrate(double clock, double last)
    {
        double step = (last - clock) / 8, least = Math.Abs(last - clock) * 1e-9;
        while (clock != last)
        {
            bool final = Math.Abs(last - clock) <= Math.Abs(step) * 1.0000001;
            double next = final ? last : clock + step;
            int columns = Step(clock, next);
            // Shortening a step of a billionth of the way is useless: the rest is rounding.
            if (columns == 0 && Math.Abs(next - clock) > least)
            {
                step = (next - clock) / 3;
                continue;
            }
            if (columns == 0 && Array.FindIndex(_rows[0], 0, _size, double.IsNaN) >= 0)
            {
                _state.AsSpan().Fill(double.NaN);
                return;
            }
            Array.Copy(_rows[0], _state, _size);
            clock = next;
            if (columns is > 0 and <= 4) step *= 2;
            else if (columns >= 7) step *= 0.7;
        }
    }

    /// <summary>Extrapolates one step into row 0; returns the number of columns used, 0 if they did not converge.</summary>
    private int Step(double from, double to)
    {
        int d = _components.Dimension;
        FindNarrowness(to);
        for (int k = 0; k < Columns; k++)
        {
            int substeps = 2 * (k + 1);
            Midpoint(from, to, substeps, _rows[k]);
            // Aitken-Neville in h², in place: row j becomes the extrapolation through rows j..k.
            double change = 0, size = 0, tangentChange = 0, tangentSize = 0;
            for (int j = k - 1; j >= 0; j--)
            {
                double ratio = (double)substeps / (2 * (j + 1)), denominator = ratio * ratio - 1;
                (change, size) = Refine(_rows[j], _rows[j + 1], 0, d, denominator, _narrowness);
                (tangentChange, tangentSize) = Refine(_rows[j], _rows[j + 1], d, _size, denominator, []);
            }
            if (double.IsNaN(change) || double.IsNaN(tangentChange)) return 0;
            if (k >= 2 && change <= _tolerance * Math.Max(size, 1e-3) && tangentChange <= TangentTolerance * Math.Max(tangentSize, 1e-3)) return k + 1;
        }
        return 0;
    }

    /// <summary>
    /// For each coordinate, how many times narrower the components are than in the widest one, at a given time. Empty if all are equally wide.
    /// </summary>
    private void FindNarrowness(double clock)
    {
        if (_narrowness.Length == 0) return;
        ProcessPoint point = At(clock);
        double greatest = point.Spread(_leastVariances.Max());
        for (int c = 0; c < _narrowness.Length; c++) _narrowness[c] = Math.Sqrt(greatest / point.Spread(_leastVariances[c]));
    }

    /// <summary>
    /// Improves the values of a row from <paramref name="first"/> on by the next row's. Returns the largest change, each multiplied by how many times
    /// its coordinate is narrower than the widest, and the largest size.
    /// </summary>
    private static (double Change, double Size) Refine(double[] row, double[] next, int first, int end, double denominator, double[] narrowness)
    {
        double change = 0, size = 0;
        for (int c = first; c < end; c++)
        {
            double better = next[c] + (next[c] - row[c]) / denominator;
            double own = Math.Abs(better - next[c]);
            // No step size reduces the rounding of the coordinate itself.
            if (narrowness.Length > 0 && own > RoundingShare * Math.Abs(better)) own *= narrowness[c];
            change = Math.Max(change, own);
            size = Math.Max(size, Math.Abs(better));
            row[c] = better;
        }
        return (change, size);
    }

    private void Midpoint(double from, double to, int substeps, double[] result)
    {
        int n = _size;
        double h = (to - from) / substeps;
        double[] current = _odd, previous = _even;
        Slope(from, _state);
        for (int c = 0; c < n; c++) (previous[c], current[c]) = (_state[c], _state[c] + h * _slope[c]);
        for (int m = 1; m < substeps; m++)
        {
            Slope(from + m * h, current);
            for (int c = 0; c < n; c++) previous[c] += 2 * h * _slope[c];
            (current, previous) = (previous, current);
        }
        Slope(to, current);
        for (int c = 0; c < n; c++) result[c] = 0.5 * (current[c] + previous[c] + h * _slope[c]);
    }

    private void Slope(double clock, double[] state)
    {
        int d = _components.Dimension;
        ProcessPoint point = At(clock);
        double scale = _frame.Scale(point), rate = _isNearData ? -clock / (Math.Sqrt(_frame.Variance) * Cosine(clock)) : 1;
        for (int c = 0; c < d; c++) _x[c] = scale * state[c];
        if (_size == d) PointMath.Field(_components, _frame.Slope(point), _x, _slope);
        else PointMath.Field(_components, _frame.Slope(point), _x, state.AsSpan(d, d), _slope, _slope.AsSpan(d, d));
        for (int c = 0; c < d; c++) _slope[c] *= rate;
        for (int c = d; c < _size; c++) _slope[c] *= rate * scale;
    }
}
