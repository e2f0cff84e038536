using System.ComponentModel;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>The program whose end point estimates the error of a sampler, by its distance from the sampler's.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CompanionProgram
{
    /// <summary>
    /// For a Runge-Kutta method, the method itself on half steps. For Euler's, local extrapolation, which takes no more evaluations: a step is
    /// S_(h/2)S_(h/2) + (S_(h/2)S_(h/2) - S_h), itself a method of two stages and second order. For a multistep method, one of higher order on quarter steps.
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
        if (!IsExtrapolated(method)) return halves;
        var whole = FlowProgram.Create(process, frame, solver, times);
        return FlowProgram.OfOneStepMethod([.. whole.Steps.Select((step, i) => Extrapolated(step, halves.Steps[2 * i], halves.Steps[2 * i + 1]))]);
    }

    /// <summary>A sampler's estimated error as a multiple of its distance from the companion's end.</summary>
    /// <remarks>
    /// Half steps leave 2^-p of the error of a method of order p, and the distance lacks as much. The multiple of it is the distance from what extrapolates
    /// both ends, (2^p halves - whole)/(2^p - 1): an order more exact than either, and the sampler itself is the run on whole steps.
    /// </remarks>
    /// <param name="solver">The solver.</param>
    public static double Excess(Solver solver)
    {
        var method = SolverMethod.Of(solver);
        return method.IsMultistep || IsExtrapolated(method) ? 1 : 1 + 1.0 / ((1 << method.Order) - 1);
    }

    private static bool IsExtrapolated(SolverMethod method) => method.Weights.Length == 1;

    /// <summary>The extrapolation of steps with one slope each: the whole step's also serves the first half.</summary>
    private static FlowStep Extrapolated(FlowStep whole, FlowStep first, FlowStep second)
    {
        (Combination full, Combination middle, Combination end) = (whole.Results[0], first.Results[0], second.Results[0]);
        return new FlowStep(
            whole.From,
            whole.To,
            [whole.Stages[0], new FlowStage(second.Stages[0].Field, middle)],
            [
                new Combination(
                    2 * end.State * middle.State - full.State, [2 * end.State * middle.Slopes[0] - full.Slopes[0], 2 * end.Slopes[0]]),
            ]);
    }
}
