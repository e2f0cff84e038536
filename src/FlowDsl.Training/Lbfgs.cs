namespace FlowDsl.Training;

/// <summary>
/// Limited-memory BFGS (Nocedal, Math. Comp. 35, 1980): the two-loop recursion over the last steps, with step lengths that are halved until the
/// function falls enough. Pairs without positive curvature are skipped.
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 12, MaxHalvings = 20;
    private const double SufficientDecrease = 1e-4, MinCurvature = 1e-10;

    /// <summary>A function and its gradient at a point.</summary>
    internal delegate double Objective(float[] at, Span<float> gradient);

    /// <summary>Projects a point back into the valid region.</summary>
    internal delegate void Projection(Span<float> point);

    /// <summary>Minimises.</summary>
    /// <param name="point">The start; receives the last point, which has the smallest value.</param>
    /// <param name="objective">The function.</param>
    /// <param name="project">The region.</param>
    /// <param name="iterations">The maximum number of iterations; it ends earlier if the function no longer falls.</param>
    /// <param name="progress">Receives the number of iterations done.</param>
    /// <param name="cancellationToken">Stops between iterations.</param>
    public static void Minimize(
        float[] point, Objective objective, Projection project, int iterations, Action<int> progress, CancellationToken cancellationToken)
    {
        int n = point.Length;
        float[] gradient = new float[n], trial = new float[n], trialGradient = new float[n];
        double[] direction = new double[n];
        var pairs = new List<(double[] Step, double[] Change, double Curvature)>();
        double value = objective(point, gradient);
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Direction(gradient, pairs, direction);
            if (!(Dot(gradient, direction) < 0))
            {
                // The history no longer fits: use the gradient itself.
                pairs.Clear();
                Direction(gradient, pairs, direction);
            }
            double length = pairs.Count > 0 ? 1 : 1 / Math.Max(1e-30, Math.Sqrt(direction.Sum(part => part * part)));
            double next = double.NaN;
            int halvings = 0;
            for (; halvings <= MaxHalvings; halvings++, length /= 2)
            {
                for (int i = 0; i < n; i++) trial[i] = (float)(point[i] + length * direction[i]);
                project(trial);
                next = objective(trial, trialGradient);
                double slope = 0;
                for (int i = 0; i < n; i++) slope += gradient[i] * ((double)trial[i] - point[i]);
                if (next <= value + SufficientDecrease * slope && next < value) break;
            }
            if (halvings > MaxHalvings) return;
            Remember(pairs, point, trial, gradient, trialGradient);
            trial.CopyTo(point, 0);
            trialGradient.CopyTo(gradient, 0);
            value = next;
            progress(iteration + 1);
        }
    }

    private static void Remember(
        List<(double[] Step, double[] Change, double Curvature)> pairs, float[] point, float[] next, float[] gradient, float[] nextGradient)
    {
        double[] step = new double[point.Length], change = new double[point.Length];
        double curvature = 0, length = 0;
        for (int i = 0; i < point.Length; i++)
        {
            (step[i], change[i]) = ((double)next[i] - point[i], (double)nextGradient[i] - gradient[i]);
            curvature += step[i] * change[i];
            length += change[i] * change[i];
        }
        if (!(curvature > MinCurvature * length)) return;
        if (pairs.Count == Memory) pairs.RemoveAt(0);
        pairs.Add((step, change, curvature));
    }

    // direction ← -H gradient
    private static void Direction(float[] gradient, List<(double[] Step, double[] Change, double Curvature)> pairs, double[] direction)
    {
        for (int i = 0; i < direction.Length; i++) direction[i] = -gradient[i];
        double[] factors = new double[pairs.Count];
        for (int pair = pairs.Count - 1; pair >= 0; pair--)
        {
            factors[pair] = Dot(pairs[pair].Step, direction) / pairs[pair].Curvature;
            Add(-factors[pair], pairs[pair].Change, direction);
        }
        if (pairs.Count > 0)
        {
            (_, double[] change, double curvature) = pairs[^1];
            double scale = curvature / Dot(change, change);
            for (int i = 0; i < direction.Length; i++) direction[i] *= scale;
        }
        for (int pair = 0; pair < pairs.Count; pair++)
            Add(factors[pair] - Dot(pairs[pair].Change, direction) / pairs[pair].Curvature, pairs[pair].Step, direction);
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    private static void Add(double factor, ReadOnlySpan<double> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] += factor * from[i];
    }
}
