using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Trackers;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>Tangents against differences of the flow they are tangents of, and steps' own errors against the exact flow map.</summary>
public class TangentTests(ITestOutputHelper output)
{
    public static TheoryData<string> Samplers => new(SamplerUnderTest<double>.Names);

    /// <summary>The amplification is the root mean square of the lengths of the directions' images.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void TangentsAreDerivatives(string name)
    {
        const int count = 12;
        const double step = 1e-5;
        var sampler = SamplerUnderTest<double>.Get(name);
        int d = sampler.Dimension, directions = Math.Min(d, 2);
        FlowProgram program = sampler.Program();
        Mixture mixture = sampler.Model.Mixture;
        double[] starts = sampler.Starts(count), ends = [.. starts], ownEnds = [.. starts];
        var errors = new FlowError[count];
        var kernel = new TableKernel<double>(mixture, program);
        new TangentRun<TangentKernel<double>, double>(new(mixture, program, errors: null, 1 + directions)).Integrate(ownEnds, errors, hasEstimates: false);
        BlockDriver.Integrate(kernel, ends);
        Compare.Close(ends, ownEnds, 1e-12 * Math.Max(1, ends.Max(Math.Abs)), what: name);

        double[] growth = new double[count];
        for (int direction = 0; direction < directions; direction++)
        {
            double[] ahead = [.. starts], behind = [.. starts];
            for (int i = 0; i < count * d; i++)
            {
                double part = step * (d == directions ? (i % d == direction ? 1 : 0) : SplitMix.Sign(1 + direction, i % d) / Math.Sqrt(d));
                (ahead[i], behind[i]) = (ahead[i] + part, behind[i] - part);
            }
            BlockDriver.Integrate(kernel, ahead);
            BlockDriver.Integrate(kernel, behind);
            for (int i = 0; i < count; i++)
                for (int j = i * d; j < (i + 1) * d; j++) growth[i] += Math.Pow((ahead[j] - behind[j]) / (2 * step), 2) / directions;
        }
        // Differences over a step h are wrong by h² times a third derivative, the cube of a second one's size where modes part, and by the rounding of
        // what is subtracted.
        double rounding = Math.ScaleB(ends.Max(Math.Abs), -52) / step;
        for (int i = 0; i < count; i++)
            Assert.Equal(1, errors[i].Amplification / Math.Sqrt(growth[i]), 1e-5 + rounding / Math.Sqrt(growth[i]));
    }

    /// <summary>Straight-line tangents come from the expression graph, those of loops from the tables: two derivations of one thing.</summary>
    [Theory]
    [MemberData(nameof(TangentSamplers))]
    public void StraightLineTangentsAreThoseOfTheLoops(string name)
    {
        const int count = 50;
        var sampler = SamplerUnderTest<double>.Get(name);
        SamplerDescriptor descriptor = sampler.Descriptor;
        double[] starts = sampler.Starts(count), ends = [.. starts];
        FlowError[] errors = new FlowError[count], expected = new FlowError[count];
        sampler.Integrate(ends, errors);
        var local = LocalErrors.Of(sampler.Model.Mixture, sampler.Model.Process, descriptor.Frame, descriptor.Solver, descriptor.Times);
        int tangents = descriptor.Tracking == Tracking.Local ? 0 : LocalErrors.TangentCount(sampler.Dimension);
        TangentKernel<double> kernel = new(sampler.Model.Mixture, sampler.Program(), local, tangents);
        new TangentRun<TangentKernel<double>, double>(kernel).Integrate(starts, expected, hasEstimates: true);
        for (int i = 0; i < count; i++)
        {
            if (tangents > 0) Assert.Equal(1, errors[i].Amplification / expected[i].Amplification, 1e-7);
            if (local is not null) Assert.Equal(expected[i].Estimate, errors[i].Estimate, 1e-7 * expected[i].Estimate + 1e-12);
        }
    }

    public static TheoryData<string> TangentSamplers
        => new(SamplerUnderTest<double>.Names.Where(name => SamplerUnderTest<double>.Get(name).Descriptor.Tracking is Tracking.Tangent or Tracking.Local));

    /// <summary>Of one component, the flow is affine and stretches all directions by one factor.</summary>
    [Fact]
    public void TheAmplificationOfOneGaussianIsTheRatioOfItsDeviations()
    {
        var mixture = new Mixture([1], [[0.5, -1, 2]], [Covariance.Isotropic(3, 0.25)]);
        Process process = new OrnsteinUhlenbeckProcess();
        double[] times = [.. TimeGrid.Create(new GridRequest(Grid.Angle, 40, Solver.RungeKutta4, ChartFrame.State), new ModelAnalysis(mixture, process)).Times];
        var program = FlowProgram.Create(process, ChartFrame.State, Solver.RungeKutta4, times);
        var errors = new FlowError[4];
        new TangentRun<TangentKernel<double>, double>(new(mixture, program, errors: null, 3)).Integrate(new double[12], errors, hasEstimates: false);
        double exact = Math.Sqrt(process.At(process.EarlyStop).Spread(0.25) / process.At(process.Horizon).Spread(0.25));
        foreach (FlowError error in errors) Assert.Equal(exact, error.Amplification, 1e-6);
    }

