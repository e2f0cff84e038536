using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// DPM-Solver++(2S) and (3S), exponential Runge-Kutta methods in the canonical chart of any variance (Lu et al., arXiv:2211.01095 and 2206.00927).
/// </summary>
/// <remarks>
/// With h the step of the clock's logarithm, stages at equal parts of it, e_r = 1 - exp(-rh) and m the slopes:
/// <code>
/// x_r = (ω_r/ω) x + a_r e_r m_0
/// 2S:  x' = (ω'/ω) x + a' e m_½
/// 3S:  x_⅔ = (ω_⅔/ω) x + a_⅔ (e_⅔ m_0 + 2 (1 - e_⅔/(⅔h)) (m_⅓ - m_0))
///      x' = (ω'/ω) x + a' (e m_0 + 3/2 (1 - e/h) (m_⅔ - m_0))
/// </code>
/// For short steps they are the explicit midpoint and Heun's third-order method in the clock; so are steps from or to a node without signal here. A step
/// to a node without noise in data prediction takes its limit, x' = a'm_0.
/// </remarks>
internal static class ExponentialRungeKutta
{
    /// <summary>A step.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="method">The tableau of the limit of short steps.</param>
    /// <param name="from">The process at its start.</param>
    /// <param name="to">The process at its end.</param>
    public static FlowStep Step(Process process, ChartFrame frame, SolverMethod method, ProcessPoint from, ProcessPoint to)
    {
        double clock = frame.Clock(from), length = frame.Step(from, to), scale = frame.Scale(from);
        if (double.IsInfinity(length))
            return new FlowStep(from.Time, to.Time, [new FlowStage(frame.Slope(from), new Combination(1, []))], [new Combination(0, [to.A])]);
        double h = PortableMath.Log1p(length / clock);
        if (!(Math.Abs(h) <= StepQuadrature.Longest)) return FlowProgram.RungeKutta(process, frame, method, from, to);

        var stages = new FlowStage[method.Nodes.Length];
        stages[0] = new FlowStage(frame.Slope(from), new Combination(1, []));
        for (int i = 1; i < stages.Length; i++)
        {
            double part = method.Nodes[i] * h, share = h == 0 ? method.Nodes[i] : PortableMath.Expm1(part) / PortableMath.Expm1(h);
            ProcessPoint point = process.At(frame.TimeBetween(process, from, to, share));
            double[] moments = StepQuadrature.Exponential(part, 2);
            // The second stage's polynomial goes through the first stage, halfway to it.
            double[] weights = i == 1 ? [moments[0]] : [moments[0] - 2 * moments[1], 2 * moments[1]];
            stages[i] = new FlowStage(frame.Slope(point), Combine(point, weights));
        }
        double[] ends = StepQuadrature.Exponential(h, 2);
        double[] result = stages.Length == 2 ? [0, ends[0]] : [ends[0] - 1.5 * ends[1], 0, 1.5 * ends[1]];
        return new FlowStep(from.Time, to.Time, [.. stages], [Combine(to, result)]);

        Combination Combine(in ProcessPoint point, double[] weights)
        {
            double a = point.A;
            return new Combination(frame.Scale(point) / scale, [.. weights.Select(weight => a * weight)]);
        }
    }
}
