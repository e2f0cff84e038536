using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Draws;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>Samplers that leave out components whose weights vanish, against those that sum all of them.</summary>
public class ActiveKernelTests
{
    public static TheoryData<Solver> Solvers => new(Models.Solvers);

    // One word of components and several; weights of 1 to K; one variance and three.
    public static TheoryData<int, int, bool> Mixtures => new() { { 2, 40, true }, { 2, 150, true }, { 2, 150, false }, { 3, 40, false }, { 3, 150, true } };

    [Theory]
    [MemberData(nameof(Solvers))]
    public void ItIsTheModelsProgram(Solver solver)
    {
        foreach ((int d, int count, bool tied) in new[] { (2, 40, true), (2, 150, false), (3, 70, true) })
        {
            GaussianMixtureModel model = Scattered(d, count, tied);
            FlowProgram program = model.CreateProgram(solver, model.CreateTimes(Grid.Uniform, 7));
            Assert.True(ActiveSets.Apply(model.Mixture));
            // Enough samples that sorting moves them.
            double[] starts = FlowSampling.DrawPrior<double>(model, 200, 5), expected = [.. starts], actual = [.. starts];
            model.Integrate(program, expected);
            BlockDriver.Integrate(new ActiveKernel<double>(model.Mixture, program), actual.AsSpan());
            Compare.Within(expected, actual, 1e-10 * Compare.MaxNorm(expected), $"{d} coordinates, {count} components");
        }
    }

