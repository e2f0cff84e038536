using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>A method as a search moves it: its times, and the free weights of its slopes (see <see cref="DiscoveredSteps"/>).</summary>
/// <param name="Times">N + 1 times.</param>
/// <param name="Weights">The weights of earlier slopes, step by step, newest first: none in step 0, one in step 1, …</param>
internal sealed record BespokeMethod(ImmutableArray<double> Times, ImmutableArray<double> Weights)
{
    /// <summary>N.</summary>
    public int Steps => Times.Length - 1;

    /// <summary>The number of parameters: the inner times and the weights.</summary>
    public int Parameters => Steps - 1 + Weights.Length;

    /// <summary>A multistep solver with one slope per step as such a method; null if its numbers are not finite.</summary>
    /// <param name="program">The solver on its times, in a canonical chart.</param>
    public static BespokeMethod? Of(FlowProgram program)
    {
        int steps = program.Steps.Length;
        double[] weights = new double[DiscoveredSteps.Count(steps)];
        for (int n = 1; n < steps; n++)
        {
            ImmutableArray<Combination> results = program.Steps[n].Results;
            ImmutableArray<double> slopes = results[Math.Min(n, results.Length - 1)].Slopes;
            double sum = slopes.Sum();
            for (int age = 1; age < slopes.Length; age++) weights[DiscoveredSteps.Count(n) + age - 1] = slopes[age] / sum;
        }
        return weights.All(weight => Math.Abs(weight) <= double.MaxValue)
            ? new BespokeMethod([program.Steps[0].From, .. program.Steps.Select(step => step.To)], [.. weights])
            : null;
    }

    /// <summary>The program; null if the chart is singular at one of the times.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    public FlowProgram? Program(Process process, ChartFrame frame) => FlowProgram.TryCreate(process, frame, Times, Weights);
}
