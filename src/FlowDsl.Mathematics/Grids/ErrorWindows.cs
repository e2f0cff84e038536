using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// The windows in which a solver's error is measured between the nodes of trajectories, and the grid of equal shares of ψ^(1/(p+1)) that follows from them.
/// </summary>
/// <remarks>Windows overlap by halves; each half takes the mean of the windows that cover it.</remarks>
internal sealed class ErrorWindows
{
    /// <summary>How many intervals of trajectories are divided into windows: one more at each end that is out of the data's scale.</summary>
    public const int Intervals = 48;

    /// <summary>How many of them a one-step solver's window has. A twelfth of the way did better than shorter or longer ones for 4 to 16 steps.</summary>
    public const int Length = 4;

    private readonly int _order, _intervals, _half, _first;

    /// <summary>Divides trajectories into a solver's windows.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="intervals">The number of intervals between nodes, at least 1.</param>
    public ErrorWindows(Solver solver, int intervals)
    {
        SolverMethod method = SolverMethod.Of(solver);
        // A multistep solver's window reaches back over as long earlier ones, and its error is a power of the length only in longer ones.
        int length = method.IsMultistep ? 2 * method.Order : Length;
        (_order, _intervals, _half) = (method.Order, intervals, length / 2);
        Halves = Math.Max(1, intervals / _half);
        // The first windows have too few earlier ones: they get the share of the first with enough.
        _first = Math.Min(2 * method.HistoryLength, Math.Max(0, Halves - 2));
        Measured = [.. Enumerable.Range(_first, Math.Max(0, Halves - 1 - _first)).Select(half => (Node(half), Node(half + 2)))];
    }

    /// <summary>The number of halves of windows.</summary>
    public int Halves { get; }

    /// <summary>The nodes between which the solver's error is measured, window by window.</summary>
    public ImmutableArray<(int From, int To)> Measured { get; }

    /// <summary>The grid from ψ in each measured window; null if the shares are not finite, or all 0.</summary>
    /// <param name="places">Where the nodes are.</param>
    /// <param name="nodes">Their times.</param>
    /// <param name="squares">ψ² in each of <see cref="Measured"/>.</param>
    /// <param name="noise">The square of what rounding adds to ψ: noise must not decide.</param>
    /// <param name="steps">N.</param>
    public double[]? Times(GridPlaces places, IReadOnlyList<double> nodes, IReadOnlyList<double> squares, double noise, int steps)
    {
        double[] ends = new double[Halves + 1], cumulative = new double[Halves + 1], shares = new double[Halves];
        double power = 0.5 / (_order + 1);
        for (int half = 0; half <= Halves; half++) ends[half] = nodes[Node(half)];
        for (int half = _first; half < Halves; half++)
        {
            if (half - _first < squares.Count) shares[half] = 0.5 * PortableMath.Pow(squares[half - _first] + noise, power);
            else shares[half] = Halves == 1 ? 1 : shares[half - 1];
        }
        for (int half = 0; half < _first; half++) shares[half] = shares[_first];
        for (int half = 0; half < Halves; half++)
            cumulative[half + 1] = cumulative[half] + (half == 0 ? shares[0] : 0.5 * (shares[half - 1] + shares[half]));
        double total = cumulative[Halves];
        return total > 0 && !double.IsInfinity(total) ? places.Times(GridRule.EqualShares(cumulative, places.Of(ends), steps)) : null;
    }

    private int Node(int half) => half == Halves ? _intervals : half * _half;
}
