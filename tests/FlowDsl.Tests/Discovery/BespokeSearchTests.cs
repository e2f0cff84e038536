using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Trajectories;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>What searches find, on starts that they have not seen and against the flow by another integrator.</summary>
public class BespokeSearchTests(ITestOutputHelper output)
{
    private static readonly Solver[] s_multistep = [Solver.DpmSolverPlusPlus2M, Solver.DpmSolverPlusPlus3M, Solver.UniPC2, Solver.UniPC3];

    /// <summary>
    /// Mixtures of three kinds: the error is at most a fifth of the best multistep solver's on its best grid, and about what the search says.
    /// </summary>
    [Fact]
    [Trait("Hardware", "Any")]
    public void FoundMethodsAreFarBetterThanTheListedOnes()
    {
        Mixture[] mixtures = [Models.Two(0.25), Models.TwoPlanar(0.04), Models.Crossing()];
        double ratios = 0;
        foreach (Mixture mixture in mixtures)
        {
            var model = new GaussianMixtureModel(mixture, Models.Ou());
            (double[] starts, double[] ends) = Exact(model, 2000, seed: 5);
            SamplerDescriptor found = SamplerDescriptor.Discover(model, 6)!;
            double own = Error(model, found.Program, starts, ends);
            double best = s_multistep.Min(solver => Error(model, model.CreateProgram(solver, model.CreateTimes(Grid.Optimal, 6, solver)), starts, ends));
            output.WriteLine($"K = {mixture.Count}: {own:E2}, said {found.Search!.HeldOut:E2}, of the listed {best:E2}");
            ratios += Math.Log(best / own);
            // Rare trajectories decide, so either may be a few times the other.
            Assert.InRange(own / found.Search.HeldOut, 0.02, 50);
        }
        Assert.True(Math.Exp(ratios / mixtures.Length) >= 5, $"{Math.Exp(ratios / mixtures.Length):F1} times");
    }

    /// <summary>The same bits with vectors of any width, and without.</summary>
    [Fact]
    public void ASearchIsDeterministic()
    {
        PilotModel model = new(Models.Two(0.25), Models.Ou(), CancellationToken.None);
        ChartFrame frame = ChartFrame.Canonical(0);
        PilotPath path = PilotPath.Follow(
            model, PilotTimes.Create(model.Mixture, model.Process, 12), Batch.Of(PriorPoints.Draw(model.Mixture, model.Process, 61).Pilot));
        BespokeMethod start = BespokeMethod.Of(FlowProgram.Create(model.Process, frame, Solver.DpmSolverPlusPlus2M, [3, 0.6, 0.1, 0.001]))!;
        BespokeMethod end = new BespokeDescent(new BespokeErrors(model, frame, 3, path), model.Process)
            .Find(start, 5, double.PositiveInfinity, saturates: true);
        string bits = string.Join(" ", end.Times.Skip(1).Take(2).Concat(end.Weights).Select(value => $"{BitConverter.DoubleToInt64Bits(value):X16}"));
        output.WriteLine(bits);
        Assert.Equal("3FD208037F36876C 3FA3A4B8F0A2224C BFE69125377C474E BFFE66645E8C1FD7 3FE0CD2804D629D2", bits);
    }

    /// <summary>The generated sampler is the run-time one, and carries its whole memory from call to call.</summary>
    [Fact]
    public void GeneratedSamplersRunTheirWeights()
    {
        SamplerDescriptor plan = Found.Own.Descriptor;
        Assert.Equal((Solver.Bespoke, null, 5, 4), (plan.Solver, plan.Grid, plan.FunctionEvaluations, plan.HistoryLength));
        Assert.Equal(10, plan.Weights!.Count);
        GaussianMixtureModel model = plan.Model;
        (double[] starts, double[] ends) = Exact(model, 500, seed: 6);
        float[] states = Array.ConvertAll(starts, value => (float)value);
        Found.Own.Integrate(states);
        double[] expected = [.. starts];
        model.Integrate(plan.Program, expected);
        for (int i = 0; i < states.Length; i++) Assert.Equal(expected[i], states[i], 1e-3);
        double error = Relative(Array.ConvertAll(states, value => (double)value), ends);
        output.WriteLine($"{error:E2}, {plan.Search}");
        Assert.True(error < 1e-3);
        double[] doubles = [.. starts];
        Found.OwnDouble.Integrate(doubles);
        Assert.Equal(Chart.Canonical, Found.OwnDouble.Descriptor.Chart);
        Assert.True(Relative(doubles, ends) < 1e-2);
    }

