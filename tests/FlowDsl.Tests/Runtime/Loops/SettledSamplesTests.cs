using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>Samples that leave the coefficients' loop, against the run-time model and loops over tables, which evaluate all components to the end.</summary>
public class SettledSamplesTests
{
    // As LoopFormTests: a unit an evaluation in single precision, and for all of them in double.
    private const double SingleUnit = 2e-6, DoubleUnit = 1e-12;

    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        ["apart"] = Normals(12, 9, 4),
        ["apart, elsewhere"] = Normals(7, 6, 5, shift: 30),
        ["overlapping"] = Normals(5, 7, 0.4),
        ["half and half"] = Doubled(Normals(9, 8, 4), 1.0, 4),
        ["twins"] = Doubled(Normals(8, 7, 4), 0, 2),
        ["nearly nothing"] = Weighted(Normals(8, 5, 4), 1e-12),
        ["one"] = Normals(4, 1, 2),
        ["one of many places"] = Doubled(Normals(3, 2, 0), 0, 2),
    };

    private static readonly Dictionary<string, Process> s_processes = new()
    {
        ["OU"] = new OrnsteinUhlenbeckProcess(beta: 0.8, horizon: 2, earlyStop: 0.02, sigma: 1.3),
        ["VE"] = new VarianceExplodingProcess(0.05, 20),
        ["LI"] = new LinearInterpolantProcess(0.01),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string mixture in s_mixtures.Keys)
                foreach (string process in s_processes.Keys) data.Add(mixture, process);
            return data;
        }
    }

    /// <summary>Every solver in every chart.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void EverySolversProgramIsTheModels(string mixture, string process)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes[process]);
        foreach (Solver solver in Models.Solvers)
        {
            foreach (Chart chart in Enum.GetValues<Chart>().Where(chart => ChartFrame.Exists(chart, solver)))
            {
                if (TryProgram(model, solver, 8, chart) is not { } program) continue;
                string what = $"{solver} in {chart}";
                double[] starts = FlowSampling.DrawPrior<double>(model, 60, 5), expected = [.. starts], precise = [.. starts];
                model.Integrate(program, expected);
                BlockDriver.Integrate(new CoefficientKernel<double>(model.Mixture, program), precise.AsSpan());
                double size = 1 + Compare.MaxNorm(starts) + Compare.MaxNorm(expected);
                Compare.Within(expected, precise, 10 * DoubleUnit * size, what);

                float[] singles = [.. starts.Select(x => (float)x)];
                double[] rounded = [.. singles.Select(x => (double)x)];
                model.Integrate(program, rounded);
                BlockDriver.Integrate(new CoefficientKernel<float>(model.Mixture, program), singles.AsSpan());
                Compare.Within(rounded, [.. singles.Select(x => (double)x)], 10 * SingleUnit * program.FunctionEvaluations * size, what);
            }
        }
    }

    /// <summary>Who is far enough ahead at a check is as far ahead as it takes at all later nodes and stages, on the whole solver's own way.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void WhoHasSettledStaysAhead(string mixture, string process)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes[process]);
        FlowProgram heun = Program(model, Solver.Heun, 8), euler = Program(model, Solver.Euler, 8);
        int d = model.Dimension, count = model.Mixture.Count, settledSamples = 0;
        var settled = Settled<float>(model.Mixture, heun);
        var table = new TableKernel<double>(model.Mixture, heun);
        var predictor = new TableKernel<double>(model.Mixture, euler);
        double bits = 26 + Math.Log2(count);
        double[] starts = FlowSampling.DrawPrior<double>(model, 200, 6);
        for (int check = settled.NextCheck(0, 8); check < 8; check = settled.NextCheck(check + 1, 8))
        {
            for (int i = 0; i < starts.Length; i += d)
            {
                double[] state = starts[i..(i + d)];
                if (check > 0) BlockDriver.Integrate(table, state.AsSpan(), 0, check);
                double[] behind = Behind(model, heun.Steps[check].From, state, out int owner);
                if (Second(behind) < double.CreateTruncating(settled.Thresholds(check)[owner])) continue;
                settledSamples++;
                for (int segment = check; segment < 8; segment++)
                {
                    double[] input = [.. state];
                    BlockDriver.Integrate(predictor, input.AsSpan(), segment, 1);
                    Require(state, heun.Steps[segment].From);
                    Require(input, heun.Steps[segment].To);
                    BlockDriver.Integrate(table, state.AsSpan(), segment, 1);
                }

                void Require(double[] x, double time)
                {
                    double[] now = Behind(model, time, x, out int leader);
                    Assert.Equal(owner, leader);
                    Assert.True(Second(now) >= bits - 1e-6, $"{Second(now)} bits at t = {time} for a sample that had settled at step {check}");
                }
            }
        }
        if (mixture.StartsWith("apart")) Assert.InRange(settledSamples, 200, int.MaxValue);
        if (mixture == "overlapping") Assert.Equal(0, settledSamples);
    }

    /// <summary>The thresholds ask for little more than is needed: where modes are well apart, nearly all samples have settled late in the flow.</summary>
    [Theory]
    [InlineData("apart", "OU")]
    [InlineData("apart", "VE")]
    [InlineData("apart", "LI")]
    [InlineData("half and half", "OU")]
    public void MostSamplesSettleWhereModesAreApart(string mixture, string process)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes[process]);
        FlowProgram program = Program(model, Solver.Heun, 8);
        var settled = Settled<float>(model.Mixture, program);
        int check = settled.NextCheck(6, 8), d = model.Dimension, samples = 200;
        Assert.Equal(6, check);
        double[] states = FlowSampling.DrawPrior<double>(model, samples, 6);
        BlockDriver.Integrate(new TableKernel<double>(model.Mixture, program), states.AsSpan(), 0, check);
        int count = 0;
        for (int i = 0; i < states.Length; i += d)
        {
            double[] behind = Behind(model, program.Steps[check].From, states[i..(i + d)], out int owner);
            if (Second(behind) >= settled.Thresholds(check)[owner]) count++;
        }
        if (mixture == "apart") Assert.InRange(count, 0.95 * samples, samples);
        else Assert.InRange(count, 0.2 * samples, 0.8 * samples);
    }

    /// <summary>Nobody looks for settled samples where all modes overlap.</summary>
    [Fact]
    public void NothingIsCheckedWhereModesOverlap()
    {
        var model = new GaussianMixtureModel(s_mixtures["overlapping"], s_processes["OU"]);
        Assert.Equal(8, Settled<float>(model.Mixture, Program(model, Solver.Heun, 8)).NextCheck(0, 8));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PartsOfTheSegmentsAreTheTablesSteps(string mixture, string process)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes[process]);
        FlowProgram program = Program(model, Solver.RungeKutta4, 7);
        var table = new TableKernel<double>(model.Mixture, program);
        var coefficients = new CoefficientKernel<double>(model.Mixture, program);
        double[] states = FlowSampling.DrawPrior<double>(model, 70, 5);
        double size = 10 + Compare.MaxNorm(states);
        for (int first = 0; first < 7; first++)
        {
            for (int count = 1; count <= 7 - first; count++)
            {
                double[] expected = [.. states], actual = [.. states];
                BlockDriver.Integrate(table, expected.AsSpan(), first, count);
                BlockDriver.Integrate(coefficients, actual.AsSpan(), first, count);
                Compare.Within(expected, actual, 10 * DoubleUnit * size, $"{count} segments from {first}");
            }
            BlockDriver.Integrate(table, states.AsSpan(), first, 1);
        }
    }

    /// <summary>More samples than a block holds, in other orders and numbers.</summary>
    [Theory]
    [InlineData("apart")]
    [InlineData("half and half")]
    [InlineData("twins")]
    public void NoSampleDependsOnItsNeighbours(string mixture)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes["OU"]);
        FlowProgram program = Program(model, Solver.Heun, 8);
        Check(new CoefficientKernel<float>(model.Mixture, program));
        Check(new CoefficientKernel<double>(model.Mixture, program));

        void Check<T>(CoefficientKernel<T> kernel)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int samples = 1500, d = model.Dimension;
            Assert.InRange(kernel.Stride, 33, samples - 1);
            T[] starts = FlowSampling.DrawPrior<T>(model, samples, 5), whole = [.. starts];
            BlockDriver.Integrate(kernel, whole.AsSpan());

            T[] shuffled = Shuffled(starts, d);
            BlockDriver.Integrate(kernel, shuffled.AsSpan());
            Compare.SameBits<T>(Shuffled(whole, d), shuffled, "shuffled");
            int first = 0;
            foreach (int n in new[] { 1, 2, 15, 16, 17, 31, 33, 100, 257, 600 })
            {
                T[] part = starts[(first * d)..((first + n) * d)];
                BlockDriver.Integrate(kernel, part.AsSpan());
                Compare.SameBits<T>(whole.AsSpan(first * d, n * d), part, $"{n} samples from {first}");
                first += n;
            }
        }
    }

    [Fact]
    public void SamplesThatAreNoNumbersStayWhereTheyAre()
    {
        var model = new GaussianMixtureModel(s_mixtures["apart"], s_processes["OU"]);
        var kernel = new CoefficientKernel<float>(model.Mixture, Program(model, Solver.Heun, 8));
        int samples = 50, d = model.Dimension;
        float[] starts = FlowSampling.DrawPrior<float>(model, samples, 5), expected = [.. starts];
        BlockDriver.Integrate(kernel, expected.AsSpan());
        foreach ((int sample, float value) in new[] { (3, float.NaN), (20, float.PositiveInfinity), (49, float.NegativeInfinity) })
        {
            starts[sample * d + 2] = value;
            expected.AsSpan(sample * d, d).Fill(float.NaN);
        }
        BlockDriver.Integrate(kernel, starts.AsSpan());
        for (int i = 0; i < samples * d; i++) Assert.Equal(float.IsNaN(expected[i]), float.IsNaN(starts[i]));
        Compare.SameBits<float>([.. expected.Where(x => !float.IsNaN(x))], [.. starts.Where(x => !float.IsNaN(x))], "the others");
    }

    /// <summary>Whoever watches the nodes sees all samples at all of them, and changes no bit.</summary>
    [Theory]
    [InlineData("apart")]
    [InlineData("half and half")]
    public void WatchedSamplesEndAtTheSameBits(string mixture)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes["OU"]);
        double[] times = Times(model.Process, 8);
        FlowProgram program = Program(model, Solver.Heun, 8);
        var kernel = new CoefficientKernel<double>(model.Mixture, program);
        var table = new TableKernel<double>(model.Mixture, program);
        var margins = new BranchMargins<double>(model.Mixture, model.Process, times);
        double[] plain = FlowSampling.DrawPrior<double>(model, 300, 5), watched = [.. plain], inTables = [.. plain];
        double[] actual = new double[300], expected = new double[300];
        BlockDriver.Integrate(kernel, plain.AsSpan());
        WatchedRun.Integrate(kernel, watched.AsSpan(), new MarginWatch<double>(margins, kernel.Stride), actual);
        WatchedRun.Integrate(table, inTables.AsSpan(), new MarginWatch<double>(margins, table.Stride), expected);
        Compare.SameBits<double>(plain, watched, mixture);
        // Infinite where no node decides between modes.
        Assert.Equal(mixture == "half and half", double.IsInfinity(expected[0]));
        Compare.Close([.. expected.Select(margin => Math.Min(margin, 1e3))], [.. actual.Select(margin => Math.Min(margin, 1e3))], 1e-9, 1, "margins");
    }

    [Fact]
    public void SettledSamplesAlongOtherAxesAreTheModelsToo()
    {
        Mixture flat = Normals(4, 9, 6);
        var mixture = new Mixture(
            [.. flat.Weights], [.. flat.Means.Select(mean => (double[])[.. mean.Select(value => value + 1), .. Enumerable.Repeat(2.0, 16)])],
            [.. Enumerable.Repeat(Covariance.Isotropic(20, 0.5), 9)]);
        MeansSpan span = MeansSpan.Find(mixture)!;
        var model = new GaussianMixtureModel(mixture, s_processes["OU"]);
        FlowProgram program = Program(model, Solver.Heun, 8);
        var inner = new CoefficientKernel<double>(span.Reduced, program);
        double[] states = FlowSampling.DrawPrior<double>(model, 200, 5), expected = [.. states];
        model.Integrate(program, expected);
        BlockDriver.Integrate(new RotatedKernel<CoefficientKernel<double>, double>(inner, mixture, span, program), states.AsSpan());
        Compare.Within(expected, states, 100 * DoubleUnit, "rotated");
    }

    // 7 has no factor in common with the number of samples.
    private static T[] Shuffled<T>(T[] rows, int d)
        => [.. Enumerable.Range(0, rows.Length / d).SelectMany(i => rows.AsSpan(7 * i % (rows.Length / d) * d, d).ToArray())];

    private static SettledFlow<T> Settled<T>(Mixture mixture, FlowProgram program)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tables = new CoefficientTables<T>(mixture, new(mixture));
        return new SettledFlow<T>(mixture, program, tables.Products, tables.AlongCentre);
    }

    /// <summary>By how many bits each component is behind the likeliest one.</summary>
    private static double[] Behind(GaussianMixtureModel model, double time, double[] x, out int owner)
    {
        ProcessPoint point = model.Process.At(time);
        double variance = point.Spread(model.Mixture.Covariances[0].MinVariance);
        double[] energies = [.. model.Mixture.Means.Select((mean, k) =>
            mean.Select((value, j) => Math.Pow(x[j] - point.A * value, 2)).Sum() / (2 * variance * Math.Log(2)) - Math.Log2(model.Mixture.Weights[k]))];
        double least = energies.Min();
        owner = Array.IndexOf(energies, least);
        return [.. energies.Select(energy => energy - least)];
    }

    private static double Second(double[] behind) => behind.Length == 1 ? double.PositiveInfinity : behind.Order().ElementAt(1);

    private static FlowProgram Program(GaussianMixtureModel model, Solver solver, int steps, Chart chart = Chart.Auto)
        => model.CreateProgram(solver, Times(model.Process, steps), chart);

    private static FlowProgram? TryProgram(GaussianMixtureModel model, Solver solver, int steps, Chart chart)
    {
        try
        {
            return Program(model, solver, steps, chart);
        }
        catch (ArgumentException)
        {
            // A chart that is singular at the horizon of an interpolant.
            return null;
        }
    }

    /// <summary>Geometric from the horizon to the early stop.</summary>
    private static double[] Times(Process process, int steps) =>
    [
        process.Horizon,
        .. Enumerable.Range(1, steps - 1).Select(i => process.Horizon * Math.Pow(process.EarlyStop / process.Horizon, (double)i / steps)),
        process.EarlyStop,
    ];

    private static Mixture Normals(int d, int count, double deviation, double shift = 0)
    {
        double[] mean = new double[d];
        return new Mixture(
            [.. Enumerable.Range(0, count).Select(k => 2.0 * (k + 1) / (count * (count + 1.0)))],
            [.. Enumerable.Range(0, count).Select(k =>
            {
                NormalSource.Fill(3, k, mean);
                return (double[])[.. mean.Select(value => deviation * value + shift)];
            })],
            [.. Enumerable.Repeat(Covariance.Isotropic(d, 0.5), count)]);
    }

    /// <summary>With one more component at a distance from each of the first ones.</summary>
    private static Mixture Doubled(Mixture mixture, double distance, int count)
    {
        double[] weights = [.. mixture.Weights, .. mixture.Weights.Take(count)];
        double sum = weights.Sum();
        return new Mixture(
            [.. weights.Select(weight => weight / sum)],
            [.. mixture.Means.Select(mean => mean.ToArray()), .. mixture.Means.Take(count).Select(mean => (double[])[mean[0] + distance, .. mean.Skip(1)])],
            [.. Enumerable.Repeat(mixture.Covariances[0], weights.Length)]);
    }

    /// <summary>With another weight of the first component.</summary>
    private static Mixture Weighted(Mixture mixture, double weight)
    {
        double rest = 1 - mixture.Weights[0];
        return new Mixture(
            [weight, .. mixture.Weights.Skip(1).Select(other => other / rest * (1 - weight))],
            [.. mixture.Means.Select(mean => mean.ToArray())], [.. mixture.Covariances]);
    }
}
