using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Processes;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Tests;

// Equal training steps are not the best ones; they are what is tested.
#pragma warning disable FLOW0316

/// <summary>Two Gaussians in the training steps of a diffusion model.</summary>
[GaussianMixture(2)]
[Component(0.3, -1.1, 0.5, Covariance = new[] { 0.4, 0.1, 0.1, 0.2 })]
[Component(0.7, 0.7, 0.2, Variances = new[] { 0.3, 0.5 })]
[VariancePreserving(Schedule = NoiseSchedule.ScaledLinear, Steps = 200, BetaEnd = 0.06)]
[Network("Net", Prediction = Prediction.Noise, Time = NetworkTime.Timestep)]
[Sampler("Even", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Grid = Grid.Uniform, Field = "Net")]
[Sampler("Planned", Times = new double[] { 199, 120, 60, 21, 5, 0 }, Solver = Solver.Ddim, Field = "Net")]
[Sampler("Tracked", Steps = 8, Precision = Precision.Double, Tracking = Tracking.Tangent)]
[Sampler("Certified", Steps = 12, Precision = Precision.Double, Tracking = Tracking.Certified)]
public partial class InTrainingSteps;

/// <summary>The process whose time is the training step, against its definition.</summary>
public class VariancePreservingTests
{
    private static readonly Mixture s_mixture = GaussianMixtureModel.From<InTrainingSteps>().Mixture;

    public static TheoryData<string> Schedules => new("linear", "scaled", "cosine", "given");

    /// <summary>A schedule, and its betas by their definition.</summary>
    private static (TrainingSchedule Schedule, decimal[] Betas) Of(string name) => name switch
    {
        "linear" => (TrainingSchedule.Linear(), [.. Enumerable.Range(0, 1000).Select(i => 0.0001m + (0.02m - 0.0001m) * i / 999)]),
        "scaled" => (
            TrainingSchedule.ScaledLinear(),
            [.. Enumerable.Range(0, 1000).Select(i => Square((decimal)(Math.Sqrt(0.00085) + (Math.Sqrt(0.012) - Math.Sqrt(0.00085)) * i / 999)))]),
        "cosine" => (TrainingSchedule.SquaredCosine(400),
            [.. Enumerable.Range(0, 400).Select(i => (decimal)Math.Min(1 - Cosine(i + 1, 400) / Cosine(i, 400), 0.999))]),
        _ => (TrainingSchedule.FromBetas([0.1, 0.02, 0.4, 0.3, 0.9]), [0.1m, 0.02m, 0.4m, 0.3m, 0.9m]),
    };