    /// <summary>The estimates of methods of first and second order become exact as steps become short.</summary>
    [Theory]
    [InlineData("TrackedPair.EulerTangent", 2)]
    [InlineData("TrackedPair.HeunTangent", 2)]
    // Its steps' errors nearly cancel on some trajectories.
    [InlineData("TrackedPair.MidpointTangent", 4)]
    public void ShortStepsAreEstimatedExactly(string name, double factor)
    {
        double[] ratios = Ratios(name, 100);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: 5 % {ratios[5]:F3}, median {ratios[50]:F3}, 95 % {ratios[94]:F3}"));
        Assert.InRange(ratios[50], 0.9, 1.1);
        Assert.InRange(ratios[5], 1 / factor, factor);
        Assert.InRange(ratios[94], 1 / factor, factor);
    }

    /// <summary>Eight steps on eight modes: no more than the right order of magnitude is asked of these estimates.</summary>
    [Fact]
    public void LongStepsAreEstimatedWithinAFactor()
    {
        double[] ratios = Ratios("TrackedRing.Tangent", 200);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"5 % {ratios[10]:F3}, median {ratios[100]:F3}, 95 % {ratios[189]:F3}"));
        Assert.InRange(ratios[100], 0.5, 2);
    }

    /// <summary>A partner is consistent: it integrates what is constant and, but for Euler's, what is linear in the clock.</summary>
    [Theory]
    [InlineData(Solver.Euler, 1)]
    [InlineData(Solver.Ddim, 1)]
    [InlineData(Solver.Midpoint, 2)]
    [InlineData(Solver.Heun, 2)]
    [InlineData(Solver.BogackiShampine32, 2)]
    [InlineData(Solver.RungeKutta4, 2)]
    [InlineData(Solver.DormandPrince54, 2)]
    public void EstimatesVanishWhereTheMethodIsExact(Solver solver, int moments)
    {
        var mixture = new Mixture([0.5, 0.5], [[-1], [1]], [Covariance.Isotropic(1, 0.25), Covariance.Isotropic(1, 0.25)]);
        Process process = new OrnsteinUhlenbeckProcess();
        var frame = ChartFrame.For(Chart.Auto, solver, 0.25);
        double[] times = [3, 1.2, 0.7, 0.2, 0.05];
        var method = SolverMethod.Of(solver);
        StepError[] steps = LocalErrors.Of(mixture, process, frame, solver, times)!.Steps;
        double[] clocks = [.. times.Select(time => frame.Clock(process.At(time)))];
        for (int i = 0; i < steps.Length; i++)
        {
            double length = clocks[i + 1] - clocks[i], size = frame.Scale(process.At(times[i + 1])) * Math.Abs(length);
            double previous = i == 0 ? 0 : (clocks[i - 1] - clocks[i]) / length;
            for (int power = 0; power < moments; power++)
            {
                double sum = steps[i].Next + steps[i].Previous * Math.Pow(previous, power);
                for (int l = 0; l < method.Nodes.Length; l++) sum += steps[i].Slopes[l] * Math.Pow(method.Nodes[l], power);
                Assert.Equal(0, sum / size, 1e-13);
            }
        }
    }

    /// <summary>Data prediction ends in a step of infinite length, whose error has an estimate too.</summary>
    [Fact]
    public void TheLastStepOfDataPredictionHasAnError()
    {
        var mixture = new Mixture([0.5, 0.5], [[-1], [1]], [Covariance.Isotropic(1, 0.04), Covariance.Isotropic(1, 0.04)]);
        var model = new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess(earlyStop: 0));
        double[] times = [3, 0.02, 0];
        FlowProgram program = model.CreateProgram(Solver.Ddim, times);
        LocalErrors local = LocalErrors.Of(mixture, model.Process, ChartFrame.Canonical(0), Solver.Ddim, times)!;
        // From a state at the first node on: the last step alone.
        double[] start = [0.8];
        var kernel = new TableKernel<double>(mixture, program);
        double[] node = [.. start], end;
        BlockDriver.Integrate(kernel, node, 0, 1);
        end = [.. node];
        BlockDriver.Integrate(kernel, end, 1, 1);
        double[] exact = new double[1];
        model.FlowMap(0.02, 0, node, exact);
        StepError step = local.Steps[1];
        double[] slope = new double[1], last = new double[1];
        model.PosteriorMean(0.02, node, slope);
        // At t = 0 the canonical slope is x - av C⁻¹(x - μ) with C = v: the mean of the component that owns x.
        last[0] = Math.Sign(end[0]);
        double estimate = step.State * node[0] + step.Slopes[0] * slope[0] + step.Next * last[0];
        Assert.InRange(estimate / (end[0] - exact[0]), 0.7, 1.4);
    }

    private static double[] Ratios(string name, int count)
    {
        var sampler = SamplerUnderTest<double>.Get(name);
        int d = sampler.Dimension;
        double[] starts = sampler.Starts(count), states = [.. starts], exact = new double[d];
        var errors = new FlowError[count];
        sampler.Integrate(states, errors);
        double[] ratios = new double[count];
        for (int i = 0; i < count; i++)
        {
            sampler.Model.FlowMap(sampler.Model.Process.Horizon, sampler.Model.Process.EarlyStop, starts.AsSpan(i * d, d), exact);
            double square = 0;
            for (int j = 0; j < d; j++) square += Math.Pow(exact[j] - states[i * d + j], 2);
            ratios[i] = errors[i].Estimate / Math.Sqrt(square);
        }
        Array.Sort(ratios);
        return ratios;
    }
}
