namespace FlowDsl.Mathematics.Solvers;

/// <summary>The grid of half steps that step doubling compares a solver with.</summary>
internal static class Bisection
{
    /// <summary>Times with one more in the middle of each segment: in the chart's clock, or in its logarithm for an exponential solver.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">N + 1 times.</param>
    /// <returns>2N + 1 times; every other one is a given time, unchanged.</returns>
    public static double[] Times(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        bool isLogarithmic = SolverMethod.Of(solver).IsExponential;
        double[] result = new double[2 * times.Count - 1];
        for (int i = 0; i < times.Count; i++)
        {
            result[2 * i] = times[i];
            if (i == 0) continue;
            double from = frame.Clock(process.At(times[i - 1])), to = frame.Clock(process.At(times[i]));
            double middle = frame.TimeAt(process, Middle(from, to, isLogarithmic));
            // If a clock is so slow that rounding puts its middle outside, any time between will do.
            bool isInside = middle < Math.Max(times[i - 1], times[i]) && middle > Math.Min(times[i - 1], times[i]);
            result[2 * i - 1] = isInside ? middle : 0.5 * (times[i - 1] + times[i]);
        }
        return result;
    }

    private static double Middle(double from, double to, bool isLogarithmic)
    {
        // At the data end of data prediction the clock is infinite: twice the clock leaves half of the noise.
        if (double.IsInfinity(to)) return 2 * from;
        // At the noise end of an interpolant its logarithm is infinite.
        return isLogarithmic && from > 0 ? Math.Sqrt(from * to) : 0.5 * (from + to);
    }
}
