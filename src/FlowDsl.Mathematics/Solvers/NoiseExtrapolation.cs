using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>tAB-DEIS: exponential Adams-Bashforth methods on the noise prediction (Zhang and Chen, arXiv:2204.13902).</summary>
/// <remarks>
/// With r = s/a and ε(t) the predicted noise, x'/a' = x/a + ∫ε dr is exact. The method integrates the polynomial in t through this step's ε and earlier
/// ones; the integrals over r are taken by Gauss's rule.
/// <para>
/// Where next to nothing of the signal is left, x/a and r are huge and cancel. Such a step takes data prediction, at first order, and later steps do not
/// use its slope. Its chart is therefore that of <see cref="Solver.Ddim"/>, which is the method without earlier slopes.
/// </para>
/// </remarks>
internal static class NoiseExtrapolation
{
    // a/s below which the two cancel in single precision.
    private const double LeastSignal = 1e-4;
    private const int Panels = 6, Points = 16;

    private static readonly (double Node, double Weight)[] s_rule = Gauss(Points);

    /// <summary>Step i.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart of data prediction.</param>
    /// <param name="points">The process at the times of the grid.</param>
    /// <param name="i">The step.</param>
    /// <param name="historyLength">The greatest number of earlier slopes.</param>
    public static FlowStep Step(Process process, ChartFrame frame, ProcessPoint[] points, int i, int historyLength)
    {
        ProcessPoint from = points[i], to = points[i + 1];
        bool hasNoise = PredictsNoise(from);
        MixtureField field = hasNoise ? MixtureField.Noise(from) : frame.Slope(from);
        return new FlowStep(from.Time, to.Time, [new FlowStage(field, new Combination(1, []))], hasNoise ? Results() : [DataStep(frame, from, to)]);

        ImmutableArray<Combination> Results()
        {
            double ratio = to.A / from.A, length = to.Time - from.Time;
            // Up to pure noise a'r' = s'.
            if (!PredictsNoise(to)) return [new Combination(ratio, [to.S - ratio * from.S])];
            var results = ImmutableArray.CreateBuilder<Combination>();
            List<double> nodes = [0];
            double[] moments = Moments(process, from, to, historyLength + 1);
            for (int known = 0; known <= Math.Min(i, historyLength); known++)
            {
                if (known > 0)
                {
                    double node = (points[i - known].Time - from.Time) / length;
                    if (!PredictsNoise(points[i - known]) || !StepQuadrature.IsUsable(node, nodes[nodes.Count - 1])) break;
                    nodes.Add(node);
                }
                results.Add(new Combination(ratio, [.. StepQuadrature.Weights([.. nodes], moments).Select(weight => to.A * weight)]));
            }
            return results.ToImmutable();
        }
    }

    private static bool PredictsNoise(in ProcessPoint point) => point.A >= LeastSignal * point.S;

    /// <summary>A step of data prediction; to a node without noise, x' = a' D.</summary>
    private static Combination DataStep(ChartFrame frame, in ProcessPoint from, in ProcessPoint to)
    {
        double length = frame.Step(from, to), scale = frame.Scale(to);
        return new Combination(scale / frame.Scale(from), [double.IsInfinity(length) ? to.A : scale * length]);
    }

    /// <summary>∫θⁿ dr from one point to another, θ the part of the way in t.</summary>
    private static double[] Moments(Process process, in ProcessPoint from, in ProcessPoint to, int count)
    {
        double start = from.NoiseToSignal, end = to.NoiseToSignal, length = to.Time - from.Time;
        // The first is known; the sum over panels would lose digits of it.
        double[] moments = new double[count];
        moments[0] = end - start;
        // Towards the lower end t may change with the logarithm of r: panels of a quarter of the rest each.
        (double low, double high) = (Math.Min(start, end), Math.Max(start, end));
        double sign = end > start ? 1 : -1, upper = high;
        for (int panel = 1; panel <= Panels; panel++)
        {
            double lower = panel == Panels ? low : low + 0.25 * (upper - low), half = 0.5 * (upper - lower), middle = 0.5 * (upper + lower);
            foreach ((double node, double weight) in s_rule)
            {
                double share = (process.TimeAt(middle + half * node) - from.Time) / length, power = sign * half * weight;
                for (int n = 1; n < count; n++) moments[n] += power *= share;
            }
            upper = lower;
        }
        return moments;
    }

    /// <summary>Gauss-Legendre nodes and weights on [-1, 1].</summary>
    private static (double Node, double Weight)[] Gauss(int count)
    {
        var rule = new (double Node, double Weight)[count];
        for (int k = 0; k < count; k++)
        {
            double x = PortableMath.Cos(Math.PI * (k + 0.75) / (count + 0.5)), slope = 1;
            for (int round = 0; round < 10; round++)
            {
                (double value, double before) = (x, 1);
                for (int n = 2; n <= count; n++) (value, before) = (((2 * n - 1) * x * value - (n - 1) * before) / n, value);
                slope = count * (x * value - before) / (x * x - 1);
                x -= value / slope;
            }
            rule[k] = (x, 2 / ((1 - x * x) * slope * slope));
        }
        return rule;
    }
}
