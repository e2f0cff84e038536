using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>What a longer search starts from, and that it is worth its time.</summary>
public class BespokeTuningTests(ITestOutputHelper output)
{
    /// <summary>Splitting any step of a method of any weights moves no end, on any process.</summary>
    [Fact]
    public void SplitStepsEndWhereTheStepDid()
    {
        const int steps = 5;
        var random = new Random(3);
        foreach (Process process in Models.Processes())
        {
            Mixture mixture = Models.Crossing();
            var model = new GaussianMixtureModel(mixture, process);
            ChartFrame frame = ChartFrame.Canonical(0.325);
            double[] times = [.. Enumerable.Range(0, steps + 1).Select(i => process.Horizon + i / (double)steps * (process.EarlyStop - process.Horizon))];
            times[^1] = process.EarlyStop;
            var method = new BespokeMethod([.. times], [.. Enumerable.Range(0, DiscoveredSteps.Count(steps)).Select(_ => 2 * random.NextDouble() - 1)]);
            double[] starts = FlowSampling.DrawPrior<double>(model, 20, seed: 2), expected = [.. starts];
            model.Integrate(method.Program(process, frame)!, expected);
            for (int step = 0; step < steps; step++)
            {
                BespokeMethod split = method.Split(process, step);
                Assert.Equal(steps + 1, split.Steps);
                double[] states = [.. starts];
                model.Integrate(split.Program(process, frame)!, states);
                for (int i = 0; i < states.Length; i++) Assert.Equal(expected[i], states[i], 1e-9 * (1 + Math.Abs(expected[i])));
            }
        }
    }

    /// <summary>Blows of any strength below 1 keep the times in order, and move something.</summary>
    [Fact]
    public void BlowsKeepTheOrderOfTimes()
    {
        Process process = Models.Ou();
        var method = new BespokeMethod([3, 1.4, 0.6, 0.2, 0.03, 0.001], [.. Enumerable.Repeat(0.5, DiscoveredSteps.Count(5))]);
        for (int seed = 0; seed < 200; seed++)
        {
            BespokeMethod kicked = method.Kicked(process, 0.99, seed);
            Assert.Equal((3, 0.001), (kicked.Times[0], kicked.Times[^1]));
            Assert.All(kicked.Times.Zip(kicked.Times.Skip(1)), pair => Assert.True(pair.First > pair.Second));
            Assert.False(method.Weights.AsSpan().SequenceEqual(kicked.Weights.AsSpan()));
            Assert.Equal(kicked.Times.AsSpan(), method.Kicked(process, 0.99, seed).Times.AsSpan());
        }
    }

    /// <summary>
    /// Where a build's search is weak, two narrow modes on a line in 8 steps, a few times its budget gives at most half of its error on the samples that are
    /// held out: the build's method leads one of them to the other mode. What is said of the tuned error is true on starts of another generator.
    /// </summary>
    [Fact]
    [Trait("Hardware", "Any")]
    public void TunedMethodsAreBetterThanABuilds()
    {
        const int count = 6000;
        Mixture mixture = Models.Two(0.04);
        Process process = Models.Ou();
        var model = new GaussianMixtureModel(mixture, process);
        var analysis = new ModelAnalysis(mixture, process, CancellationToken.None);
        ChartFrame[] frames = BespokeSearch.Frames(Chart.Auto, mixture.MeanVariance);
        var shares = new List<double>();
        Discovery tuned = BespokeTuning.Find(analysis, frames, 8, 4, new Shares(shares))!;
        double[] starts = FlowSampling.DrawPrior<double>(model, count, seed: 21), ends = new double[starts.Length];
        for (int i = 0; i < starts.Length; i++) model.FlowMap(process.Horizon, process.EarlyStop, starts.AsSpan(i, 1), ends.AsSpan(i, 1), 1e-8);
        double[] states = [.. starts];
        model.Integrate(tuned.Method.Program(process, tuned.Frame)!, states);
        double error = states.Zip(ends, (x, y) => (x - y) * (x - y)).Sum() / ends.Sum(y => y * y);
        output.WriteLine($"{error:E2}: {tuned.Errors}");
        Assert.True(tuned.Errors!.HeldOut < tuned.Errors.Build / 2, $"{tuned.Errors}");
        Assert.Equal((4, true), (tuned.Errors.Budget, tuned.Errors.IsTuned));
        Assert.InRange(error / tuned.Errors.HeldOut, 0.1, 10);
        Assert.Equal(shares.Order(), shares);
        Assert.InRange(shares[^1], 0.3, 1);
    }

    /// <summary>A budget that follows 64 trajectories of each set, by hand: 864 evaluations of each, a fifth of 3.6e9 operations a unit.</summary>
    [Fact]
    public void LargeMixturesNeedABudget()
    {
        Mixture mixture = Models.Crossing();
        Assert.Equal(1, BespokeTuning.LeastBudget(mixture));
        var large = new Mixture(
            [.. Enumerable.Repeat(0.001, 1000)], [.. Enumerable.Range(0, 1000).Select(k => new[] { k, 0.0 })],
            [.. Enumerable.Repeat(Covariance.Isotropic(2, 1), 1000)]);
        Assert.Equal(Math.Ceiling(64 * 864 * 34_000 / 7.2e8), BespokeTuning.LeastBudget(large));
        var analysis = new ModelAnalysis(large, Models.Ou(), CancellationToken.None);
        Assert.Null(BespokeTuning.Find(analysis, BespokeSearch.Frames(Chart.Auto, 1), 4, 2));
    }

    private sealed class Shares(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
