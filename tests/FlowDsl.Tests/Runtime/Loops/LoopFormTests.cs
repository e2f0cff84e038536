using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>The two forms that are loops over tables, around the edges of their tiles, against the run-time model.</summary>
public class LoopFormTests
{
    // As SamplerAccuracyTests: a unit an evaluation in single precision, and for all of them in double.
    private const double SingleUnit = 2e-6, DoubleUnit = 1e-12;

    // Around tiles of two, four and six rows, and twice that.
    private static readonly int[] s_counts = [1, 2, 3, 4, 5, 6, 7, 8, 10, 13];

    public static TheoryData<string> Shapes => new("isotropic", "unequal", "diagonal", "full", "tied isotropic", "tied diagonal", "tied full", "mixed", "far");

    public static TheoryData<Solver, Chart> Programs
    {
        get
        {
            var data = new TheoryData<Solver, Chart>();
            foreach (Solver solver in Models.Solvers)
                foreach (Chart chart in Enum.GetValues<Chart>().Where(chart => ChartFrame.Exists(chart, solver)))
                    data.Add(solver, chart);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TablesOfEverySizeAreTheModelsProgram(string shape)
    {
        foreach (int count in s_counts)
        {
            // Every d from 1 to 20, each with one of the numbers of components.
            for (int d = 1 + Array.IndexOf(s_counts, count) % 2; d <= 20; d += count % 3 + 2)
            {
                GaussianMixtureModel model = Model(shape, d, count);
                FlowProgram program = model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 3));
                Check(
                    model, program, new TableKernel<float>(model.Mixture, program), new TableKernel<double>(model.Mixture, program),
                    5, $"{shape}, K = {count}, d = {d}");
            }
        }
    }

