using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Two modes whose few large steps send some samples to the wrong one.</summary>
[GaussianMixture(2)]
[Component(0.2, -1, 0.5, Variance = 0.01)]
[Component(0.8, 1, -0.5, Variance = 0.01)]
[Sampler("Coarse", Steps = 5, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("CoarseDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
public partial class Ridge;

public class RepairTests
{
    private const int Count = 3000;

    private static readonly SamplingOptions s_flagged = new() { Repair = Repair.Flagged, RepairMargin = 0.2 };

    private static GaussianMixtureModel Model => GaussianMixtureModel.From<Ridge>();

    /// <summary>A sample is in the wrong mode where the exact flow takes its start to the other side.</summary>
    [Fact]
    public void MostFlipsAreFoundAmongFewSamples()
    {
        float[] starts = FlowSampling.DrawPrior<float>(Model, Count, 3), states = [.. starts];
        var errors = new FlowError[Count];
        Ridge.Coarse.Integrate(states, errors);
        int[] flips = Flips(starts, states);
        Assert.InRange(flips.Length, 5, Count / 20);
        int flagged = errors.Count(error => error.BranchMargin < 0.2);
        Assert.InRange(flagged, flips.Length, Count / 10);
        Assert.All(flips, i => Assert.True(errors[i].BranchMargin < 0.2, $"{errors[i]}"));
    }

    [Fact]
    public void FlaggedSamplesAreIntegratedAgainAndNoOthers()
    {
        float[] starts = FlowSampling.DrawPrior<float>(Model, Count, 3);
        float[] plain = FlowSampling.Sample<Ridge.Coarse, float>(Count, 3), repaired = FlowSampling.Sample<Ridge.Coarse, float>(Count, 3, s_flagged);
        var errors = new FlowError[Count];
        float[] tracked = [.. starts];
        Ridge.Coarse.Integrate(tracked, errors);

        FlowProgram finer = Model.CreateProgram(Solver.RungeKutta4, Model.CreateTimes(Grid.LogVariance, 16));
        for (int i = 0; i < Count; i++)
        {
            double[] expected = [starts[2 * i], starts[2 * i + 1]];
            if (errors[i].BranchMargin < 0.2)
            {
                Model.Integrate(finer, expected);
                // Rounding grows with the flow near a ridge.
                Compare.Within(expected, [repaired[2 * i], repaired[2 * i + 1]], 1e-2, $"sample {i}");
            }
            else
            {
                Compare.SameBits<float>(plain.AsSpan(2 * i, 2), repaired.AsSpan(2 * i, 2), $"sample {i}");
            }
        }
        Assert.True(Flips(starts, repaired).Length * 5 <= Flips(starts, plain).Length);
    }

    [Fact]
    public void ASamplesRepairIsItsOwn()
    {
        double[] together = FlowSampling.Sample<Ridge.CoarseDouble, double>(500, 4, s_flagged);
        double[] inParts = FlowSampling.Sample<Ridge.CoarseDouble, double>(500, 4, s_flagged with { BatchSize = 7, MaxThreads = 1 });
        Compare.SameBits<double>(together, inParts, "batches of 7");
    }

    [Fact]
    public void OptionsAreChecked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSampling.Sample<Ridge.Coarse, float>(1, 1, new SamplingOptions { RepairMargin = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSampling.Sample<Ridge.Coarse, float>(1, 1, new SamplingOptions { Repair = (Repair)7 }));
    }

    private static int[] Flips(float[] starts, float[] ends)
    {
        double[] exact = new double[2];
        return [.. Enumerable.Range(0, Count).Where(i =>
        {
            Model.FlowMap(3, 0.001, [starts[2 * i], starts[2 * i + 1]], exact, 1e-9);
            return Math.Abs(exact[0] - ends[2 * i]) > 1;
        })];
    }
}
