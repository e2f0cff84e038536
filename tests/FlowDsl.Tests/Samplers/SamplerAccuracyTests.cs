using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>
/// Samplers against the run-time model, which runs the same program sample by sample in double precision with arithmetic that
/// does not cancel.
/// </summary>
public class SamplerAccuracyTests(ITestOutputHelper output)
{
    // What a float sampler promises a function evaluation: some thirty roundings of 2^-24, relative to the state.
    private const double SingleUnit = 2e-6;

    // For all evaluations together: thousands of roundings of 2^-53, many of which are of energies of a hundred bits.
    private const double DoubleUnit = 1e-12;

    public static TheoryData<string> Singles => new(SamplerUnderTest<float>.ExactNames);

    public static TheoryData<string> Doubles => new(SamplerUnderTest<double>.ExactNames);

    public static TheoryData<string, Solver, Chart> Tables
    {
        get
        {
            var data = new TheoryData<string, Solver, Chart>();
            foreach (string mixture in s_mixtures.Keys)
                foreach (Solver solver in Models.Solvers)
                    foreach (Chart chart in Enum.GetValues<Chart>().Where(chart => ChartFrame.Exists(chart, solver)))
                        data.Add(mixture, solver, chart);
            return data;
        }
    }

    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        // Five components and five coordinates: loops of four and a remainder.
        ["isotropic"] = Random(5, 5, (d, k) => Covariance.Isotropic(d, 0.3 + 0.1 * k)),
        ["diagonal"] = Random(5, 6, (d, k) => Covariance.Diagonal([.. Enumerable.Range(0, d).Select(j => 0.3 + 0.1 * ((j + k) % 4))])),
        ["full"] = Random(3, 3, (d, k) => Correlated(d, 0.1 + 0.1 * k)),
        ["mixed"] = Random(3, 6, (d, k) => (k % 3) switch
        {
            0 => Covariance.Isotropic(d, 0.4),
            1 => Covariance.Diagonal([0.3, 0.6, 0.4]),
            _ => Correlated(d, 0.2),
        }),
        ["one component"] = Random(2, 1, (d, _) => Correlated(d, 0.3)),
    };

    /// <summary>Every double sampler there is: each solver in each chart straight-line under each process, and the loop forms.</summary>
    [Theory]
    [MemberData(nameof(Doubles))]
    public void DoubleSamplersAreTheModelsProgram(string name)
    {
        var sampler = SamplerUnderTest<double>.Get(name);
        int samples = sampler.Descriptor.SegmentCount > 50 ? 5 : 40, d = sampler.Dimension;
        double[] starts = sampler.Starts(samples), ends = [.. starts];
        sampler.Integrate(ends);
        double unit = DoubleUnit / sampler.Descriptor.FunctionEvaluations;
        double worst = Compared(name, sampler.Model, sampler.Program(), i => sampler.Program(i, 1), starts, ends, d, unit);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {worst:F4} of 1e-12"));
    }

    [Theory]
    [MemberData(nameof(Singles))]
    public void SingleSamplersAreNearTheModelsProgram(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        int samples = sampler.Descriptor.SegmentCount > 50 ? 10 : 100, d = sampler.Dimension;
        float[] states = sampler.Starts(samples);
        double[] starts = [.. states.Select(x => (double)x)];
        sampler.Integrate(states);
        double[] ends = [.. states.Select(x => (double)x)];
        double worst = Compared(name, sampler.Model, sampler.Program(), i => sampler.Program(i, 1), starts, ends, d, SingleUnit);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {worst:F4} of 2e-6 · NFE"));
    }

    /// <summary>The loop form for every kind of covariance, solver and chart, in both precisions.</summary>
    [Theory]
    [MemberData(nameof(Tables))]
    public void LoopsOverTablesAreTheModelsProgram(string mixture, Solver solver, Chart chart)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], new OrnsteinUhlenbeckProcess(horizon: 1.5, earlyStop: 0.02));
        int d = model.Dimension;
        double[] times = model.CreateTimes(Grid.Angle, 4);
        FlowProgram program = model.CreateProgram(solver, times, chart);
        double[] starts = FlowSampling.DrawPrior<double>(model, 9, 5), ends = [.. starts];
        BlockDriver.Integrate(new TableKernel<double>(model.Mixture, program), ends.AsSpan());
        Compared(mixture, model, program, Step, starts, ends, d, DoubleUnit / program.FunctionEvaluations);

        float[] singles = [.. starts.Select(x => (float)x)];
        double[] rounded = [.. singles.Select(x => (double)x)];
        BlockDriver.Integrate(new TableKernel<float>(model.Mixture, program), singles.AsSpan());
        Compared(mixture, model, program, Step, rounded, [.. singles.Select(x => (double)x)], d, SingleUnit);

        FlowProgram Step(int i) => model.CreateProgram(solver, times[i..(i + 2)], chart);
    }

    /// <summary>
    /// Near the ridge between two modes the flow stretches every error, rounding included: there the allowance is that of a
    /// calm sample times the stretching of the remaining steps.
    /// </summary>
    [Theory]
    [InlineData("TwoModes.Heun8")]
    [InlineData("TwoModes.Multistep12")]
    [InlineData("Ring.Heun8")]
    public void NearARidgeErrorsGrowWithTheFlow(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        var sensitivity = new Sensitivity(sampler.Model, i => sampler.Program(i, 1), sampler.Descriptor.SegmentCount);
        double greatest = 0;
        foreach (float distance in new[] { 1e-1f, 1e-2f, 1e-3f, 1e-4f, 1e-5f })
        {
            // The ring's ridges lie between its modes, the first at an angle of π/8.
            float[] state = sampler.Dimension == 1 ? [distance] : [1.2f + distance, 1.2f * 0.41421357f];
            double[] start = [.. state.Select(x => (double)x)], expected = [.. start];
            sampler.Model.Integrate(sampler.Program(), expected);
            sampler.Integrate(state);
            double stretching = sensitivity.Stretching(start), allowance = sensitivity.Allowance(SingleUnit, start);
            double error = Compare.Distance(expected, [.. state.Select(x => (double)x)]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name} at {distance}: stretching {stretching:F1}, error {error / allowance:F4} of 2e-6 · NFE"));
            Assert.True(error <= allowance * stretching, $"at {distance}: error {error:E2}, allowed {allowance:E2} · {stretching:F1}");
            greatest = Math.Max(greatest, stretching);
        }
        // Else the samples were nowhere near a ridge.
        Assert.True(greatest > 20, $"{greatest}");
    }

    /// <summary>Compares sample by sample; returns the worst error as a part of what is allowed.</summary>
    private static double Compared(
        string name, GaussianMixtureModel model, FlowProgram program, Func<int, FlowProgram> step, double[] starts, double[] ends, int d, double unit)
    {
        var sensitivity = new Sensitivity(model, step, program.Steps.Length);
        double[] expected = [.. starts];
        model.Integrate(program, expected);
        double worst = 0;
        for (int row = 0; row < starts.Length; row += d)
        {
            double allowance = sensitivity.Allowance(unit, starts.AsSpan(row, d));
            Compare.Within(expected.AsSpan(row, d), ends.AsSpan(row, d), allowance, $"{name}, sample {row / d}");
            worst = Math.Max(worst, Compare.Distance(expected.AsSpan(row, d), ends.AsSpan(row, d)) / allowance);
        }
        return worst;
    }

    private static Mixture Random(int d, int count, Func<int, int, Covariance> covariance)
    {
        double[] means = new double[d];
        return new Mixture(
            [.. Enumerable.Range(0, count).Select(k => 2.0 * (k + 1) / (count * (count + 1)))],
            [.. Enumerable.Range(0, count).Select(k =>
            {
                NormalSource.Fill(3, k, means);
                return (double[])[.. means];
            })],
            [.. Enumerable.Range(0, count).Select(k => covariance(d, k))]);
    }

    private static Covariance Correlated(int d, double correlation)
    {
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) matrix[i * d + j] = i == j ? 0.4 + 0.1 * i : 0.5 * correlation;
        return Covariance.Full(d, matrix);
    }
}
