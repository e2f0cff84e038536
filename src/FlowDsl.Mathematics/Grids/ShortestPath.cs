using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// N steps over candidate times with the minimum sum of measured squared errors, by dynamic programming. Squares, not their roots: a bound by the
/// triangle inequality would give the few trajectories near a separatrix too much weight.
/// </summary>
internal static class ShortestPath
{
    // With more steps than this the balanced grid is dense enough. Candidates are few because each pair is a measured step.
    private const int MaxSteps = 16;

    /// <summary>Velocity evaluations per trajectory for all pairs.</summary>
    public static double Evaluations(GridRequest request)
    {
        SolverMethod method = SolverMethod.Of(request.Solver);
        if (method.IsMultistep || request.Steps is < 2 or > MaxSteps) return 0;
        return 24 * 23 / 2 * method.Nodes.Length;
    }

    /// <summary>The times; null if there are too few or too many steps, or no finite sum.</summary>
    public static double[]? Find(GridRequest request, ErrorProfile errors)
    {
        PilotPath path = errors.Path;
        int steps = request.Steps, last = path.Times.Length - 1;
        if (steps is < 2 or > MaxSteps) return null;
        // Every second node, and both ends.
        int[] nodes = [.. Enumerable.Range(0, (last + 1) / 2).Select(i => 2 * i), last];
        int count = nodes.Length;
        if (count <= steps) return null;
        double[,] least = new double[steps + 1, count];
        int[,] before = new int[steps + 1, count];
        for (int n = 0; n <= steps; n++)
            for (int j = 0; j < count; j++) least[n, j] = double.PositiveInfinity;
        least[0, 0] = 0;
        double[,] costs = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = i + 1; j < count; j++) costs[i, j] = errors.Error2(request.Frame, request.Solver, nodes[i], nodes[j]);
        for (int n = 1; n <= steps; n++)
        {
            for (int j = n; j < count; j++)
            {
                for (int i = n - 1; i < j; i++)
                {
                    double sum = least[n - 1, i] + costs[i, j];
                    if (!(sum < least[n, j])) continue;
                    (least[n, j], before[n, j]) = (sum, i);
                }
            }
        }
        if (double.IsInfinity(least[steps, count - 1])) return null;
        double[] times = new double[steps + 1];
        for (int n = steps, j = count - 1; n >= 0; j = before[n, j], n--) times[n] = path.Times[nodes[j]];
        return times;
    }
}