    /// <summary>A network that gives the mixture's own velocities ends where the sampler does.</summary>
    [Fact]
    public void NetworksRunTheSameWeights()
    {
        GaussianMixtureModel model = Found.Own.Descriptor.Model;
        float[] states = FlowSampling.DrawPrior<float>(model, 40, seed: 8), expected = [.. states];
        Found.Own.Integrate(expected);
        var sampler = new FieldSampler(Found.Own.Descriptor);
        sampler.Integrate(states, new OwnVelocity(model));
        for (int i = 0; i < states.Length; i++) Assert.Equal(expected[i], states[i], 1e-3);
    }

    /// <summary>What the generator chooses is at most a twentieth worse than any solver of the list on its automatic grid with as many evaluations.</summary>
    [Fact]
    [Trait("Hardware", "Any")]
    public void ChosenSamplersAreAsGoodAsAnyOfTheList()
    {
        GaussianMixtureModel model = Found.Best.Descriptor.Model;
        (double[] starts, double[] ends) = Exact(model, 4000, seed: 9);
        double[] states = [.. starts];
        Found.Best.Integrate(states);
        double own = Relative(states, ends);
        foreach (Solver solver in Models.Solvers)
        {
            int steps = 6 / SolverMethod.Of(solver).Nodes.Length;
            if (steps == 0) continue;
            double other = Error(model, model.CreateProgram(solver, model.CreateTimes(Grid.Auto, steps, solver)), starts, ends);
            output.WriteLine($"{solver}: {other:E2}, chosen {Found.Best.Descriptor.Solver} {own:E2}");
            Assert.True(own <= 1.05 * other, $"{solver} in {steps} steps has {other:E2}, and what was chosen {own:E2}");
        }
    }

    /// <summary>The declared error is met, and not by many more evaluations than needed.</summary>
    [Fact]
    public void ChosenSamplersHaveTheErrorThatWasAskedFor()
    {
        (double[] starts, double[] ends) = Exact(Found.Exact.Descriptor.Model, 2000, seed: 10);
        float[] states = Array.ConvertAll(starts, value => (float)value);
        Found.Exact.Integrate(states);
        double error = Relative(Array.ConvertAll(states, value => (double)value), ends);
        output.WriteLine($"{Found.Exact.Descriptor}: {error:E2}");
        Assert.True(error < 2e-3, $"{error:E2}");
        Assert.InRange(Found.Exact.Descriptor.FunctionEvaluations, 2, 8);
    }

    private static (double[] Starts, double[] Ends) Exact(GaussianMixtureModel model, int count, ulong seed)
    {
        double[] starts = FlowSampling.DrawPrior<double>(model, count, seed), ends = new double[starts.Length];
        int d = model.Dimension;
        for (int i = 0; i < count; i++)
            model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, starts.AsSpan(i * d, d), ends.AsSpan(i * d, d), 1e-8);
        return (starts, ends);
    }

    private static double Error(GaussianMixtureModel model, FlowProgram program, double[] starts, double[] ends)
    {
        double[] states = [.. starts];
        model.Integrate(program, states);
        return Relative(states, ends);
    }

    private static double Relative(double[] states, double[] ends) => states.Zip(ends, (x, y) => (x - y) * (x - y)).Sum() / ends.Sum(y => y * y);

    private sealed class OwnVelocity(GaussianMixtureModel model) : INetworkField
    {
        public int Dimension => model.Dimension;

        public void Evaluate(double time, ReadOnlySpan<float> states, Span<float> outputs)
        {
            double[] x = new double[Dimension], velocity = new double[Dimension];
            for (int i = 0; i < states.Length; i += Dimension)
            {
                for (int j = 0; j < x.Length; j++) x[j] = states[i + j];
                model.Velocity(time, x, velocity);
                for (int j = 0; j < x.Length; j++) outputs[i + j] = (float)velocity[j];
            }
        }
    }
}
