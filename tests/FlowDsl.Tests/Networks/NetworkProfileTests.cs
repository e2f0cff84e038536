using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Networks;

namespace FlowDsl.Tests;

/// <summary>Profiles of networks that are functions of a mixture, where the mixture's own mathematics says what they must be.</summary>
public class NetworkProfileTests
{
    private static readonly Mixture s_mixture = new(
        [0.3, 0.7], [[-1.1, 0.5], [0.7, 0.2]], [Covariance.Full(2, [0.2, 0.05, 0.05, 0.1]), Covariance.Diagonal([0.15, 0.25])]);

    private static readonly NetworkProfileOptions s_few = new() { Samples = 64 };

    private static readonly GaussianMixtureModel s_model = new(s_mixture, new LinearInterpolantProcess(0));

    private static readonly Lazy<NetworkProfile> s_heun = new(() => Measure(s_model, Solver.Heun));

    /// <summary>
    /// On the same trajectories the mixture's own grid differs by what single precision leaves, and by its own adjoints: at great noise a step of 1/12 errs
    /// less than rounding, of which its share is the cube root, and an adjoint is one step of Heun's per interval, which rare trajectories near a separatrix
    /// notice. Each is a few percent of a step; <see cref="ErrorsAreThoseOfTheExactFlow"/> is sharper.
    /// </summary>
    [Theory]
    [InlineData(Solver.Heun, 8)]
    [InlineData(Solver.Euler, 4)]
    [InlineData(Solver.DpmSolverPlusPlus2M, 10)]
    [InlineData(Solver.UniPC2, 6)]
    public void TimesAreTheMixturesOwn(Solver solver, int steps)
    {
        foreach (Process process in (Process[])[new LinearInterpolantProcess(0), Models.Ou(), new VarianceExplodingProcess(0.01, 20)])
        {
            var model = new GaussianMixtureModel(s_mixture, process);
            double[] times = Measure(model, solver).CreateTimes(steps);
            double[] expected = OwnTimes(model, solver, steps);
            for (int i = 1; i < steps; i++)
            {
                double step = Math.Min(expected[i - 1] - expected[i], expected[i] - expected[i + 1]);
                Assert.True(Math.Abs(times[i] - expected[i]) < 0.1 * step, $"{process}: time {i} is {times[i]}, not {expected[i]}");
            }
        }
    }

    /// <summary>
    /// The 256 random trajectories of the defaults against the grid's own 1536 even ones: times move by their sampling error, a few percent of a mean square,
    /// of which a grid of second order takes the sixth root.
    /// </summary>
    [Fact]
    public void TimesOfTheDefaultsAreNearTheErrorBalancedGrid()
    {
        double[] times = NetworkProfile.Measure(VelocityOf(s_model), s_model, Solver.Heun).CreateTimes(8);
        double[] expected = s_model.CreateTimes(Grid.ErrorBalanced, 8);
        for (int i = 1; i < 8; i++)
            Assert.True(Math.Abs(times[i] - expected[i]) < 0.1 * Math.Min(expected[i - 1] - expected[i], expected[i] - expected[i + 1]), $"time {i}");
    }

