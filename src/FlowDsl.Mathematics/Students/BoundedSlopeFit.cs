using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Students;

/// <summary>The best fit of values on a line by a function of bounded slope.</summary>
internal static class BoundedSlopeFit
{
    /// <summary>min Σ w (f(x) - y)² over all f with f(x_j) - f(x_i) ≤ M (x_j - x_i) for i &lt; j.</summary>
    /// <remarks>
    /// f = Mx - h with h nondecreasing: isotonic regression of Mx - y, by pooling adjacent violators. The lower bound -M on the slope is left out.
    /// This can only lower the minimum, and does not if y increases.
    /// </remarks>
    /// <param name="x">The positions, nondecreasing.</param>
    /// <param name="y">The values there.</param>
    /// <param name="weights">The weight of each, positive.</param>
    /// <param name="slope">M.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public static double Residual(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights, double slope)
    {
        double[] masses = new double[x.Length], levels = new double[x.Length];
        int blocks = 0;
        double residual = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double mass = weights[i], level = slope * x[i] - y[i];
            while (blocks > 0 && levels[blocks - 1] > level)
            {
                double other = masses[--blocks], difference = levels[blocks] - level, share = other / (mass + other);
                residual += mass * share * difference * difference;
                level += share * difference;
                mass += other;
            }
            (masses[blocks], levels[blocks]) = (mass, level);
            blocks++;
        }
        return residual;
    }
}
