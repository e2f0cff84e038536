namespace FlowDsl.Analysis;

/// <summary>
/// The flow map to a tolerance: Gragg's modified midpoint rule extrapolated to step 0 (Hairer, Nørsett and Wanner, section
/// II.9), with steps adapted so that five to six columns are enough.
/// </summary>
public sealed class ExtrapolatedFlow
{
    private const int Columns = 8;
    private readonly TableComponents _components;
    private readonly Process _process;
    private readonly ChartFrame _frame;
    private readonly double _tolerance;
    private readonly double[] _x, _slope, _even, _odd, _state;
    private readonly double[][] _rows;

    /// <summary>Makes a solver; not safe for use by two threads at a time.</summary>
    /// <param name="components">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart to integrate in.</param>
    /// <param name="tolerance">The accepted local error relative to the size of z.</param>
    public ExtrapolatedFlow(TableComponents components, Process process, ChartFrame frame, double tolerance)
    {
        (_components, _process, _frame, _tolerance) = (components, process, frame, tolerance);
        int d = components.Dimension;
        (_x, _slope, _even, _odd, _state) = (new double[d], new double[d], new double[d], new double[d], new double[d]);
        _rows = new double[Columns][];
        for (int k = 0; k < Columns; k++) _rows[k] = new double[d];
    }

    /// <summary>Maps a point from one time to another, in either direction.</summary>
    /// <param name="from">The time of <paramref name="x"/>.</param>
    /// <param name="to">The time of <paramref name="y"/>.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="y">Receives d values, NaN where the point is not finite; may be the same memory.</param>
    public void Map(double from, double to, ReadOnlySpan<double> x, Span<double> y)
    {
        int d = _components.Dimension;
        ProcessPoint start = _process.At(from), end = _process.At(to);
        double clock = _frame.Clock(start), last = _frame.Clock(end), scale = _frame.Scale(start);
        for (int j = 0; j < d; j++) _state[j] = x[j] / scale;

        double step = (last - clock) / 8, least = Math.Abs(last - clock) * 1e-9;
        while (clock != last)
        {
            bool final = Math.Abs(last - clock) <= Math.Abs(step) * 1.0000001;
            double next = final ? last : clock + step;
            int columns = Step(clock, next);
            // A step of a billionth of the way cannot be shortened usefully: what is left is rounding.
            if (columns == 0 && Math.Abs(next - clock) > least)
            {
                step = (next - clock) / 3;
                continue;
            }
            if (columns == 0 && _rows[0].Any(double.IsNaN))
            {
                y.Slice(0, d).Fill(double.NaN);
                return;
            }
            Array.Copy(_rows[0], _state, d);
            clock = next;
            if (columns is > 0 and <= 4) step *= 2;
            else if (columns >= 7) step *= 0.7;
        }
        double endScale = _frame.Scale(end);
        for (int j = 0; j < d; j++) y[j] = _state[j] * endScale;
    }

    /// <summary>Extrapolates one step into row 0; returns the number of columns it took, 0 where they did not converge.</summary>
    private int Step(double from, double to)
    {
        int d = _components.Dimension;
        for (int k = 0; k < Columns; k++)
        {
            int substeps = 2 * (k + 1);
            Midpoint(from, to, substeps, _rows[k]);
            // Aitken-Neville in h², in place: row j becomes the extrapolation through rows j..k.
            double change = 0, size = 0;
            for (int j = k - 1; j >= 0; j--)
            {
                double ratio = (double)substeps / (2 * (j + 1)), denominator = ratio * ratio - 1;
                change = size = 0;
                for (int c = 0; c < d; c++)
                {
                    double better = _rows[j + 1][c] + (_rows[j + 1][c] - _rows[j][c]) / denominator;
                    change = Math.Max(change, Math.Abs(better - _rows[j + 1][c]));
                    size = Math.Max(size, Math.Abs(better));
                    _rows[j][c] = better;
                }
            }
            if (k >= 2 && change <= _tolerance * Math.Max(size, 1e-3)) return k + 1;
            if (double.IsNaN(change)) return 0;
        }
        return 0;
    }

    private void Midpoint(double from, double to, int substeps, double[] result)
    {
        int d = _components.Dimension;
        double h = (to - from) / substeps;
        double[] current = _odd, previous = _even;
        Slope(from, _state);
        for (int c = 0; c < d; c++) (previous[c], current[c]) = (_state[c], _state[c] + h * _slope[c]);
        for (int m = 1; m < substeps; m++)
        {
            Slope(from + m * h, current);
            for (int c = 0; c < d; c++) previous[c] += 2 * h * _slope[c];
            (current, previous) = (previous, current);
        }
        Slope(to, current);
        for (int c = 0; c < d; c++) result[c] = 0.5 * (current[c] + previous[c] + h * _slope[c]);
    }

    private void Slope(double clock, double[] state)
    {
        ProcessPoint point = _process.At(_frame.TimeAt(_process, clock));
        double scale = _frame.Scale(point);
        for (int c = 0; c < state.Length; c++) _x[c] = scale * state[c];
        PointMath.Field(_components, _frame.Slope(point), _x, _slope);
    }
}
