using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>Rotated loops against the run-time model, which knows of no axes, and against loops in the given coordinates.</summary>
public class RotatedKernelTests
{
    // As SamplerAccuracyTests: a unit an evaluation in single precision, and for all of them in double.
    private const double SingleUnit = 2e-6, DoubleUnit = 1e-12;

    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        ["plane in R^7"] = Embedded(7, 2, 5, 0),
        ["plane in R^7, elsewhere"] = Embedded(7, 2, 5, 20),
        ["line in R^2"] = Embedded(2, 1, 2, 1),
        ["line in R^9"] = Embedded(9, 1, 4, 1),
        ["R^5 in R^6"] = Embedded(6, 5, 8, 1),
        ["R^4 in R^4"] = Embedded(4, 4, 6, 1),
        ["one component"] = Embedded(3, 1, 1, 1),
        ["one place"] = new([0.2, 0.3, 0.5], [[1, 2, 3], [1, 2, 3], [1, 2, 3]], [.. Enumerable.Repeat(Covariance.Isotropic(3, 0.3), 3)]),
        ["two of three alike"] = new([0.2, 0.3, 0.5], [[1, 2, 3], [-1, 0, 1], [1, 2, 3]], [.. Enumerable.Repeat(Covariance.Isotropic(3, 0.3), 3)]),
        ["tied full"] = new([0.2, 0.3, 0.5], [[1, 2, 0], [-1, 0, 1], [0, 1, -2]], [.. Enumerable.Repeat(Correlated, 3)]),
        ["one full"] = new([1], [[1, 2, 0]], [Correlated]),
    };

    private static readonly Dictionary<string, Process> s_processes = new()
    {
        ["OU"] = new OrnsteinUhlenbeckProcess(beta: 0.8, horizon: 1.5, earlyStop: 0.02, sigma: 1.3),
        ["VE"] = new VarianceExplodingProcess(0.05, 8),
        ["LI"] = new LinearInterpolantProcess(0.01),
    };

    private static Covariance Correlated => Covariance.Full(3, [0.5, 0.1, 0.2, 0.1, 0.6, -0.1, 0.2, -0.1, 0.4]);

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

    /// <summary>Every solver, in its default chart and, where it may, against time itself.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void EverySolversProgramIsTheModelS(string mixture, string process)
    {
        foreach (Solver solver in Models.Solvers)
        {
            foreach (Chart chart in SolverMethod.Of(solver).NativeChart == NativeChart.Any ? [Chart.Auto, Chart.State] : (Chart[])[Chart.Auto])
            {
                var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes[process]);
                FlowProgram program = model.CreateProgram(solver, Times(model.Process, 5), chart);
                string what = $"{mixture}, {process}, {solver} in {chart}";
                double[] starts = FlowSampling.DrawPrior<double>(model, 7, 5), expected = [.. starts], precise = [.. starts];
                model.Integrate(program, expected);
                BlockDriver.Integrate(Rotated<double>(model.Mixture, program), precise.AsSpan());
                double size = Math.Max(1, Math.Max(Compare.MaxNorm(starts), Compare.MaxNorm(expected)));
                Compare.Within(expected, precise, DoubleUnit * size, what);

                float[] singles = [.. starts.Select(x => (float)x)];
                double[] rounded = [.. singles.Select(x => (double)x)];
                model.Integrate(program, rounded);
                BlockDriver.Integrate(Rotated<float>(model.Mixture, program), singles.AsSpan());
                Compare.Within(rounded, [.. singles.Select(x => (double)x)], SingleUnit * program.FunctionEvaluations * size, what);
            }
        }
    }

    /// <summary>Anew at every call, and with the history of a multistep solver from call to call.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void PartsOfTheSegmentsAreTheTablesSteps(string mixture, string process)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes[process]);
        foreach (Solver solver in (Solver[])[Solver.Heun, Solver.DormandPrince54, Solver.DpmSolverPlusPlus2M, Solver.DpmSolverPlusPlus3M])
        {
            FlowProgram program = model.CreateProgram(solver, Times(model.Process, 6));
            var table = new TableKernel<double>(model.Mixture, program);
            var rotated = Rotated<double>(model.Mixture, program);
            double[] starts = FlowSampling.DrawPrior<double>(model, 9, 5);
            double size = 10 + Compare.MaxNorm(starts);
            foreach ((int first, int segments) in new[] { (0, 1), (0, 3), (1, 2), (2, 4), (5, 1), (3, 0) })
            {
                double[] expected = [.. starts], actual = [.. starts];
                BlockDriver.Integrate(table, expected.AsSpan(), first, segments);
                BlockDriver.Integrate(rotated, actual.AsSpan(), first, segments);
                Compare.Close(expected, actual, DoubleUnit, size, $"{solver}, {segments} segments from {first}");
            }
            double[] states = [.. starts], others = [.. starts], history = new double[starts.Length * program.HistoryLength], otherHistory = [.. history];
            foreach ((int first, int segments) in new[] { (0, 2), (2, 4) })
            {
                BlockDriver.Integrate(table, states.AsSpan(), history, first, segments);
                BlockDriver.Integrate(rotated, others.AsSpan(), otherHistory, first, segments);
            }
            Compare.Close(states, others, DoubleUnit, size, $"{solver} with a history");
            Compare.Close(history, otherHistory, DoubleUnit, size, $"the history of {solver}");
        }
    }

    /// <summary>Fine steps of the fourth order are the flow map of the ODE, to their own error.</summary>
    [Theory]
    [InlineData("plane in R^7, elsewhere")]
    [InlineData("tied full")]
    public void ManyStepsAreTheFlowMap(string mixture)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes["OU"]);
        FlowProgram program = model.CreateProgram(Solver.RungeKutta4, Times(model.Process, 200));
        double[] states = FlowSampling.DrawPrior<double>(model, 5, 5), expected = new double[model.Dimension];
        double[] starts = [.. states];
        BlockDriver.Integrate(Rotated<double>(model.Mixture, program), states.AsSpan());
        for (int row = 0; row < states.Length; row += model.Dimension)
        {
            model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, starts.AsSpan(row, model.Dimension), expected);
            Compare.Within(expected, states.AsSpan(row, model.Dimension), 1e-7, mixture);
        }
    }

    [Theory]
    [InlineData("plane in R^7")]
    [InlineData("line in R^2")]
    [InlineData("tied full")]
    public void BatchesOfEveryLengthAreTheFirstSamplesOfALongOne(string mixture)
    {
        var model = new GaussianMixtureModel(s_mixtures[mixture], s_processes["OU"]);
        FlowProgram program = model.CreateProgram(Solver.Heun, Times(model.Process, 2));
        Lengths(model, Rotated<float>(model.Mixture, program), mixture);
        Lengths(model, Rotated<double>(model.Mixture, program), mixture);
    }

    [Fact]
    public void AKernelForAnotherNumberOfAxesIsRefused()
    {
        var model = new GaussianMixtureModel(s_mixtures["plane in R^7"], s_processes["OU"]);
        FlowProgram program = model.CreateProgram(Solver.Heun, Times(model.Process, 2));
        var table = new TableKernel<float>(model.Mixture, program);
        Assert.Throws<ArgumentException>(() => new RotatedKernel<TableKernel<float>, float>(table, model.Mixture, MeansSpan.Find(model.Mixture)!, program));
    }

    private static void Lengths<T>(GaussianMixtureModel model, RotatedKernel<TableKernel<T>, T> kernel, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int samples = 257;
        int d = model.Dimension;
        T[] starts = FlowSampling.DrawPrior<T>(model, samples, 5), whole = [.. starts];
        BlockDriver.Integrate(kernel, whole.AsSpan());
        for (int n = 0; n <= samples; n++)
        {
            T[] part = starts[..(n * d)];
            BlockDriver.Integrate(kernel, part.AsSpan());
            Compare.SameBits<T>(whole.AsSpan(0, n * d), part, $"{what}, {n} samples");
        }
    }

    private static RotatedKernel<TableKernel<T>, T> Rotated<T>(Mixture mixture, FlowProgram program)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MeansSpan span = MeansSpan.Find(mixture)!;
        return new(new TableKernel<T>(span.Reduced, program), mixture, span, program);
    }

    /// <summary>Geometric from the horizon to the early stop.</summary>
    private static double[] Times(Process process, int steps) =>
    [
        process.Horizon,
        .. Enumerable.Range(1, steps - 1).Select(i => process.Horizon * Math.Pow(process.EarlyStop / process.Horizon, (double)i / steps)),
        process.EarlyStop,
    ];

    private static Mixture Embedded(int d, int r, int count, double offset)
    {
        Mixture equal = MeansSpanTests.Embed(MeansSpanTests.Normals(count, r, 5), MeansSpanTests.Orthonormal(d, r, 6), offset);
        double[] weights = [.. Enumerable.Range(0, count).Select(k => 2.0 * (k + 1) / (count * (count + 1.0)))];
        return new Mixture(weights, [.. equal.Means.Select(row => row.ToArray())], [.. equal.Covariances]);
    }
}
