using System.ComponentModel;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>The program whose end point estimates the error of a sampler, by its distance from the sampler's.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CompanionProgram
{
    /// <summary>
    /// For a Runge-Kutta method, local extrapolation: a step is S_(h/2)S_(h/2) + (S_(h/2)S_(h/2) - S_h)/(2^p - 1), itself an explicit Runge-Kutta
    /// method with 3s - 1 stages, fewer where a step has fewer, one order more accurate. For a multistep method, one of higher order on quarter steps.
    /// </summary>
    /// <remarks>
    /// <para>Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, section II.4, on step doubling.</para>
    /// <para>
    /// Half steps, and extrapolation, are not enough for multistep methods: on the grids that suit them errors cancel that do not cancel on other grids, and
    /// the error of half steps may then be the greater one.
    /// </para>
    /// </remarks>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">Its N + 1 times.</param>
    public static FlowProgram Create(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        double[] middles = Bisection.Times(process, frame, solver, times);
        var method = SolverMethod.Of(solver);
        if (method.IsMultistep)
        {
            Solver finer = method.NativeChart == NativeChart.Any ? Solver.AdamsBashforth3 : Solver.UniPC2;
            return FlowProgram.Create(process, frame, finer, Bisection.Times(process, frame, solver, middles));
        }

        var halves = FlowProgram.Create(process, frame, solver, middles);
        var whole = FlowProgram.Create(process, frame, solver, times);
        double excess = 1.0 / ((1 << method.Order) - 1);
        return FlowProgram.OfOneStepMethod([.. whole.Steps.Select((step, i) => Extrapolated(step, halves.Steps[2 * i], halves.Steps[2 * i + 1], excess))]);
    }

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