    [Theory]
    [InlineData("tied isotropic", 64, 33)]
    [InlineData("tied isotropic", 200, 300)]
    [InlineData("tied isotropic", 400, 5)]
    [InlineData("far", 100, 20)]
    [InlineData("unequal", 200, 300)]
    [InlineData("diagonal", 48, 100)]
    [InlineData("full", 24, 9)]
    [InlineData("tied full", 24, 9)]
    public void LargeTablesAreTheModelsProgram(string shape, int d, int count)
    {
        GaussianMixtureModel model = Model(shape, d, count);
        FlowProgram program = model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 2));
        Check(model, program, new TableKernel<float>(model.Mixture, program), new TableKernel<double>(model.Mixture, program), 3, shape);
        Assert.Equal(shape is "tied isotropic" or "far", model.Mixture.HasSharedIsotropicCovariance);
        if (model.Mixture.HasSharedIsotropicCovariance)
            Check(model, program, new CoefficientKernel<float>(model.Mixture, program), new CoefficientKernel<double>(model.Mixture, program), 3, shape);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void CoefficientsAreTheModelsProgram(Solver solver, Chart chart)
    {
        foreach ((string shape, int d, int count) in new[] { ("tied isotropic", 5, 7), ("tied isotropic", 12, 4), ("far", 3, 6), ("tied isotropic", 1, 1) })
        {
            GaussianMixtureModel model = Model(shape, d, count);
            FlowProgram program = model.CreateProgram(solver, model.CreateTimes(Grid.Angle, 5), chart);
            Check(
                model, program, new CoefficientKernel<float>(model.Mixture, program), new CoefficientKernel<double>(model.Mixture, program),
                5, $"{shape}, K = {count}, d = {d}");
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void CoefficientsOverPartsOfTheSegmentsAreTheTablesSteps(Solver solver, Chart chart)
    {
        GaussianMixtureModel model = Model("tied isotropic", 6, 5);
        FlowProgram program = model.CreateProgram(solver, model.CreateTimes(Grid.Angle, 6), chart);
        var table = new TableKernel<double>(model.Mixture, program);
        var coefficients = new CoefficientKernel<double>(model.Mixture, program);
        double[] starts = FlowSampling.DrawPrior<double>(model, 9, 5);
        foreach ((int first, int segments) in new[] { (0, 1), (0, 3), (1, 2), (2, 4), (5, 1), (3, 0) })
        {
            double[] expected = [.. starts], actual = [.. starts];
            BlockDriver.Integrate(table, expected.AsSpan(), first, segments);
            BlockDriver.Integrate(coefficients, actual.AsSpan(), first, segments);
            Compare.Close(expected, actual, DoubleUnit, 10, $"{segments} segments from {first}");
        }
        // With a history both go segment by segment, in the same way.
        double[] states = [.. starts], others = [.. starts], history = new double[starts.Length * program.HistoryLength], otherHistory = [.. history];
        foreach ((int first, int segments) in new[] { (0, 2), (2, 4) })
        {
            BlockDriver.Integrate(table, states.AsSpan(), history, first, segments);
            BlockDriver.Integrate(coefficients, others.AsSpan(), otherHistory, first, segments);
        }
        Compare.Close(states, others, DoubleUnit, 10, "with a history");
        Compare.Close(history, otherHistory, DoubleUnit, 10, "the history");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void NoSampleDependsOnTheOthers(string shape)
    {
        foreach ((int d, int count) in new[] { (2, 9), (5, 6), (17, 3) })
        {
            GaussianMixtureModel model = Model(shape, d, count);
            FlowProgram program = model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 2));
            Alone<TableKernel<float>, float>(model, new TableKernel<float>(model.Mixture, program), shape);
            Alone<TableKernel<double>, double>(model, new TableKernel<double>(model.Mixture, program), shape);
            if (!model.Mixture.HasSharedIsotropicCovariance) continue;
            Alone<CoefficientKernel<float>, float>(model, new CoefficientKernel<float>(model.Mixture, program), shape);
            Alone<CoefficientKernel<double>, double>(model, new CoefficientKernel<double>(model.Mixture, program), shape);
        }
    }

    /// <summary>
    /// Where affine logits lose their digits, an evaluation takes squares instead, which need more memory: at the horizon here they do not, and near
    /// the data they do. Nothing is written behind the rows that a kernel asks for.
    /// </summary>
    [Theory]
    [InlineData("full")]
    [InlineData("diagonal")]
    [InlineData("isotropic")]
    public void KernelsAskForTheRowsOfTheirLargestEvaluation(string shape)
    {
        const int d = 7;
        double[] variances = [1, .. Enumerable.Range(1, d - 1).Select(j => shape == "isotropic" ? 1 : 1 + 0.1 * j)];
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) matrix[i * d + j] = i == j ? variances[i] : shape == "full" ? 0.05 : 0;
        double[][] means = [.. new[] { 200.0, 201, -200 }.Select(first => (double[])[first, .. new double[d - 1]])];
        var mixture = new Mixture([0.3, 0.3, 0.4], means, [.. means.Select(_ => Covariance.Full(d, matrix))]);
        var process = new OrnsteinUhlenbeckProcess();
        Assert.False(LogitScales.AreLost(mixture, process.At(3), Precision.Single));
        Assert.True(LogitScales.AreLost(mixture, process.At(0.01), Precision.Single));

        var model = new GaussianMixtureModel(mixture, process);
        double[] times = [3, 2, 1, 0.5, 0.1, 0.01, 0.001];
        FlowProgram program = model.CreateProgram(Solver.Heun, times);
        LocalErrors errors = LocalErrors.Of(mixture, process, ChartFrame.For(Chart.Auto, Solver.Heun, mixture.MeanVariance), Solver.Heun, times)!;
        CheckMemory(new TableKernel<float>(mixture, program));
        CheckMemory(new TangentKernel<float>(mixture, program, errors, tangentCount: 3));
        Check(model, program, new TableKernel<float>(mixture, program), new TableKernel<double>(mixture, program), 5, shape);

        static void CheckMemory(IBlockKernel<float> kernel)
        {
            const float untouched = 12345;
            int length = kernel.RowCount * kernel.Stride;
            float[] rows = new float[4 * length];
            rows.AsSpan(length).Fill(untouched);
            for (int segment = 0; segment < kernel.SegmentCount; segment++) kernel.Advance(ref rows[0], (nuint)kernel.Stride, segment, 0);
            if (kernel is ITangentKernel<float> tangents) tangents.Finish(ref rows[0], (nuint)kernel.Stride);
            Assert.Equal(-1, rows.AsSpan(length).IndexOfAnyExcept(untouched));
        }
    }

    /// <summary>A common offset of all means costs the digits of the states themselves, and no more.</summary>
    [Theory]
    [InlineData(Chart.State)]
    [InlineData(Chart.Edm)]
    [InlineData(Chart.Canonical)]
    public void MeansFarFromTheOriginKeepTheirDifferences(Chart chart)
    {
        foreach (double offset in new[] { 0, 1e2, 1e4 })
        {
            GaussianMixtureModel model = Shifted(8, 5, offset);
            FlowProgram program = model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 4), chart);
            Check(
                model, program, new TableKernel<float>(model.Mixture, program), new TableKernel<double>(model.Mixture, program),
                5, $"offset {offset}, table");
            Check(
                model, program, new CoefficientKernel<float>(model.Mixture, program), new CoefficientKernel<double>(model.Mixture, program),
                5, $"offset {offset}, coefficients");
        }
    }

    [Fact]
    public void CoefficientsAreForOneIsotropicCovariance()
    {
        GaussianMixtureModel model = Model("unequal", 2, 3);
        Assert.Throws<ArgumentException>(() => new CoefficientKernel<float>(model.Mixture, model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 2))));
    }

    [Theory]
    [InlineData("tied isotropic", 64, 32, true)]
    [InlineData("tied isotropic", 784, 256, true)]
    [InlineData("tied isotropic", 64, 8, true)]
    [InlineData("tied isotropic", 2, 40, false)]
    [InlineData("tied isotropic", 16, 64, false)]
    [InlineData("tied isotropic", 4, 300, false)]
    [InlineData("unequal", 64, 32, false)]
    [InlineData("tied diagonal", 64, 32, false)]
    public void CoefficientsPayWhereTheMeansOutnumberNoCoordinates(string shape, int d, int count, bool pays)
    {
        GaussianMixtureModel model = Model(shape, d, count);
        Assert.Equal(pays, CoefficientSpace.Pays(model.Mixture, model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 8)), Precision.Single));
        // In one evaluation there is nothing to save.
        Assert.False(CoefficientSpace.Pays(model.Mixture, model.CreateProgram(Solver.Euler, model.CreateTimes(Grid.Angle, 1)), Precision.Single));
    }

    private static void Check<TSingle, TDouble>(GaussianMixtureModel model, FlowProgram program, TSingle single, TDouble precise, int samples, string what)
        where TSingle : IBlockKernel<float>
        where TDouble : IBlockKernel<double>
    {
        int d = model.Dimension;
        double[] starts = FlowSampling.DrawPrior<double>(model, samples, 5), ends = [.. starts], expected = [.. starts];
        BlockDriver.Integrate(precise, ends.AsSpan());
        model.Integrate(program, expected);
        Compare.Within(expected, ends, DoubleUnit * Math.Max(Size(starts), Size(expected)), $"{what}, double");

        float[] singles = [.. starts.Select(x => (float)x)];
        double[] rounded = [.. singles.Select(x => (double)x)];
        starts = [.. rounded];
        model.Integrate(program, rounded);
        BlockDriver.Integrate(single, singles.AsSpan());
        for (int row = 0; row < starts.Length; row += d)
        {
            double allowance = SingleUnit * program.FunctionEvaluations * Math.Max(Size(starts.AsSpan(row, d)), Size(rounded.AsSpan(row, d)));
            Compare.Within(rounded.AsSpan(row, d), [.. singles[row..(row + d)].Select(x => (double)x)], allowance, $"{what}, single, sample {row / d}");
        }
    }

    private static double Size(ReadOnlySpan<double> values) => Math.Max(1, Compare.MaxNorm(values));

    /// <summary>Batches of every length from 0 on are the first samples of a long one, bit for bit.</summary>
    private static void Alone<TKernel, T>(GaussianMixtureModel model, TKernel kernel, string what)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int samples = 40;
        int d = model.Dimension;
        T[] starts = FlowSampling.DrawPrior<T>(model, samples, 5), whole = [.. starts];
        BlockDriver.Integrate(kernel, whole.AsSpan());
        for (int n = 0; n < samples; n++)
        {
            T[] part = starts[..(n * d)], one = starts[(n * d)..((n + 1) * d)];
            BlockDriver.Integrate(kernel, part.AsSpan());
            Compare.SameBits<T>(whole.AsSpan(0, n * d), part, $"{what}, {n} samples");
            BlockDriver.Integrate(kernel, one.AsSpan());
            Compare.SameBits<T>(whole.AsSpan(n * d, d), one, $"{what}, sample {n} alone");
        }
    }

    private static GaussianMixtureModel Shifted(int d, int count, double offset)
    {
        Mixture mixture = Model("tied isotropic", d, count).Mixture;
        return new GaussianMixtureModel(
            new Mixture([.. mixture.Weights], [.. mixture.Means.Select(mean => (double[])[.. mean.Select(value => value + offset)])], [.. mixture.Covariances]),
            new OrnsteinUhlenbeckProcess(horizon: 1.5, earlyStop: 0.02));
    }

    private static GaussianMixtureModel Model(string shape, int d, int count)
    {
        double[] mean = new double[d];
        double shift = shape == "far" ? 50 : 0;
        var mixture = new Mixture(
            [.. Enumerable.Range(0, count).Select(k => 2.0 * (k + 1) / (count * (count + 1.0)))],
            [.. Enumerable.Range(0, count).Select(k =>
            {
                NormalSource.Fill(3, k, mean);
                return (double[])[.. mean.Select(value => value + shift)];
            })],
            [.. Enumerable.Range(0, count).Select(k => shape switch
            {
                "unequal" or "isotropic" => Covariance.Isotropic(d, 0.5 + 0.1 * (k % 3)),
                "diagonal" => Covariance.Diagonal([.. Enumerable.Range(0, d).Select(j => 0.5 + 0.1 * ((j + k) % 4))]),
                "full" => Correlated(d, 0.1 + 0.01 * (k % 3)),
                "tied diagonal" => Covariance.Diagonal([.. Enumerable.Range(0, d).Select(j => 0.5 + 0.1 * (j % 4))]),
                "tied full" => Correlated(d, 0.1),
                "mixed" => (k % 3) switch
                {
                    0 => Covariance.Isotropic(d, 0.5),
                    1 => Covariance.Diagonal([.. Enumerable.Range(0, d).Select(j => 0.5 + 0.1 * (j % 3))]),
                    _ => Correlated(d, 0.1),
                },
                _ => Covariance.Isotropic(d, 0.5),
            })]);
        return new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess(horizon: 1.5, earlyStop: 0.02));
    }

    private static Covariance Correlated(int d, double correlation)
    {
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) matrix[i * d + j] = i == j ? 0.5 + 0.02 * i : correlation;
        return Covariance.Full(d, matrix);
    }
}
