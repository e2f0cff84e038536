using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Trackers;

namespace FlowDsl.Tests;

/// <summary>Errors and tangents in the coefficients of the means, against those in the coordinates and against differences of the sampler.</summary>
public class CoefficientErrorsTests
{
    private const int Samples = 150, Steps = 8;

    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        // Most samples settle before the end.
        ["apart"] = Normals(12, 9, 4, 0),
        ["elsewhere"] = Normals(7, 6, 5, 30),
        ["overlapping"] = Normals(5, 7, 0.4, 0),
        ["one"] = Normals(4, 1, 2, 0),
    };

    public static TheoryData<string, Solver, Chart> Cases
    {
        get
        {
            var data = new TheoryData<string, Solver, Chart>();
            foreach (string mixture in s_mixtures.Keys)
            {
                foreach (Solver solver in SolverMethod.Named.Where(solver => !SolverMethod.Of(solver).IsMultistep))
                    foreach (Chart chart in (Chart[])[Chart.Auto, Chart.State])
                        if (ChartFrame.Exists(chart, solver)) data.Add(mixture, solver, chart);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheyAreThoseOfTheCoordinates(string name, Solver solver, Chart chart)
    {
        (GaussianMixtureModel model, FlowProgram program, LocalErrors errors) = Made(name, solver, chart);
        double[] starts = FlowSampling.DrawPrior<double>(model, Samples, 5), plain = [.. starts];
        BlockDriver.Integrate(new CoefficientKernel<double>(model.Mixture, program), plain.AsSpan());
        foreach (int tangents in (int[])[0, 3])
        {
            double[] own = [.. starts];
            FlowError[] actual = Tracked(model, program, errors, tangents, own), expected = new FlowError[Samples];
            Compare.SameBits<double>(plain, own, "states");
            new TangentRun<TangentKernel<double>, double>(new(model.Mixture, program, errors, tangents)).Integrate([.. starts], expected, hasEstimates: true);
            // Estimates are differences of numbers of the states' size.
            double size = 1 + Compare.MaxNorm(starts) + Compare.MaxNorm(plain);
            for (int i = 0; i < Samples; i++)
            {
                Assert.Equal(expected[i].Estimate, actual[i].Estimate, 1e-7 * expected[i].Estimate + 1e-8 * size);
                if (tangents > 0) Assert.Equal(1, actual[i].Amplification / expected[i].Amplification, 1e-6);
            }
        }
    }

    /// <summary>The amplification is the root mean square of what the sampler itself makes of a small change along each direction.</summary>
    [Theory]
    [InlineData("apart", Solver.Heun)]
    [InlineData("overlapping", Solver.RungeKutta4)]
    public void AmplificationsAreDifferencesOfTheSampler(string name, Solver solver)
    {
        const double step = 1e-5;
        (GaussianMixtureModel model, FlowProgram program, LocalErrors errors) = Made(name, solver, Chart.Auto);
        var kernel = new CoefficientKernel<double>(model.Mixture, program);
        int d = model.Dimension;
        double[] starts = FlowSampling.DrawPrior<double>(model, Samples, 5), growth = new double[Samples];
        for (int tangent = 1; tangent <= 2; tangent++)
        {
            double[] direction = TangentDirections.Of(d, 3, tangent), ahead = [.. starts], behind = [.. starts];
            for (int i = 0; i < starts.Length; i++)
            {
                ahead[i] += step * direction[i % d];
                behind[i] -= step * direction[i % d];
            }
            BlockDriver.Integrate(kernel, ahead.AsSpan());
            BlockDriver.Integrate(kernel, behind.AsSpan());
            for (int i = 0; i < starts.Length; i++) growth[i / d] += Math.Pow((ahead[i] - behind[i]) / (2 * step), 2) / 2;
        }
        FlowError[] tracked = Tracked(model, program, errors, 3, starts);
        for (int i = 0; i < Samples; i++) Assert.Equal(1, tracked[i].Amplification / Math.Sqrt(growth[i]), 1e-4);
    }

    /// <summary>Single precision rounds the same numbers.</summary>
    [Fact]
    public void SinglePrecisionRoundsThem()
    {
        (GaussianMixtureModel model, FlowProgram program, LocalErrors errors) = Made("apart", Solver.Heun, Chart.Auto);
        double[] starts = FlowSampling.DrawPrior<double>(model, Samples, 5);
        float[] singles = [.. starts.Select(x => (float)x)];
        starts = [.. singles.Select(x => (double)x)];
        foreach (int tangents in (int[])[0, 3])
        {
            FlowError[] expected = Tracked(model, program, errors, tangents, (double[])[.. starts]);
            FlowError[] actual = Tracked(model, program, errors, tangents, (float[])[.. singles]);
            double[] ratios = [.. expected.Zip(actual, (exact, rounded) => rounded.Estimate / exact.Estimate).Order()];
            Assert.InRange(ratios[Samples / 20], 0.99, 1.01);
            Assert.InRange(ratios[^(Samples / 20)], 0.99, 1.01);
        }
    }

    private static FlowError[] Tracked<T>(GaussianMixtureModel model, FlowProgram program, LocalErrors errors, int tangents, T[] states)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        int d = model.Dimension;
        double[][] directions = [.. Enumerable.Range(1, Math.Max(tangents - 1, 0)).Select(tangent => TangentDirections.Of(d, tangents, tangent))];
        var kernel = new CoefficientKernel<T>(model.Mixture, program, errors, directions);
        var found = new FlowError[states.Length / d];
        T[] rows = new T[kernel.RowCount * kernel.Stride];
        // What is read before it is written shows.
        Array.Fill(rows, T.NaN);
        for (int first = 0; first < found.Length; first += kernel.Stride)
        {
            int n = Math.Min(kernel.Stride, found.Length - first);
            Span<T> block = states.AsSpan(first * d, n * d);
            BlockDriver.Load(kernel, rows, block, n);
            BlockDriver.Advance(kernel, rows, block, n, watch: null);
            BlockDriver.Store(kernel, rows, block, n);
            for (int i = 0; i < n; i++)
            {
                T estimate = rows[kernel.EstimateRow * kernel.Stride + i], growth = rows[kernel.GrowthRow * kernel.Stride + i];
                found[first + i] = new FlowError(double.CreateTruncating(estimate), 0, double.CreateTruncating(growth), 0);
            }
        }
        return found;
    }

    private static (GaussianMixtureModel Model, FlowProgram Program, LocalErrors Errors) Made(string name, Solver solver, Chart chart)
    {
        var model = new GaussianMixtureModel(s_mixtures[name], new OrnsteinUhlenbeckProcess(earlyStop: 0.01));
        ChartFrame frame = ChartFrame.For(chart, solver, model.Mixture.MeanVariance);
        double[] times = model.CreateTimes(FlowDsl.Grid.LogVariance, Steps, solver);
        return (
            model,
            FlowProgram.Create(model.Process, frame, solver, times),
            LocalErrors.Of(model.Mixture, model.Process, frame, solver, times)!);
    }

    private static Mixture Normals(int d, int count, double size, double shift)
    {
        var random = new Random(d * 31 + count);
        double[][] means = new double[count][];
        for (int k = 0; k < count; k++) means[k] = [.. Enumerable.Range(0, d).Select(_ => shift + size * (2 * random.NextDouble() - 1))];
        double[] weights = [.. Enumerable.Range(0, count).Select(k => 1.0 + k % 3)];
        double total = weights.Sum();
        return new Mixture([.. weights.Select(weight => weight / total)], means, [.. Enumerable.Repeat(Covariance.Isotropic(d, 0.2), count)]);
    }
}
