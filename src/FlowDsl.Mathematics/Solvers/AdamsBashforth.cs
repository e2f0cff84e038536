namespace FlowDsl.Mathematics.Solvers;

/// <summary>Adams-Bashforth methods in any chart: the polynomial through the slopes of this step and earlier ones, integrated over the step.</summary>
internal static class AdamsBashforth
{
    /// <summary>The results of step i with 0, 1, … earlier slopes available.</summary>
    /// <param name="frame">The chart.</param>
    /// <param name="points">The process at the times of the grid.</param>
    /// <param name="i">The step.</param>
    /// <param name="historyLength">The greatest number of earlier slopes.</param>
    public static Combination[] Results(ChartFrame frame, ProcessPoint[] points, int i, int historyLength)
    {
        double h = frame.Step(points[i], points[i + 1]), scale = frame.Scale(points[i + 1]), ratio = scale / frame.Scale(points[i]);
        // At the data end of data prediction the clock is infinite, and scale times clock is a.
        if (double.IsInfinity(h)) return [new Combination(ratio, [points[i + 1].A])];
        var results = new List<Combination>();
        List<double> nodes = [0];
        for (int known = 0; known <= Math.Min(i, historyLength); known++)
        {
            if (known > 0)
            {
                double node = -frame.Step(points[i - known], points[i]) / h;
                if (!StepQuadrature.IsUsable(node, nodes[nodes.Count - 1])) break;
                nodes.Add(node);
            }
            double[] weights = StepQuadrature.Weights([.. nodes], StepQuadrature.Plain(nodes.Count));
            results.Add(new Combination(ratio, [.. weights.Select(weight => scale * h * weight)]));
        }
        return [.. results];
    }
}
