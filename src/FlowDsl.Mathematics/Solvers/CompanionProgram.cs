using System.ComponentModel;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>The program whose end point estimates the error of a sampler, by its distance from the sampler's.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CompanionProgram
{
    /// <summary>
    /// For a Runge-Kutta method, local extrapolation: a step is S_(h/2)S_(h/2) + (S_(h/2)S_(h/2) - S_h)/(2^p - 1), itself an explicit Runge-Kutta
    /// method with 3s - 1 stages, fewer where a step has fewer, one order more accurate. For a multistep method, the method on half steps.
    /// </summary>
    /// <remarks>Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, section II.4, on step doubling.</remarks>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">Its N + 1 times.</param>
    public static FlowProgram Create(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        var halves = FlowProgram.Create(process, frame, solver, Bisection.Times(process, frame, solver, times));
        var method = SolverMethod.Of(solver);
        if (method.IsMultistep) return halves;

        var whole = FlowProgram.Create(process, frame, solver, times);
        double excess = HalfStepShare(method.Order);
        return FlowProgram.OfOneStepMethod([.. whole.Steps.Select((step, i) => Extrapolated(step, halves.Steps[2 * i], halves.Steps[2 * i + 1], excess))]);
    }

    /// <summary>The factor of the distance between a sampler and its companion: 1, or 1/(1 - 2^-p) for a multistep solver.</summary>
    /// <param name="solver">The solver.</param>
    public static double ErrorFactor(Solver solver)
    {
        var method = SolverMethod.Of(solver);
        return method.IsMultistep ? 1 + HalfStepShare(method.Order) : 1;
    }

    /// <summary>1/(2^p - 1): the error of two half steps relative to their difference from the whole step.</summary>
    private static double HalfStepShare(int order) => 1.0 / ((1 << order) - 1);

    private static FlowStep Extrapolated(FlowStep whole, FlowStep first, FlowStep second, double excess)
    {
        int s = whole.Stages.Length, half = first.Stages.Length, count = s - 1 + half + second.Stages.Length;
        var stages = new FlowStage[count];
        // All three begin with a slope at the start of their step; the whole step's slope also serves the first half.
        for (int i = 0; i < s; i++) stages[i] = whole.Stages[i];
        for (int i = 1; i < half; i++) stages[s + i - 1] = new FlowStage(first.Stages[i].Field, InFirstHalf(first.Stages[i].Input, s + i - 1));
        Combination middle = InFirstHalf(first.Results[0], s - 1 + half);
        for (int i = 0; i < second.Stages.Length; i++)
            stages[s - 1 + half + i] = new FlowStage(second.Stages[i].Field, InSecondHalf(second.Stages[i].Input, s - 1 + half + i));

        Combination halves = InSecondHalf(second.Results[0], count);
        double[] slopes = new double[count];
        for (int l = 0; l < count; l++) slopes[l] = (1 + excess) * halves.Slopes[l] - (l < s ? excess * whole.Results[0].Slopes[l] : 0);
        return new FlowStep(whole.From, whole.To, [.. stages], [new Combination((1 + excess) * halves.State - excess * whole.Results[0].State, [.. slopes])]);

        Combination InFirstHalf(Combination own, int length)
        {
            double[] all = new double[length];
            for (int l = 0; l < own.Slopes.Length; l++) all[l == 0 ? 0 : s + l - 1] = own.Slopes[l];
            return new Combination(own.State, [.. all]);
        }

        Combination InSecondHalf(Combination own, int length)
        {
            double[] all = new double[length];
            for (int l = 0; l < middle.Slopes.Length; l++) all[l] = own.State * middle.Slopes[l];
            for (int l = 0; l < own.Slopes.Length; l++) all[s - 1 + half + l] += own.Slopes[l];
            return new Combination(own.State * middle.State, [.. all]);
        }
    }
}
