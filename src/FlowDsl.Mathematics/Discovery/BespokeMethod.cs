using FlowDsl.Mathematics.Numerics;
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

    /// <summary>The same method with a step in two halves, the second of which leaves its own slope out: the samples end where they did.</summary>
    /// <param name="process">The process.</param>
    /// <param name="step">The step.</param>
    public BespokeMethod Split(Process process, int step)
    {
        double from = process.At(Times[step]).NoiseToSignal, to = process.At(Times[step + 1]).NoiseToSignal, middle = Math.Sqrt(from) * Math.Sqrt(to);
        // There is no such place where one of the ends is pure noise or pure data.
        double time = middle > 0 && middle <= double.MaxValue ? process.TimeAt(middle) : (Times[step] + Times[step + 1]) / 2;
        double[] weights = new double[DiscoveredSteps.Count(Steps + 1)];
        for (int n = 0; n <= Steps; n++)
        {
            // Slope j was slope j - 1 before if it comes after the new one, which is that of the second half.
            double[] before = DiscoveredSteps.Weights(Weights.AsSpan(), n > step ? n - 1 : n);
            for (int age = 1; age <= n; age++)
            {
                int slope = n - age, old = slope > step ? slope - 1 : slope, oldStep = before.Length - 1;
                weights[DiscoveredSteps.Count(n) + age - 1] = slope == step + 1 ? 0 : before[oldStep - old];
            }
        }
        return new BespokeMethod(Times.Insert(step + 1, time), [.. weights]);
    }

    /// <summary>The method after a blow, which may lead a search elsewhere.</summary>
    /// <param name="process">The process.</param>
    /// <param name="strength">
    /// The greatest part of a distance between times by which one of them moves; weights change by as much of their size and of 1.
    /// </param>
    /// <param name="seed">Which blow.</param>
    public BespokeMethod Kicked(Process process, double strength, int seed)
    {
        double[] times = [.. Times], weights = [.. Weights];
        for (int i = 1; i < Steps; i++)
        {
            double kick = strength * Signed(i), other = Times[kick < 0 ? i - 1 : i + 1];
            double from = process.At(Times[i]).NoiseToSignal, to = process.At(other).NoiseToSignal;
            if (from > 0 && from <= double.MaxValue && to > 0 && to <= double.MaxValue)
                times[i] = process.TimeAt(from * PortableMath.Exp(0.5 * Math.Abs(kick) * (PortableMath.Log(to) - PortableMath.Log(from))));
        }
        for (int i = 0; i < weights.Length; i++) weights[i] += strength * Signed(Steps + i) * (0.1 + Math.Abs(weights[i]));
        return new BespokeMethod([.. times], [.. weights]);

        double Signed(int i) => 2 * SplitMix.Uniform(seed, i) - 1;
    }
}