    /// <summary>In single precision errors are amplified where samples nearly change their mode, so the median counts.</summary>
    [Theory]
    [MemberData(nameof(Mixtures))]
    public void InSinglePrecisionItIsAsAccurateAsAllComponents(int d, int count, bool tied)
    {
        GaussianMixtureModel model = Scattered(d, count, tied);
        FlowProgram program = Program(model);
        float[] starts = FlowSampling.DrawPrior<float>(model, 3000, 5), active = [.. starts], all = [.. starts];
        double[] expected = [.. starts.Select(x => (double)x)];
        BlockDriver.Integrate(new TableKernel<double>(model.Mixture, program), expected.AsSpan());
        BlockDriver.Integrate(new TableKernel<float>(model.Mixture, program), all.AsSpan());
        BlockDriver.Integrate(new ActiveKernel<float>(model.Mixture, program), active.AsSpan());
        double own = Median(active), others = Median(all);
        Assert.InRange(own, 0, 1.5 * others);

        double Median(float[] ends) => ends.Select((x, i) => Math.Abs(x - expected[i])).Order().ElementAt(ends.Length / 2);
    }

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void NoSampleDependsOnTheOthers(int d, int count, bool tied)
    {
        GaussianMixtureModel model = Scattered(d, count, tied);
        FlowProgram program = Program(model);
        Alone<float>();
        Alone<double>();

        void Alone<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var kernel = new ActiveKernel<T>(model.Mixture, program);
            const int samples = 5000;
            T[] starts = FlowSampling.DrawPrior<T>(model, samples, 5), whole = [.. starts];
            BlockDriver.Integrate(kernel, whole.AsSpan());
            // In the opposite order, without every third one, and a NaN and an infinity among them.
            int[] order = [.. Enumerable.Range(0, samples).Reverse().Where(i => i % 3 != 0)];
            T[] part = [.. order.SelectMany(i => starts[(i * d)..((i + 1) * d)])];
            part[17 * d] = T.NaN;
            part[90 * d + 1] = T.PositiveInfinity;
            BlockDriver.Integrate(kernel, part.AsSpan());
            for (int n = 0; n < order.Length; n++)
            {
                ReadOnlySpan<T> actual = part.AsSpan(n * d, d);
                if (n is 17 or 90) Assert.All(actual.ToArray(), value => Assert.True(T.IsNaN(value)));
                else Compare.SameBits(whole.AsSpan(order[n] * d, d), actual, $"sample {order[n]}");
            }
            for (int n = 0; n < 40; n++)
            {
                T[] few = starts[..(n * d)];
                BlockDriver.Integrate(kernel, few.AsSpan());
                Compare.SameBits<T>(whole.AsSpan(0, n * d), few, $"{n} samples");
            }
        }
    }

    [Theory]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    public void PartsOfTheSegmentsComposeToTheWholeBitForBit(Solver solver)
    {
        GaussianMixtureModel model = Scattered(2, 90, tied: true);
        FlowProgram program = model.CreateProgram(solver, model.CreateTimes(Grid.Uniform, 9));
        var kernel = new ActiveKernel<float>(model.Mixture, program);
        float[] starts = FlowSampling.DrawPrior<float>(model, 1500, 5), whole = [.. starts], parts = [.. starts];
        float[] history = new float[starts.Length * program.HistoryLength];
        BlockDriver.Integrate(kernel, whole.AsSpan());
        foreach ((int first, int segments) in new[] { (0, 2), (2, 1), (3, 5), (8, 1) }) BlockDriver.Integrate(kernel, parts.AsSpan(), history, first, segments);
        Compare.SameBits<float>(whole, parts, "parts");
    }

    [Fact]
    public void NothingIsWrittenBehindItsRows()
    {
        foreach (int count in new[] { 1, 2, 40, 1000 })
        {
            GaussianMixtureModel model = Scattered(2, count, tied: true);
            ISpanKernel<float> kernel = new ActiveKernel<float>(model.Mixture, Program(model));
            const float untouched = 12345;
            int length = kernel.RowCount * kernel.Stride;
            float[] rows = new float[length + 4096];
            rows.AsSpan(length).Fill(untouched);
            kernel.AdvanceSpan(ref rows[0], (nuint)kernel.Stride, 0, kernel.SegmentCount, null);
            for (int segment = 0; segment < kernel.SegmentCount; segment++) kernel.Advance(ref rows[0], (nuint)kernel.Stride, segment, 0);
            Assert.Equal(-1, rows.AsSpan(length).IndexOfAnyExcept(untouched));
        }
    }

    /// <summary>Whatever the point, a component that it feels is in the set of its cell; most others are not.</summary>
    [Theory]
    [MemberData(nameof(Mixtures))]
    public void CellsKeepEveryComponentThatAPointFeels(int d, int count, bool tied)
    {
        const double bits = 30;
        GaussianMixtureModel model = Scattered(d, count, tied);
        FlowProgram program = Program(model);
        foreach (int segment in new[] { 0, 3, 7 })
        {
            var coefficients = new EvaluationCoefficients(model.Mixture, program.Steps[segment].Stages[0].Field);
            ComponentCoefficients[] components = coefficients.Components;
            var cells = new ActiveCells(components, 16, bits);
            ulong[] set = new ulong[(count + 63) / 64];
            double[] point = new double[d];
            int kept = 0;
            const int points = 3000;
            for (int n = 0; n < points; n++)
            {
                NormalSource.Fill(11, n, point);
                // Around a component's centre, and now and then far from all.
                ComponentCoefficients near = components[n % count];
                for (int j = 0; j < d; j++) point[j] = near.Centre[j] + point[j] * (n % 10 == 0 ? 20 : 1) / near.Root[0];
                int cell = 0, first = set.Length, end = 0;
                for (int j = d - 1; j >= 0; j--)
                    cell = cell * 18 + Math.Clamp((int)Math.Floor((point[j] - cells.Origin[j]) / cells.Extent * 16) + 1, 0, 17);
                Array.Clear(set);
                cells.Add(cell, ref set[0], ref first, ref end);
                double[] energies = [.. components.Select(component =>
                    component.Offset + Enumerable.Range(0, d).Sum(j => Math.Pow(component.Root[0] * (point[j] - component.Centre[j]), 2)))];
                double least = energies.Min();
                for (int k = 0; k < count; k++)
                {
                    bool isKept = (set[k / 64] >> k & 1) == 1;
                    if (energies[k] - least < bits) Assert.True(isKept, $"component {k} at {string.Join(", ", point)}");
                    if (isKept) kept++;
                }
            }
            if (segment == 7) Assert.InRange((double)kept / points, 1, 0.25 * count);
        }
    }

    [Fact]
    public void MarginsAreThoseOfAllComponents()
    {
        // Eight by eight means, all far enough from each other for margins.
        double[][] means = [.. Enumerable.Range(0, 64).Select(k => (double[])[9 * (k % 8) - 30, 9 * (k / 8) - 33])];
        var model = new GaussianMixtureModel(
            new Mixture([.. means.Select(_ => 1.0 / 64)], means, [.. means.Select(_ => Covariance.Isotropic(2, 0.8))]),
            new OrnsteinUhlenbeckProcess(earlyStop: 0.01));
        FlowProgram program = Program(model);
        var active = new ActiveKernel<double>(model.Mixture, program);
        var all = new TableKernel<double>(model.Mixture, program);
        double[] starts = FlowSampling.DrawPrior<double>(model, 300, 5), own = [.. starts], others = [.. starts], plain = [.. starts];
        double[] margins = new double[300], otherMargins = new double[300];
        WatchedRun.Integrate(active, own.AsSpan(), Watch(active.Stride), margins.AsSpan());
        WatchedRun.Integrate(all, others.AsSpan(), Watch(all.Stride), otherMargins.AsSpan());
        Assert.All(otherMargins, margin => Assert.True(double.IsFinite(margin)));
        Compare.Within(otherMargins, margins, 1e-8 * Compare.MaxNorm(otherMargins), "margins");
        BlockDriver.Integrate(active, plain.AsSpan());
        Compare.SameBits<double>(plain, own, "watched");

        MarginWatch<double> Watch(int lanes)
            => new(new BranchMargins<double>(model.Mixture, model.Process, [.. program.Steps.Select(step => step.From), program.Steps[^1].To]), lanes);
    }

    [Fact]
    public void ItIsForIsotropicComponentsInThePlaneAndInSpace()
    {
        var diagonal = new GaussianMixtureModel(
            new Mixture([0.5, 0.5], [[0, 0], [9, 9]], [Covariance.Diagonal([1, 2]), Covariance.Diagonal([1, 2])]), new OrnsteinUhlenbeckProcess());
        Assert.Throws<ArgumentException>(() => new ActiveKernel<float>(diagonal.Mixture, Program(diagonal)));
        GaussianMixtureModel line = Scattered(1, 40, tied: true);
        Assert.Throws<ArgumentException>(() => new ActiveKernel<float>(line.Mixture, Program(line)));
    }

    [Theory]
    [InlineData(2, 40, 24, true)]
    [InlineData(2, 400, 24, true)]
    [InlineData(3, 200, 24, true)]
    [InlineData(2, 40, 1, false)]
    [InlineData(2, 5, 24, false)]
    public void LeavingOutPaysWhereModesLieApart(int d, int count, double distance, bool pays)
    {
        GaussianMixtureModel model = Scattered(d, count, tied: true, distance);
        Assert.Equal(pays, ActiveSets.Pays(model.Mixture, Program(model), Precision.Single, out _));
    }

    private static FlowProgram Program(GaussianMixtureModel model) => model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Uniform, 8));

    private static GaussianMixtureModel Scattered(int d, int count, bool tied, double distance = 24)
    {
        double[] mean = new double[d];
        var mixture = new Mixture(
            [.. Enumerable.Range(0, count).Select(k => 2.0 * (k + 1) / (count * (count + 1.0)))],
            [.. Enumerable.Range(0, count).Select(k =>
            {
                NormalSource.Fill(3, k, mean);
                return (double[])[.. mean.Select(value => distance * value)];
            })],
            [.. Enumerable.Range(0, count).Select(k => Covariance.Isotropic(d, tied ? 0.8 : 0.6 + 0.4 * (k % 3)))]);
        return new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess(horizon: 3, earlyStop: 0.01));
    }
}