    /// <summary>Steps, flow and tangents of the mixture in double precision, from the same starts.</summary>
    [Theory]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.Ddim)]
    public void ErrorsAreThoseOfTheExactFlow(Solver solver)
    {
        NetworkProfile profile = Measure(s_model, solver);
        double[] starts = Starts(s_model);
        foreach (ProfileWindow window in profile.Windows.Where((_, i) => i % 4 == 1))
        {
            FlowProgram program = s_model.CreateProgram(solver, [window.From, window.To]);
            double[] from = [.. starts], to = new double[starts.Length], product = new double[2], end = new double[2];
            s_model.FlowMaps(1, window.From, from);
            s_model.FlowMaps(window.From, window.To, from, to);
            double local = 0, propagated = 0;
            s_model.Integrate(program, from);
            for (int i = 0; i < starts.Length; i += 2)
            {
                double[] error = [from[i] - to[i], from[i + 1] - to[i + 1]];
                s_model.FlowMap(window.To, 0, to.AsSpan(i, 2), error, end, product);
                local += Square(error);
                propagated += Square(product);
            }
            local = Math.Sqrt(local / s_few.Samples);
            propagated = Math.Sqrt(propagated / s_few.Samples);
            // What a step in single precision rounds is no error of the solver.
            Close(local, window.LocalError, 0.01, 1e-6, $"{window}: local");
            Close(propagated, window.PropagatedError, 0.01, 3e-6, $"{window}: propagated");
            if (local > 1e-4) Close(propagated / local, window.Amplification, 0.01, 0, $"{window}: amplification");
        }
    }

    [Fact]
    public void RatesAreThoseOfTheJacobian()
    {
        NetworkProfile profile = s_heun.Value;
        double[] starts = Starts(s_model);
        double law = 0, own = 0;
        for (int node = 0; node < profile.Times.Length; node += 5)
        {
            double t = profile.Times[node], norm = 0, growth = 0;
            double[] x = [.. starts];
            s_model.FlowMaps(1, t, x);
            for (int i = 0; i < x.Length; i += 2)
            {
                double[] values = SymmetricMatrix.Eigen(Models.Jacobian(s_model, t, [x[i], x[i + 1]]), 2, out _);
                norm += Math.Max(Math.Abs(values[0]), Math.Abs(values[1]));
                growth += Math.Max(0, -values[0]);
            }
            Close(norm / s_few.Samples, profile.ExpectedNorms[node], 2e-3, 0, $"norm at {t}");
            Close(growth / s_few.Samples, profile.ExpectedGrowths[node], 2e-3, 1e-3, $"growth at {t}");
            (law, own) = (law + s_model.Stability.ExpectedNorm(t), own + profile.ExpectedNorms[node]);
        }
        // 64 points stand for the law.
        Close(law, own, 0.15, 0, "expected norms");
        TimeWindow danger = profile.DangerWindow!.Value;
        double total = s_model.Stability.ExpectedGrowthIntegral(0, 1);
        Assert.InRange(s_model.Stability.ExpectedGrowthIntegral(0, danger.To) / total, 0.03, 0.07);
        Assert.InRange(s_model.Stability.ExpectedGrowthIntegral(danger.From, 1) / total, 0.03, 0.07);
    }

    /// <summary>
    /// One Gaussian: x - aμ shrinks by √(λ'/λ), λ = a²v + s², Euler's step by 1 + hf, f = λ'/2λ; all in closed form. In 20 dimensions errors are carried as
    /// tangents, and the rates come from a Krylov space.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void OneGaussianHasClosedForms(int dimension)
    {
        const double variance = 0.3, mean = 0.4;
        var mixture = new Mixture([1], [[.. Enumerable.Repeat(mean, dimension)]], [Covariance.Isotropic(dimension, variance)]);
        var model = new GaussianMixtureModel(mixture, new LinearInterpolantProcess(0.05, 0.9));
        NetworkProfile profile = Measure(model, Solver.Euler, Chart.State);
        double start = 0;
        double[] starts = Starts(model);
        foreach (double value in starts) start += Math.Pow(value - 0.1 * mean, 2) / s_few.Samples;
        double Spread(double t) => (1 - t) * (1 - t) * variance + t * t;
        double Rate(double t) => (t - (1 - t) * variance) / Spread(t);

        foreach (ProfileWindow window in profile.Windows)
        {
            // The mean moves on a straight line, on which Euler is exact.
            double stretch = Math.Sqrt(Spread(window.To) / Spread(window.From)), step = 1 + (window.To - window.From) * Rate(window.From);
            double local = Math.Abs(step - stretch) * Math.Sqrt(start * Spread(window.From) / Spread(0.9));
            Close(local, window.LocalError, 1e-3, 1e-6, $"{window}: local");
            Close(Math.Sqrt(Spread(0.05) / Spread(window.To)), window.Amplification, 1e-3, 0, $"{window}: amplification");
        }
        for (int node = 0; node < profile.Times.Length; node++)
        {
            double rate = Rate(profile.Times[node]);
            Close(Math.Abs(rate), profile.ExpectedNorms[node], 1e-3, 1e-3, $"norm at {profile.Times[node]}");
            Close(Math.Max(0, -rate), profile.ExpectedGrowths[node], 1e-3, 1e-3, $"growth at {profile.Times[node]}");
        }
        Assert.InRange(profile.Doubt, 0, 1e-5);
    }

    [Fact]
    public void TangentsAndJacobiansCarryErrorsAlike()
    {
        ProfileData Of(bool usesJacobians) => new NetworkSurvey(
            VelocityOf(s_model), s_model, Solver.Heun, ChartFrame.For(Chart.Auto, Solver.Heun, s_mixture.MeanVariance),
            new NetworkConvention(), s_few, null, default)
        { UsesJacobians = usesJacobians }.Measure();
        ProfileData jacobians = Of(true), tangents = Of(false);
        Assert.Equal<double>(jacobians.LocalErrors.AsSpan(), tangents.LocalErrors.AsSpan());
        Compare.Close(jacobians.PropagatedErrors.AsSpan(), tangents.PropagatedErrors.AsSpan(), 2e-3, 1e-4);
        Assert.True(jacobians.FunctionEvaluations < tangents.FunctionEvaluations);
    }

    public static TheoryData<Prediction, NetworkTime> Conventions => new()
    {
        { Prediction.Noise, NetworkTime.Process },
        { Prediction.Data, NetworkTime.LogSnr },
        { Prediction.Score, NetworkTime.Sigma },
        { Prediction.VPrediction, NetworkTime.Process },
        { Prediction.Preconditioned, NetworkTime.LogSnr },
    };

    /// <summary>What a network gives, and in which time it counts, is no matter of its flow. Rounding of outputs is magnified by 1/s at most.</summary>
    [Theory]
    [MemberData(nameof(Conventions))]
    public void ProfileIsTheSameForEveryConvention(Prediction prediction, NetworkTime time)
    {
        var model = new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess(0.02, 0.98));
        NetworkConvention convention = new() { Prediction = prediction, Time = time, TimeScale = 2 };
        NetworkProfile expected = Measure(model, Solver.Heun);
        var actual = NetworkProfile.Measure(ExactField.Of(model, convention), model, Solver.Heun, convention, options: s_few);
        for (int i = 0; i < expected.Windows.Length; i++)
            Close(expected.Windows[i].PropagatedError, actual.Windows[i].PropagatedError, 0.01, 1e-4, $"{expected.Windows[i]}");
        Compare.Close(expected.ExpectedNorms.AsSpan(), actual.ExpectedNorms.AsSpan(), 0.01);
        Compare.Close(expected.CreateTimes(8), actual.CreateTimes(8), 5e-3);
    }

    /// <summary>A network that errs has the profile of its own flow, not of the mixture's.</summary>
    [Fact]
    public void ProfileIsTheNetworksOwn()
    {
        var other = new GaussianMixtureModel(Models.TwoPlanar(0.002), s_model.Process);
        var profile = NetworkProfile.Measure(VelocityOf(other), s_model, Solver.Heun, options: s_few);
        double[] own = s_model.CreateTimes(Grid.ErrorBalanced, 8), times = profile.CreateTimes(8);
        Assert.True(Enumerable.Range(1, 7).Max(i => Math.Abs(times[i] - own[i])) > 0.05, string.Join(" ", times));
    }

    [Fact]
    public void CountsItsEvaluationsAndReportsProgress()
    {
        long evaluations = 0;
        int greatest = 0;
        INetworkField exact = VelocityOf(s_model);
        var counting = new DelegateField(2, (time, states, outputs) =>
        {
            evaluations += states.Length / 2;
            greatest = Math.Max(greatest, states.Length / 2);
            exact.Evaluate(time, states, outputs);
        });
        var shares = new Shares();
        var profile = NetworkProfile.Measure(counting, s_model, Solver.Heun, options: s_few with { BatchSize = 24 }, progress: shares);
        Assert.Equal(evaluations, profile.TotalFunctionEvaluations);
        Assert.Equal(64 * profile.FunctionEvaluations, profile.TotalFunctionEvaluations);
        Assert.Equal((64, 24), (profile.SampleCount, greatest));
        Assert.Equal(1, shares.Values[^1]);
        Assert.Equal(shares.Values.Order(), shares.Values);
        Assert.InRange(shares.Values[^2], 0.8, 0.9991);
        // Batches are no matter of the result.
        Assert.Equal(s_heun.Value.CreateTimes(9), profile.CreateTimes(9));
    }

    [Fact]
    public void StopsWhenItIsCancelled()
    {
        using var source = new CancellationTokenSource();
        int calls = 0;
        var field = new DelegateField(2, (_, states, outputs) =>
        {
            if (++calls == 100) source.Cancel();
            states.CopyTo(outputs);
        });
        Assert.Throws<OperationCanceledException>(
            () => NetworkProfile.Measure(field, s_model, Solver.Heun, options: s_few, cancellationToken: source.Token));
        Assert.InRange(calls, 100, 120);
    }

    [Fact]
    public void RefusesWhatItCannotMeasure()
    {
        var zero = new DelegateField(2, (_, _, outputs) => outputs.Clear());
        Says("3 coordinates, the model's 2", () => NetworkProfile.Measure(new DelegateField(3, (_, _, _) => { }), s_model, Solver.Heun));
        Says("does not integrate in Chart.State", () => NetworkProfile.Measure(zero, s_model, Solver.DpmSolverPlusPlus2M, chart: Chart.State));
        Says("Edm chart is singular at t = 1", () => NetworkProfile.Measure(zero, s_model, Solver.Heun, chart: Chart.Edm));
        Says("No such solver", () => NetworkProfile.Measure(zero, s_model, (Solver)99));
        Says("No such chart", () => NetworkProfile.Measure(zero, s_model, Solver.Heun, chart: (Chart)99));
        Says("64 of 64 trajectories of the network are not finite at t = ",
            () => NetworkProfile.Measure(new DelegateField(2, (_, _, outputs) => outputs.Fill(float.NaN)), s_model, Solver.Heun, options: s_few));
        Says("double precision has too few times", () => NetworkProfile.Measure(
            zero, new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess(0.5, Math.BitIncrement(0.5))), Solver.Heun));
        // Finite on the trajectories, but not beside them, nor where the solver's step ends.
        float reach = 0;
        Says("is not finite", () => NetworkProfile.Measure(
            new DelegateField(2, (_, states, outputs) =>
            {
                outputs.Clear();
                float most = 0;
                foreach (float value in states) most = Math.Max(most, Math.Abs(value));
                if (reach == 0) reach = most;
                if (most > reach) outputs.Fill(float.NaN);
            }),
            s_model, Solver.Heun, options: s_few));
        Says("between 2 and 1000000", () => new NetworkProfileOptions { Samples = 1 });
        Says("an even number between 2 and 64", () => new NetworkProfileOptions { Substeps = 3 });
        Says("at least 1", () => new NetworkProfileOptions { BatchSize = 0 });
        Says("between 1 and 10000", () => s_heun.Value.CreateTimes(0));
        Says("between 1 and 10000", () => s_heun.Value.CreateTimes(10_001));
        Says("it needs a profile, which is measured on a network: NetworkProfile.CreateTimes", () => s_model.CreateTimes(Grid.Profile, 8));
        Says("it needs a profile", () => s_model.CreateTimes(Grid.Profile, 1));
    }

    [Fact]
    public void TimesAreDecreasingBetweenExactEnds()
    {
        foreach (int steps in (int[])[1, 2, 7, 100, 10_000])
        {
            double[] times = s_heun.Value.CreateTimes(steps);
            Assert.Equal((steps + 1, 1.0, 0.0), (times.Length, times[0], times[^1]));
            Assert.True(TimeGrid.AreDistinct(times));
        }
    }

    [Fact]
    public void FilesHoldTheSameNumbers()
    {
        string path = Path.GetTempFileName();
        try
        {
            s_heun.Value.Save(path);
            NetworkProfile read = NetworkProfile.Load(path);
            Assert.Equal(s_heun.Value.CreateTimes(11), read.CreateTimes(11));
            Assert.Equal(s_heun.Value.Windows.AsEnumerable(), read.Windows);
            Assert.Equal(s_heun.Value.ExpectedNorms.AsEnumerable(), read.ExpectedNorms);
            Assert.Equal(s_heun.Value.ExpectedGrowths.AsEnumerable(), read.ExpectedGrowths);
            Assert.Equal(
                (s_heun.Value.Solver, s_heun.Value.Chart, s_heun.Value.Doubt, s_heun.Value.SampleCount, s_heun.Value.FunctionEvaluations,
                    s_heun.Value.DangerWindow),
                (read.Solver, read.Chart, read.Doubt, read.SampleCount, read.FunctionEvaluations, read.DangerWindow));
            Assert.Equal(s_heun.Value.Process.ToString(), read.Process.ToString());
            Assert.Equal(s_heun.Value.ToString(), read.ToString());
            string text = File.ReadAllText(path);
            read.Save(path);
            Assert.Equal(text, File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Training steps are a part of the process: a file has their betas.</summary>
    [Fact]
    public void FilesHoldTrainingSteps()
    {
        var process = new VariancePreservingProcess(TrainingSchedule.ScaledLinear(steps: 200, betaStart: 0.002, betaEnd: 0.06));
        NetworkProfile measured = Measure(new GaussianMixtureModel(Models.Two(0.25), process), Solver.DpmSolverPlusPlus2M);
        string path = Path.GetTempFileName();
        try
        {
            measured.Save(path);
            NetworkProfile read = NetworkProfile.Load(path);
            Assert.True(read.Process.IsSame(process));
            Assert.Equal(measured.CreateTimes(8), read.CreateTimes(8));
            Assert.False(read.Process.IsSame(new VariancePreservingProcess(TrainingSchedule.Linear(steps: 200, betaStart: 0.002, betaEnd: 0.06))));
            string text = File.ReadAllText(path);
            Refuses("\"Betas\": [2, ", "Betas[0] is 2", "less than 1");
            Refuses("\"Others\": [", "has no \"Betas\"");

            void Refuses(string start, params string[] words)
            {
                File.WriteAllText(path, text.Replace("\"Betas\": [", start, StringComparison.Ordinal));
                string message = Assert.Throws<ProfileFormatException>(() => NetworkProfile.Load(path)).Message;
                Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static NetworkProfile Measure(GaussianMixtureModel model, Solver solver, Chart chart = Chart.Auto)
        => NetworkProfile.Measure(VelocityOf(model), model, solver, chart: chart, options: s_few);

    private static DelegateField VelocityOf(GaussianMixtureModel model) => new(model.Dimension, (time, states, outputs) =>
    {
        Span<double> x = stackalloc double[model.Dimension], velocity = stackalloc double[model.Dimension];
        for (int i = 0; i < states.Length; i += x.Length)
        {
            for (int j = 0; j < x.Length; j++) x[j] = states[i + j];
            model.Velocity(time, x, velocity);
            for (int j = 0; j < x.Length; j++) outputs[i + j] = (float)velocity[j];
        }
    });

    private static double[] Starts(GaussianMixtureModel model)
        => Array.ConvertAll(FlowSampling.DrawPrior<float>(model, s_few.Samples, s_few.Seed), value => (double)value);

    /// <summary>The mixture's grid from the same starts.</summary>
    private static double[] OwnTimes(GaussianMixtureModel model, Solver solver, int steps)
    {
        var pilot = new PilotModel(model.Mixture, model.Process, default);
        Assert.Same(model.Mixture, pilot.Mixture);
        double[][] starts = [.. Starts(model).Chunk(model.Dimension)];
        double[] nodes = PilotTimes.Create(model.Mixture, model.Process, ErrorWindows.Intervals);
        var errors = new ErrorProfile(pilot, PilotPath.Follow(pilot, nodes, Batch.Of(starts)));
        var request = new GridRequest(Grid.ErrorBalanced, steps, solver, ChartFrame.For(Chart.Auto, solver, model.Mixture.MeanVariance));
        return ErrorBalancedGrid.TimesOf(request, errors)!;
    }

    private static double Square(double[] values) => values.Sum(value => value * value);

    private static void Close(double expected, double actual, double tolerance, double floor, string what)
        => Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected) + floor, $"{what}: expected {expected}, got {actual}");

    private static void Says(string words, Func<object> action)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(action);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