    [Theory]
    [MemberData(nameof(Schedules))]
    public void AtTrainingStepsTheCoefficientsAreProductsOfBetas(string name)
    {
        (TrainingSchedule schedule, decimal[] betas) = Of(name);
        var process = new VariancePreservingProcess(schedule);
        Assert.Equal((betas.Length - 1.0, 0.0, betas.Length - 1.0), (process.Horizon, process.EarlyStop, process.LastTime));
        decimal signal = 1;
        for (int i = 0; i < betas.Length; i++)
        {
            signal *= 1 - betas[i];
            ProcessPoint point = process.At(i);
            Assert.Equal(1, point.A * point.A / (double)signal, 2e-12);
            Assert.Equal(1, point.S2 / (double)(1 - signal), 2e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void BetweenThemTheLogarithmOfTheirRatioIsLinear(string name)
    {
        var process = new VariancePreservingProcess(Of(name).Schedule);
        for (int i = 0; i + 1 <= process.LastTime; i++)
        {
            double below = Math.Log(process.At(i).NoiseToSignal), above = Math.Log(process.At(i + 1).NoiseToSignal);
            foreach (double share in (double[])[0.25, 0.5, 0.9])
            {
                ProcessPoint point = process.At(i + share);
                Assert.Equal(below + share * (above - below), Math.Log(point.NoiseToSignal), 1e-12);
                Assert.Equal(1, point.A * point.A + point.S2, 1e-15);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void RatesAreThoseOfTheIntervalBelow(string name)
    {
        var process = new VariancePreservingProcess(Of(name).Schedule);
        const double h = 1e-4;
        for (double t = 0.5; t <= process.LastTime; t += 0.5)
        {
            // Differences that do not reach over the step itself, second order.
            ProcessPoint at = process.At(t), before = process.At(t - h), earlier = process.At(t - 2 * h);
            Assert.Equal(1, (3 * at.A - 4 * before.A + earlier.A) / (2 * h) / at.DA, 1e-4);
            Assert.Equal(1, (3 * at.S2 - 4 * before.S2 + earlier.S2) / (4 * h) / at.SDS, 1e-4);
        }
        double Ratio(double t) => process.At(t).SDS / process.At(t).S2 / Square(process.At(t).A);
        Assert.Equal(Ratio(0.5), Ratio(0), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void TimesAreThoseOfTheirRatios(string name)
    {
        var process = new VariancePreservingProcess(Of(name).Schedule);
        for (int i = 0; i <= 700; i++)
        {
            double time = process.LastTime * i / 700;
            Assert.Equal(time, process.TimeAt(process.At(time).NoiseToSignal), 1e-9);
        }
        Assert.Equal((0, process.LastTime), (process.TimeAt(0), process.TimeAt(double.PositiveInfinity)));
    }

    [Fact]
    public void ScoreAndVelocityAreTheSlopesOfTheDensityAndTheFlow()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<InTrainingSteps>();
        double[] x = [0.3, -0.6], value = new double[2], before = new double[2], after = new double[2];
        const double h = 1e-5;
        foreach (double t in (double[])[0, 0.5, 3, 40.5, 120.25, 199])
        {
            InTrainingSteps.Score(t, x, value);
            for (int j = 0; j < 2; j++)
            {
                double[] less = [.. x], more = [.. x];
                (less[j], more[j]) = (x[j] - h, x[j] + h);
                Assert.Equal((InTrainingSteps.LogDensity(t, more) - InTrainingSteps.LogDensity(t, less)) / (2 * h), value[j], 1e-6);
            }
            Assert.Equal(model.LogDensity(t, x), InTrainingSteps.LogDensity(t, x), 1e-12);
        }
        foreach (double t in (double[])[0.5, 3.5, 40.5, 120.25, 198.75])
        {
            model.FlowMap(199, t, x, value);
            model.FlowMap(199, t - 0.01, x, before);
            model.FlowMap(199, t + 0.01, x, after);
            double[] velocity = new double[2];
            InTrainingSteps.Velocity(t, value, velocity);
            for (int j = 0; j < 2; j++) Assert.Equal((after[j] - before[j]) / 0.02, velocity[j], 1e-4 * Math.Abs(velocity[j]) + 1e-7);
        }
    }

    public static TheoryData<Solver, Chart> Smooth
    {
        get
        {
            var data = new TheoryData<Solver, Chart>();
            foreach (Solver solver in Models.Solvers)
                foreach (Chart chart in (Chart[])[Chart.Edm, Chart.Canonical])
                {
                    // DEIS's polynomials are in t itself.
                    if (ChartFrame.Exists(chart, solver) && solver is not (Solver.Deis2 or Solver.Deis3)) data.Add(solver, chart);
                }
            return data;
        }
    }

    /// <summary>Charts of the data know nothing of the clock: the same ratios of noise to signal give the same samples, up to the scale of x.</summary>
    [Theory]
    [MemberData(nameof(Smooth))]
    public void SamplersAreThoseOfAnyProcessAtTheSameNoise(Solver solver, Chart chart)
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<InTrainingSteps>();
        double[] times = model.CreateTimes(Grid.Uniform, 5), levels = [.. times.Select(time => model.Process.At(time).NoiseToSignal)];
        var exploding = new GaussianMixtureModel(s_mixture, new VarianceExplodingProcess(levels[^1], levels[0]));
        double[] states = FlowSampling.DrawPrior<double>(model, 40, 3), others = [.. states.Select(x => x / model.Process.At(199).A)];
        model.Integrate(model.CreateProgram(solver, times, chart), states);
        exploding.Integrate(exploding.CreateProgram(solver, levels, chart), others);
        Compare.Close([.. others.Select(x => x * model.Process.At(0).A)], states, 1e-9, 1);
    }

    [Fact]
    public void UniformGridsAreEqualTrainingSteps()
    {
        Assert.Equal([.. Enumerable.Range(0, 7).Select(i => 199.0 - i * 199 / 6.0)], InTrainingSteps.Even.Descriptor.Times, (x, y) => Math.Abs(x - y) < 1e-12);
        var model = new GaussianMixtureModel(s_mixture, new VariancePreservingProcess(TrainingSchedule.Linear(), 900, 100));
        Assert.Equal([900, 700, 500, 300, 100], model.CreateTimes(Grid.Uniform, 4));
    }

    /// <summary>What the network is told is the plan itself, whether it names its training or not.</summary>
    [Fact]
    public void NetworksSeeThePlannedTrainingSteps()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<InTrainingSteps>();
        var process = (VariancePreservingProcess)model.Process;
        double[] planned = [199, 120, 60, 21, 5];
        float[] expected = InTrainingSteps.Planned.Sample(200, 7);
        foreach (NetworkTime time in (NetworkTime[])[NetworkTime.Process, NetworkTime.Timestep])
        {
            foreach (TrainingSchedule? training in (TrainingSchedule?[])[null, process.Schedule, TrainingSchedule.ScaledLinear(200, betaEnd: 0.06)])
            {
                var convention = new NetworkConvention { Prediction = Prediction.Noise, Time = time, Training = training };
                INetworkField exact = ExactField.Of(model, convention);
                List<double> seen = [];
                var field = new DelegateField(2, (at, states, outputs) =>
                {
                    seen.Add(at);
                    exact.Evaluate(at, states, outputs);
                });
                float[] samples = new FieldSampler(InTrainingSteps.Planned.Descriptor, convention).Sample(200, 7, field);
                Assert.Equal(planned, seen);
                Compare.Close([.. expected.Select(x => (double)x)], [.. samples.Select(x => (double)x)], 1e-4, 1);
                Assert.Equal(60, convention.TimeAt(process, 60));
            }
        }
        List<double> own = [];
        InTrainingSteps.Planned.Sample(1, 1, new DelegateField(2, (at, _, _) => own.Add(at)));
        Assert.Equal(planned, own);
        // Trained on other steps, a network gets its own step of that noise.
        Assert.NotEqual(60, new NetworkConvention { Training = TrainingSchedule.Linear() }.TimeAt(process, 60));
    }

    [Fact]
    public void ErrorsAreEstimatedAndBounded()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<InTrainingSteps>();
        double[] starts = FlowSampling.DrawPrior<double>(model, 60, 5), exact = new double[starts.Length], tracked = [.. starts], certified = [.. starts];
        model.FlowMaps(199, 0, starts, exact);
        FlowError[] estimates = new FlowError[60], bounds = new FlowError[60];
        InTrainingSteps.Tracked.Integrate(tracked, estimates);
        InTrainingSteps.Certified.Integrate(certified, bounds);
        int within = 0;
        for (int i = 0; i < 60; i++)
        {
            double error = Distance(tracked, exact, i), certain = Distance(certified, exact, i);
            if (estimates[i].Estimate <= 2 * error && error <= 2 * estimates[i].Estimate) within++;
            Assert.InRange(certain, 0, bounds[i].Bound);
            Assert.True(bounds[i].Bound < 1.5 * certain + 1e-6, $"{bounds[i].Bound} of {certain}");
        }
        Assert.True(within >= 50, $"{within} of 60");

        static double Distance(double[] x, double[] y, int i) => Math.Sqrt(Square(x[2 * i] - y[2 * i]) + Square(x[2 * i + 1] - y[2 * i + 1]));
    }

    /// <summary>Integrals of rates are sums over the training steps, between which the rates are smooth.</summary>
    [Fact]
    public void StabilityIsIntegratedOverEveryTrainingStep()
    {
        var ordered = new GaussianMixtureModel(Models.OrderedFull(), new VariancePreservingProcess(TrainingSchedule.ScaledLinear(30, 0.002, 0.5)));
        StabilityProfile stability = ordered.Stability;
        double lipschitz = 0, expected = 0, growth = 0;
        const int parts = 8;
        for (int i = 0; i < 29 * parts; i++)
        {
            double t = (i + 0.5) / parts;
            lipschitz += stability.LipschitzBound(t) / parts;
            expected += stability.ExpectedNorm(t) / parts;
            growth += stability.ExpectedGrowth(t) / parts;
        }
        Assert.Equal(1, stability.LipschitzIntegral(0, 29) / lipschitz, 0.01);
        Assert.Equal(1, stability.ExpectedIntegral(0, 29) / expected, 0.01);
        Assert.Equal(1, stability.ExpectedGrowthIntegral(0, 29) / growth, 0.01);
        // Equal shares of the expected norm.
        double[] times = ordered.CreateTimes(Grid.ExpectedStability, 5);
        for (int j = 0; j < 5; j++) Assert.Equal(0.2, stability.ExpectedIntegral(times[j + 1], times[j]) / stability.ExpectedIntegral(0, 29), 2e-3);
        TimeWindow window = stability.DangerWindow!.Value;
        Assert.Equal(0.9, stability.ExpectedGrowthIntegral(window.To, window.From) / stability.ExpectedGrowthIntegral(0, 29), 5e-3);
    }

    /// <summary>Noise is left at step 0, so nothing is singular there.</summary>
    [Fact]
    public void PointMassesHaveAScoreAtStepZero()
    {
        var model = new GaussianMixtureModel(Models.Isotropic([0.5, 0.5], [[-1.0], [1.0]], 0), new VariancePreservingProcess(TrainingSchedule.Linear()));
        double[] score = new double[1];
        model.Score(0, [0.99], score);
        // Of one Gaussian, (a - x)/s².
        Assert.Equal((Math.Sqrt(1 - 1e-4) - 0.99) / 1e-4, score[0], 1e-6);
        Assert.Equal(Math.Sqrt(1e-4), model.CreateTimes(Grid.UniformLogSnr, 3).Select(time => model.Process.At(time).S).Last(), 1e-12);
    }

    [Fact]
    public void WhatIsOutOfRangeIsRefused()
    {
        TrainingSchedule linear = TrainingSchedule.Linear();
        Assert.Contains(
            "at most 999",
            Assert.Throws<ArgumentOutOfRangeException>("horizon", () => new VariancePreservingProcess(linear, 1000)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "less than Horizon = 999",
            Assert.Throws<ArgumentOutOfRangeException>("earlyStop", () => new VariancePreservingProcess(linear, earlyStop: 999)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("earlyStop", () => new VariancePreservingProcess(linear, earlyStop: -1));
        Assert.Throws<ArgumentNullException>("schedule", () => new VariancePreservingProcess(null!));
        Assert.Throws<ArgumentException>("schedule", () => new VariancePreservingProcess(TrainingSchedule.Flow));
        // 1 - 1e-20 is 1.
        Assert.Contains(
            "step 1 ",
            Assert.Throws<ArgumentException>("schedule", () => new VariancePreservingProcess(TrainingSchedule.FromBetas([0.5, 1e-20]))).Message,
            StringComparison.Ordinal);
        // 0.0039^128 is no normal number any more.
        var flat = TrainingSchedule.FromBetas([.. Enumerable.Repeat(0.9961, 200)]);
        Assert.Contains("step 127 ", Assert.Throws<ArgumentException>("schedule", () => new VariancePreservingProcess(flat)).Message, StringComparison.Ordinal);
        GaussianMixtureModel model = GaussianMixtureModel.From<InTrainingSteps>();
        Assert.Throws<ArgumentOutOfRangeException>("t", () => model.LogDensity(-0.001, [0, 0]));
        Assert.Contains(
            "at most 199",
            Assert.Throws<ArgumentOutOfRangeException>("t", () => InTrainingSteps.LogDensity(199.5, [0, 0])).Message,
            StringComparison.Ordinal);
    }

    private static decimal Square(decimal x) => x * x;

    private static double Square(double x) => x * x;

    private static double Cosine(int step, int steps) => Square(Math.Cos(((double)step / steps + 0.008) / 1.008 * Math.PI / 2));
}
