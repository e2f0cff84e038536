using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Tests;

/// <summary>What a search of a method measures, and that its steps are consistent whatever the weights.</summary>
public class BespokeErrorsTests
{
    private const int Steps = 5;

    /// <summary>Jᵀr is half the derivative of the mean squared error, here by differences of whole runs.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.325)]
    public void DerivativesAreDifferences(double variance)
    {
        PilotModel model = new(Models.Crossing(), Models.Ou(), CancellationToken.None);
        ChartFrame frame = ChartFrame.Canonical(variance);
        var errors = new BespokeErrors(model, frame, Steps, Follow(model, 37));
        BespokeMethod method = Start(model.Process, frame);
        (double[] matrix, double[] gradient) = errors.Normal(method);
        Assert.Equal(Steps - 1 + 10, gradient.Length);
        for (int p = 0; p < gradient.Length; p++)
        {
            const double h = 1e-5;
            double expected = (errors.Of(Moved(method, model.Process, p, h)) - errors.Of(Moved(method, model.Process, p, -h))) / (2 * h);
            Assert.Equal(expected, 2 * gradient[p], 1e-4 * Math.Abs(expected) + 1e-9);
            Assert.True(matrix[p * gradient.Length + p] > 0);
        }
    }

    /// <summary>Where squares saturate, it is half the derivative of the saturated ones.</summary>
    [Fact]
    public void DerivativesOfSaturatedSquaresAreDifferences()
    {
        PilotModel model = new(Models.Two(0.25), Models.Ou(), CancellationToken.None);
        ChartFrame frame = ChartFrame.Canonical(0);
        var errors = new BespokeErrors(model, frame, Steps, Follow(model, 37)) { Saturation = 1e-3 };
        BespokeMethod method = Start(model.Process, frame);
        (_, double[] gradient) = errors.Normal(method);
        for (int p = 0; p < gradient.Length; p++)
        {
            const double h = 1e-5;
            double expected = (errors.Saturated(Moved(method, model.Process, p, h)) - errors.Saturated(Moved(method, model.Process, p, -h))) / (2 * h);
            Assert.Equal(expected, 2 * gradient[p], 1e-4 * Math.Abs(expected) + 1e-9);
        }
    }

    /// <summary>Data at one point have a constant slope: every sample ends where the flow does, x₀ in closed form, whatever the weights are.</summary>
    [Fact]
    public void AnyWeightsIntegrateAConstantSlopeExactly()
    {
        double[] mean = [0.7, -1.3];
        var random = new Random(7);
        foreach (Process process in Models.Processes())
        {
            var mixture = new Mixture([1], [mean], [Covariance.Isotropic(2, 0)]);
            double[] weights = [.. Enumerable.Range(0, DiscoveredSteps.Count(Steps)).Select(_ => 6 * random.NextDouble() - 3)];
            double[] times =
                [.. Enumerable.Range(0, Steps + 1).Select(i => process.Horizon * Math.Pow(process.EarlyStop / process.Horizon, (double)i / Steps))];
            (times[0], times[^1]) = (process.Horizon, process.EarlyStop);
            FlowProgram program = FlowProgram.Create(process, ChartFrame.Canonical(0), times, weights);
            Assert.Equal(Steps - 1, program.HistoryLength);
            foreach (FlowStep step in program.Steps)
            {
                double factor = step.Results[0].Slopes.Sum();
                foreach (Combination result in step.Results) Assert.Equal(factor, result.Slopes.Sum(), 1e-13 * result.Slopes.Sum(Math.Abs));
            }
            ProcessPoint from = process.At(process.Horizon), to = process.At(process.EarlyStop);
            double[] x = [1.1, 0.4], states = [.. x];
            new GaussianMixtureModel(mixture, process).Integrate(program, states);
            for (int j = 0; j < 2; j++) Assert.Equal(to.A * mean[j] + to.S / from.S * (x[j] - from.A * mean[j]), states[j], 1e-12);
        }
    }

    /// <summary>A multistep solver is such a method too, with the same bits of its weights up to rounding.</summary>
    [Theory]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    [InlineData(Solver.DpmSolverPlusPlus3M)]
    [InlineData(Solver.UniPC2)]
    [InlineData(Solver.UniPC3)]
    public void MultistepSolversAreSuchMethods(Solver solver)
    {
        Process process = Models.Ou();
        double[] times = new GaussianMixtureModel(Models.Two(0.25), process).CreateTimes(Grid.UniformLogSnr, Steps, solver);
        FlowProgram program = FlowProgram.Create(process, ChartFrame.Canonical(0), solver, times);
        FlowProgram same = BespokeMethod.Of(program)!.Program(process, ChartFrame.Canonical(0))!;
        for (int i = 0; i < Steps; i++)
        {
            Combination expected = program.Steps[i].Results[^1], actual = same.Steps[i].Results[^1];
            Assert.Equal(expected.State, actual.State, 1e-14);
            for (int age = 0; age < actual.Slopes.Length; age++)
                Assert.Equal(age < expected.Slopes.Length ? expected.Slopes[age] : 0, actual.Slopes[age], 1e-12);
        }
    }

    [Fact]
    public void WrongNumbersOfWeightsAndOtherChartsAreRefused()
    {
        Process process = Models.Ou();
        double[] times = [3, 1, 0.1, 0.001];
        Assert.Contains(
            "2 weights; 3 steps have 3",
            Assert.Throws<ArgumentException>(() => FlowProgram.Create(process, ChartFrame.Canonical(0), times, [0.1, 0.2])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Chart.State", Assert.Throws<ArgumentException>(() => FlowProgram.Create(process, ChartFrame.State, times, [0.1, 0.2, 0.3])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "weights of its own", Assert.Throws<ArgumentException>(() => FlowProgram.Create(process, ChartFrame.Canonical(0), Solver.Bespoke, times)).Message,
            StringComparison.Ordinal);
    }

    private static BespokeMethod Start(Process process, ChartFrame frame)
        => BespokeMethod.Of(FlowProgram.Create(process, frame, Solver.DpmSolverPlusPlus3M, [3, 1.4, 0.6, 0.2, 0.03, 0.001]))!;

    private static BespokeMethod Moved(BespokeMethod method, Process process, int parameter, double length)
    {
        double[] times = [.. method.Times], weights = [.. method.Weights];
        int inner = times.Length - 2;
        if (parameter < inner) times[parameter + 1] = process.TimeAt(process.At(times[parameter + 1]).NoiseToSignal * Math.Exp(length));
        else weights[parameter - inner] += length;
        return new BespokeMethod([.. times], [.. weights]);
    }

    private static PilotPath Follow(PilotModel model, int samples)
        => PilotPath.Follow(
            model, PilotTimes.Create(model.Mixture, model.Process, 32), Batch.Of(PriorPoints.Draw(model.Mixture, model.Process, samples).Pilot));
}
