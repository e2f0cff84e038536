using FlowDsl.Mathematics;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>Score networks against the exact score, which other tests hold against independent references.</summary>
public class ScoreNetworkTests(ITestOutputHelper output)
{
    private const int Samples = 60, Times = 20;

    private static readonly Covariance s_tied = Covariance.Full(3, [0.20, 0.05, -0.02, 0.05, 0.10, 0.03, -0.02, 0.03, 0.15]);

    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        ["two modes"] = Isotropic([0.5, 0.5], [[-1], [1]], [0.04, 0.04]),
        ["two narrow modes"] = Isotropic([0.3, 0.7], [[-1], [1]], [0.0025, 0.0025]),
        ["ring of 8"] = Isotropic(
            [.. Enumerable.Repeat(0.125, 8)],
            [.. Enumerable.Range(0, 8).Select(k => new[] { 4 * Math.Cos(Math.PI * k / 4), 4 * Math.Sin(Math.PI * k / 4) })],
            [.. Enumerable.Repeat(0.09, 8)]),
        ["one full covariance for three"] = new([0.2, 0.3, 0.5], [[1, -0.5, 0.7], [-0.6, 0.9, 0.2], [0.1, 0.3, -1.1]], [s_tied, s_tied, s_tied]),
        ["three variances"] = Isotropic([0.2, 0.5, 0.3], [[-1.5], [0.25], [2]], [0.01, 0.25, 0.09]),
        ["diagonal"] = new([0.15, 0.15, 0.35, 0.35], [[-1, -0.5], [-1, 1.5], [1, -0.5], [1, 1.5]],
            [Covariance.Diagonal([0.04, 0.1]), Covariance.Diagonal([0.04, 0.02]), Covariance.Diagonal([0.09, 0.1]), Covariance.Diagonal([0.09, 0.02])]),
        ["two full covariances"] = new(
            [0.3559, 0.6441], [[-1.27, -1.21], [0.70, 0.67]],
            [Covariance.Full(2, [0.0531, 0.0281, 0.0281, 0.1823]), Covariance.Full(2, [0.1305, 0.0606, 0.0606, 0.1950])]),
        ["one Gaussian"] = new([1], [[0.4, -1.2]], [Covariance.Full(2, [1.3, 0.7, 0.7, 0.6])]),
    };

    private static readonly Dictionary<string, Process> s_processes = new()
    {
        ["Ornstein-Uhlenbeck"] = new OrnsteinUhlenbeckProcess(),
        ["variance exploding"] = new VarianceExplodingProcess(0.01, 10),
        ["linear interpolant"] = new LinearInterpolantProcess(0.001, 1),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string mixture in s_mixtures.Keys)
                foreach (string process in s_processes.Keys) cases.Add(mixture, process);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ErrorIsWithinTheAccuracy(string mixtureName, string processName)
    {
        Mixture mixture = s_mixtures[mixtureName];
        Process process = s_processes[processName];
        // The other processes differ in what is computed of t alone.
        double[] accuracies = process is OrnsteinUhlenbeckProcess ? [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8] : [1e-2, 1e-8];
        foreach (double? time in new double?[] { null, 0.3 })
        {
            foreach (double accuracy in accuracies)
            {
                var network = ScoreNetwork.Build(mixture, process, new ScoreNetworkOptions(accuracy, 2, time));
                double[] times = time is { } only ? [only]
                    : [.. Enumerable.Range(0, Times).Select(i => process.EarlyStop + (process.Horizon - process.EarlyStop) * Math.Pow(i / (Times - 1.0), 3))];
                double error = times.Max(t => Error(network, mixture, process, t, 2));
                output.WriteLine(
                    $"{(time is null ? "(x, t)" : "x"),-6} {accuracy:e0}: error {error:e1}, guarantee {network.Guarantee:e1}, "
                    + $"rounding {network.Rounding:e1}, depth {network.Layers.Depth}, width {network.Layers.Width}, non-zeros {network.Layers.NonZeros}");
                Assert.InRange(network.Guarantee, 0, accuracy);
                Assert.InRange(error, 0, network.Guarantee + network.Rounding);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7.5)]
    public void ErrorIsWithinTheAccuracyInOtherNorms(double p)
    {
        Process process = s_processes["Ornstein-Uhlenbeck"];
        foreach (string name in new[] { "three variances", "two full covariances", "ring of 8" })
        {
            var network = ScoreNetwork.Build(s_mixtures[name], process, new ScoreNetworkOptions(1e-5, p));
            foreach (double t in new[] { 0.001, 0.1, 1.2 })
                Assert.InRange(Error(network, s_mixtures[name], process, t, p), 0, network.Guarantee + network.Rounding);
        }
    }

    [Theory]
    [InlineData("two modes")]
    [InlineData("ring of 8")]
    [InlineData("one full covariance for three")]
    public void OneTimeAndOneCovarianceHoldForEveryPoint(string name)
    {
        Mixture mixture = s_mixtures[name];
        Process process = s_processes["Ornstein-Uhlenbeck"];
        var model = new GaussianMixtureModel(mixture, process);
        var random = new Random(3);
        foreach (double accuracy in new[] { 1e-1, 1e-3, 1e-6, 1e-9 })
        {
            var network = ScoreNetwork.Build(mixture, process, new ScoreNetworkOptions(accuracy, double.PositiveInfinity, 0.2));
            double[] exact = new double[mixture.Dimension];
            for (int i = 0; i < 2000; i++)
            {
                // From amid the modes to far outside.
                double scale = Math.Pow(10, 4 * random.NextDouble() - 1.5);
                double[] x = [.. exact.Select(_ => scale * (2 * random.NextDouble() - 1))];
                model.Score(0.2, x, exact);
                double error = Distance(network.Layers.Evaluate(x), exact);
                Assert.InRange(error, 0, network.Guarantee + 1e-14 * scale * scale / process.At(0.2).Spread(mixture.MinVariance));
            }
        }
    }

    [Fact]
    public void WidthDoesNotGrowWithTheAccuracyAndDepthDoesSlowly()
    {
        foreach ((string name, Mixture mixture) in s_mixtures)
        {
            foreach (double? time in new double?[] { null, 0.3 })
            {
                LayeredNetwork Layers(double accuracy)
                    => ScoreNetwork.Build(mixture, s_processes["Ornstein-Uhlenbeck"], new ScoreNetworkOptions(accuracy, 2, time)).Layers;
                LayeredNetwork[] networks = [Layers(1e-2), Layers(1e-4), Layers(1e-8)];
                Assert.InRange(networks[2].Width, 0, 1.35 * networks[0].Width + 2);
                // Layers a factor of ten: a softmax takes one and a half, the time as many again, a logarithm some at each step of Newton's method.
                Assert.InRange(networks[2].Depth - networks[1].Depth, 0, mixture.HasSharedCovariance ? 14 : 32);
                output.WriteLine($"{name} {time}: {string.Join(", ", networks.Select(network => $"{network.Depth} × {network.Width}, {network.NonZeros}"))}");
            }
        }
    }

    [Fact]
    public void ProgramsGiveWhatLayersGive()
    {
        foreach ((string name, Mixture mixture) in s_mixtures)
        {
            Process process = s_processes["Ornstein-Uhlenbeck"];
            foreach (double? time in new double?[] { null, 0.3 })
            {
                var network = ScoreNetwork.Build(mixture, process, new ScoreNetworkOptions(1e-4, 2, time));
                var program = new FlowDsl.Runtime.Networks.TableProgram<double>(network, mixture.Dimension);
                var descriptor = new ScoreNetworkDescriptor(name, new GaussianMixtureModel(mixture, process), network.Options);
                double[] score = new double[mixture.Dimension];
                foreach ((double t, double[] x) in Points(mixture, process, time is { } only ? [only] : [0.001, 0.4, 3], 10))
                {
                    FlowDsl.Runtime.Networks.ScoreDriver.Score(program, descriptor, t, x, score);
                    double[] layers = network.Layers.Evaluate(time is null ? [.. x, t] : x);
                    Assert.InRange(Distance(score, layers), 0, 100 * network.Rounding);
                }
            }
        }
    }

    [Theory]
    [InlineData(0, 2, null, "Accuracy")]
    [InlineData(double.NaN, 2, null, "Accuracy")]
    [InlineData(double.PositiveInfinity, 2, null, "Accuracy")]
    [InlineData(1e-15, 2, null, "Accuracy")]
    [InlineData(1e-4, 0.5, null, "P")]
    [InlineData(1e-4, 17, null, "P")]
    [InlineData(1e-4, double.NaN, null, "P")]
    [InlineData(1e-4, double.PositiveInfinity, null, "P")]
    [InlineData(1e-4, 2, 3.5, "Time")]
    [InlineData(1e-4, 2, double.NaN, "Time")]
    public void WhatCannotBeBuiltIsNamed(double accuracy, double p, double? time, string argument)
    {
        Mixture mixture = s_mixtures["two modes"];
        Process process = s_processes["Ornstein-Uhlenbeck"];
        Assert.Equal(argument, ScoreNetwork.Obstacle(mixture, process, new ScoreNetworkOptions(accuracy, p, time))?.Argument);
        ScoreNetworkOptions options = new(accuracy, p, time);
        Assert.Contains(argument, Assert.Throws<ArgumentException>(() => ScoreNetwork.Build(mixture, process, options)).Message, StringComparison.Ordinal);
    }

    /// <summary>Numbers of very different sizes: there is a network or a reason, and the search for one ends.</summary>
    [Theory]
    [InlineData(1e50, 1e-100, 1e-3, 1e-3)]
    [InlineData(1e50, 1e100, 1e-3, 1e-3)]
    [InlineData(1e50, 1, 1e-3, 1e300)]
    [InlineData(1e-50, 1e-100, 1e-3, 1e40)]
    [InlineData(1e10, 1e-20, 1e-9, 1e60)]
    [InlineData(1, 1e-100, 1e-50, 1e300)]
    [InlineData(0, 1e100, 1e-50, 1e-3)]
    public void TheSearchForPartsEnds(double mean, double variance, double early, double accuracy)
    {
        int networks = 0, reasons = 0;
        Mixture[] mixtures =
        [
            Isotropic([0.5, 0.5], [[-mean], [mean]], [variance, variance]), Isotropic([0.5, 0.5], [[-mean], [mean]], [variance, 1]),
            Isotropic([1], [[mean]], [variance]),
        ];
        foreach (Mixture mixture in mixtures)
        {
            Process[] processes =
                [new OrnsteinUhlenbeckProcess(earlyStop: early), new VarianceExplodingProcess(early, 80), new LinearInterpolantProcess(early, 0.5)];
            foreach (Process process in processes)
            {
                foreach (double? time in new double?[] { null, 0.25 })
                {
                    var options = new ScoreNetworkOptions(accuracy, 2, time);
                    if (ScoreNetwork.Obstacle(mixture, process, options) is { } obstacle)
                    {
                        Assert.DoesNotContain("NaN", obstacle.Reason, StringComparison.Ordinal);
                        reasons++;
                        continue;
                    }
                    Assert.InRange(ScoreNetwork.Build(mixture, process, options).Guarantee, 0, accuracy);
                    networks++;
                }
            }
        }
        Assert.Equal(18, networks + reasons);
    }

    [Fact]
    public void AScoreWithoutBoundHasNoNetwork()
    {
        var mixture = Isotropic([0.5, 0.5], [[-1], [1]], [0, 0]);
        Assert.Equal("EarlyStop", ScoreNetwork.Obstacle(mixture, new OrnsteinUhlenbeckProcess(earlyStop: 0), new ScoreNetworkOptions(1e-3))?.Argument);
        Assert.Null(ScoreNetwork.Obstacle(mixture, new OrnsteinUhlenbeckProcess(earlyStop: 0.01), new ScoreNetworkOptions(1e-3)));
    }

    /// <summary>The error in L^p(p_t), from samples of p_t: with a fixed seed, and guarantees that are met with room, no false alarm.</summary>
    private static double Error(ScoreNetwork network, Mixture mixture, Process process, double t, double p)
    {
        var model = new GaussianMixtureModel(mixture, process);
        double[] exact = new double[mixture.Dimension];
        double sum = 0;
        foreach ((_, double[] x) in Points(mixture, process, [t], Samples))
        {
            model.Score(t, x, exact);
            sum += Math.Pow(Distance(network.Layers.Evaluate(network.Options.Time is null ? [.. x, t] : x), exact), p);
        }
        return Math.Pow(sum / Samples, 1 / p);
    }

    private static IEnumerable<(double Time, double[] Point)> Points(Mixture mixture, Process process, double[] times, int count)
    {
        var random = new Random(7);
        int d = mixture.Dimension;
        foreach (double t in times)
        {
            ProcessPoint point = process.At(t);
            for (int i = 0; i < count; i++)
            {
                int k = 0;
                for (double u = random.NextDouble() - mixture.Weights[0]; u > 0 && k < mixture.Count - 1; u -= mixture.Weights[k]) k++;
                Covariance covariance = mixture.Covariances[k];
                double[] x = [.. mixture.Means[k].Select(mean => point.A * mean)];
                for (int axis = 0; axis < d; axis++)
                {
                    double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                    double z = Math.Sqrt(point.Spread(covariance.Variances[axis])) * normal;
                    for (int j = 0; j < d; j++) x[j] += z * (covariance.Basis is { } basis ? basis[j * d + axis] : axis == j ? 1 : 0);
                }
                yield return (t, x);
            }
        }
    }

    private static double Distance(double[] left, double[] right) => Math.Sqrt(left.Zip(right, (a, b) => (a - b) * (a - b)).Sum());

    private static Mixture Isotropic(double[] weights, double[][] means, double[] variances)
        => new(weights, means, [.. variances.Select(variance => Covariance.Isotropic(means[0].Length, variance))]);
}
