namespace FlowDsl.Mathematics.Solvers;

/// <summary>The steps of a method with weights of its own for every step: x' = r x + c Σ w_j F_j over the slopes of all steps so far.</summary>
/// <remarks>
/// r and c are those of Euler's method in a canonical chart, and the weights of a step sum to 1: the weight of its own slope follows from the others. So a
/// field that is constant in the chart is integrated exactly whatever the weights are. A call that starts in the middle has fewer slopes, and takes those
/// steps by DPM-Solver++(2M), which is of the same form.
/// </remarks>
internal static class DiscoveredSteps
{
    /// <summary>The number of weights of N steps: step n has n, one for each earlier slope. Those of step N would begin there.</summary>
    /// <param name="steps">N.</param>
    public static int Count(int steps) => steps * (steps - 1) / 2;

    /// <summary>r and c.</summary>
    /// <param name="frame">The chart.</param>
    /// <param name="from">The process at the start of the step.</param>
    /// <param name="to">The process at its end.</param>
    public static (double State, double Slope) Factors(ChartFrame frame, in ProcessPoint from, in ProcessPoint to)
    {
        Combination euler = ExponentialMultistep.Results(frame, [from, to], 0, 0)[0];
        return (euler.State, euler.Slopes[0]);
    }

    /// <summary>All weights of a step, newest first.</summary>
    /// <param name="weights">The weights of earlier slopes, step by step, newest first.</param>
    /// <param name="step">The step.</param>
    public static double[] Weights(ReadOnlySpan<double> weights, int step)
    {
        double[] all = new double[step + 1];
        all[0] = 1;
        for (int age = 1; age <= step; age++)
        {
            all[age] = weights[Count(step) + age - 1];
            all[0] -= all[age];
        }
        return all;
    }

    /// <summary>The results of a step with 0, 1, … earlier slopes available.</summary>
    /// <param name="frame">The chart.</param>
    /// <param name="points">The process at the times.</param>
    /// <param name="step">The step.</param>
    /// <param name="weights">The weights of earlier slopes, step by step, newest first.</param>
    public static Combination[] Results(ChartFrame frame, ProcessPoint[] points, int step, ReadOnlySpan<double> weights)
    {
        Combination[] others = ExponentialMultistep.Results(frame, points, step, 1);
        (double state, double slope) = (others[0].State, others[0].Slopes[0]);
        return
        [
            .. Enumerable.Range(0, step).Select(known => others[Math.Min(known, others.Length - 1)]),
            new Combination(state, [.. Weights(weights, step).Select(weight => slope * weight)]),
        ];
    }
}
