using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Generated score networks, and samplers that take their scores.</summary>
public class ScoreSamplerTests
{
    [Fact]
    public void GeneratedScoresAreWithinTheAccuracy()
    {
        Check<Pentagon, Pentagon.Net>([0.001, 0.01, 0.3, 3]);
        Check<Pentagon, Pentagon.Coarse>([0.001, 0.3, 3]);
        Check<Pentagon, Pentagon.AtHalf>([0.5]);
        Check<TwoLeaves, TwoLeaves.Net>([0.01, 0.2, 0.99]);
        Check<TwoLeaves, TwoLeaves.AtHalf>([0.5]);
        Check<Assorted, Assorted.Net>([0.05, 0.7, 10]);
        Check<Alone, Alone.Net>([0.001, 0.2, 3]);
    }

    [Fact]
    public void ScoresMayReplaceTheirPoint()
    {
        double[] x = [0.7, -1.1], score = new double[2];
        Pentagon.Net.Score(0.3, x, score);
        Pentagon.Net.Score(0.3, x, x);
        Assert.Equal(score, x);
    }

    [Fact]
    public void WrongArgumentsAreNamed()
    {
        double[] point = new double[2];
        Assert.Equal("x", Assert.Throws<ArgumentException>(() => Pentagon.Net.Score(0.5, new double[3], point)).ParamName);
        Assert.Equal("score", Assert.Throws<ArgumentException>(() => Pentagon.Net.Score(0.5, point, new double[1])).ParamName);
        Assert.Contains(
            "from 0.001 to 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => Pentagon.Net.Score(3.1, point, point)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "t = 0.5 only",
            Assert.Throws<ArgumentOutOfRangeException>(() => Pentagon.AtHalf.Score(0.4, point, point)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Pentagon.Net.Score(double.NaN, point, point));
    }

    [Fact]
    public void NoNumberStaysNoNumber()
    {
        double[] score = new double[2];
        Pentagon.Net.Score(0.5, [double.NaN, 1], score);
        Assert.All(score, value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void DescriptorsSayWhatTheNetworkIs()
    {
        ScoreNetworkDescriptor network = Pentagon.Net.Descriptor;
        Assert.Equal("Net", network.Name);
        Assert.Equal(2, network.Dimension);
        Assert.Equal((0.001, 3), (network.Earliest, network.Latest));
        Assert.Equal(3, network.Layers.Inputs);
        Assert.Equal(network.Layers.Depth, network.Layers.Layers.Count - 1);
        Assert.False(network.IsUniform);
        Assert.True(Pentagon.AtHalf.Descriptor.IsUniform);
        Assert.Equal((0.5, 0.5), (Pentagon.AtHalf.Descriptor.Earliest, Pentagon.AtHalf.Descriptor.Latest));
        Assert.False(TwoLeaves.AtHalf.Descriptor.IsUniform);
    }

    // First order: the network's error times ∫½g² and the amplification; a few samples near a border of modes have more.
    [Fact]
    public void SamplersFollowTheExactOnes()
    {
        Follow<Pentagon.ByNet, Pentagon.Exact>(Pentagon.ByNet.Descriptor.ScoreError);
        Follow<Pentagon.Multistep, Pentagon.MultistepExact>(Pentagon.Multistep.Descriptor.ScoreError);
        Follow<Pentagon.Rk4State, Pentagon.Rk4StateExact>(Pentagon.Rk4State.Descriptor.ScoreError);
        Follow<Pentagon.ByCoarse, Pentagon.Exact>(Pentagon.ByCoarse.Descriptor.ScoreError);
        Follow<TwoLeaves.ByNet, TwoLeaves.Exact>(TwoLeaves.ByNet.Descriptor.ScoreError);
        Follow<Assorted.ByNet, Assorted.Exact>(Assorted.ByNet.Descriptor.ScoreError);
    }

    [Fact]
    public void SinglePrecisionIsThatOfSinglePrecision()
    {
        double[] reference = FlowSampling.DrawPrior<double>(Pentagon.ByNet.Descriptor.Model, 500, 11);
        float[] states = [.. reference.Select(value => (float)value)];
        Pentagon.ByNet.Integrate(reference);
        Pentagon.ByNetSingle.Integrate(states);
        double Off(int i) => Math.Max(Math.Abs(states[2 * i] - reference[2 * i]), Math.Abs(states[2 * i + 1] - reference[2 * i + 1]));
        double[] distances = [.. Enumerable.Range(0, 500).Select(Off).Order()];
        Assert.InRange(distances[250], 0, 2e-5);
        Assert.InRange(distances[490], 0, 2e-3);
    }

    [Fact]
    public void SegmentsCompose()
    {
        double[] whole = FlowSampling.DrawPrior<double>(Assorted.ByNet.Descriptor.Model, 37, 5), parts = [.. whole];
        Assorted.ByNet.Integrate(whole);
        Assorted.ByNet.Integrate(parts, 0, 3);
        Assorted.ByNet.Integrate(parts, 3, 5);
        Assert.Equal(whole, parts);
    }

    // The companion takes the exact score: what it differs by has the network's error in it.
    [Fact]
    public void ErrorsHaveTheScoresErrorInThem()
    {
        const int count = 400;
        double[] states = FlowSampling.DrawPrior<double>(Pentagon.ByCoarse.Descriptor.Model, count, 3);
        double[] untracked = [.. states], exact = [.. states], solver = [.. states];
        var errors = new FlowError[count];
        Pentagon.ByCoarse.Integrate(states, errors);
        Pentagon.ByCoarse.Integrate(untracked);
        Assert.Equal(untracked, states);
        new LongRun(Pentagon.ByCoarse.Descriptor.Model).Integrate(exact);
        Pentagon.Exact.Integrate(solver);
        int near = 0;
        for (int i = 0; i < count; i++)
        {
            double error = double.Hypot(states[2 * i] - exact[2 * i], states[2 * i + 1] - exact[2 * i + 1]);
            if (errors[i].Estimate >= 0.5 * error && errors[i].Estimate <= 2 * error) near++;
        }
        Assert.InRange(near, 0.9 * count, count);
    }

    private static void Check<TModel, TNetwork>(double[] times)
        where TModel : IGaussianMixture<TModel>
        where TNetwork : IScoreNetwork<TNetwork>
    {
        ScoreNetworkDescriptor network = TNetwork.Descriptor;
        int d = TModel.Dimension;
        double p = Math.Min(network.Options.P, 8);
        foreach (double t in times)
        {
            double[] samples = FlowSampling.DrawPrior<double>(network.Model, 200, 1), score = new double[d], exact = new double[d];
            double sum = 0;
            ProcessPoint point = network.Model.Process.At(t), horizon = network.Model.Process.At(network.Model.Process.Horizon);
            for (int i = 0; i < 200; i++)
            {
                // Near the means at t, as far as the process has gone.
                double[] mean = [.. network.Model.Mixture.Means[i % network.Model.Mixture.Count]];
                double scale = Math.Sqrt(point.Spread(network.Model.Mixture.MinVariance) / horizon.Spread(network.Model.Mixture.MeanVariance));
                double[] x = [.. mean.Select((value, j) => point.A * value + scale * samples[i * d + j])];
                TNetwork.Score(t, x, score);
                TModel.Score(t, x, exact);
                sum += Math.Pow(Math.Sqrt(score.Zip(exact, (own, other) => (own - other) * (own - other)).Sum()), p);
            }
            Assert.InRange(Math.Pow(sum / 200, 1 / p), 0, network.Guarantee + network.Rounding);
        }
    }

    private static void Follow<TSampler, TExact>(double? scoreError)
        where TSampler : IFlowSampler<TSampler, double>
        where TExact : IFlowSampler<TExact, double>
    {
        const int count = 500;
        int d = TSampler.Descriptor.Dimension;
        double[] states = FlowSampling.DrawPrior<double>(TSampler.Descriptor.Model, count, 9), exact = [.. states];
        TSampler.Integrate(states);
        TExact.Integrate(exact);
        double[] squares =
            [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, d).Sum(j => Math.Pow(states[i * d + j] - exact[i * d + j], 2))).Order()];
        Assert.NotNull(scoreError);
        Assert.InRange(Math.Sqrt(squares[..(count * 99 / 100)].Average()), 0, scoreError.Value);
    }

    /// <summary>Runge-Kutta 4 in 400 steps.</summary>
    private sealed class LongRun(GaussianMixtureModel model)
    {
        private readonly FlowDsl.Runtime.Loops.TableKernel<double> _kernel = new(
            model.Mixture,
            FlowProgram.Create(
                model.Process, ChartFrame.Canonical(model.Mixture.MeanVariance), Solver.RungeKutta4, model.CreateTimes(Grid.Angle, 400)));

        public void Integrate(double[] states) => FlowDsl.Runtime.Blocks.BlockDriver.Integrate(_kernel, states.AsSpan());
    }
}
