using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Data;

namespace FlowDsl.Tests.Data;

/// <summary>Samplers of data sets against sums over all rows in double precision, and against closed forms.</summary>
public class EmpiricalSamplerTests
{
    private static readonly EmpiricalMixture s_digits = EmpiricalMixture.Of(DataSets.Digits, DataSets.DigitDimension, 0.01);

    /// <summary>At the start all digits count, at the end few or one: full products, active sets, energies in double precision.</summary>
    [Theory]
    [InlineData(3.0)]
    [InlineData(1.0)]
    [InlineData(0.3)]
    [InlineData(0.1)]
    [InlineData(0.03)]
    [InlineData(0.003)]
    public void PosteriorMeansAreThoseOfTheFullSum(double t)
    {
        AssertPosteriorMeans(s_digits, t, StatesAt(t, 70));
    }

    /// <summary>Rows that have a background of their own value along every coordinate, in 4 kinds that come in no order.</summary>
    [Theory]
    [InlineData(3.0)]
    [InlineData(0.3)]
    [InlineData(0.01)]
    public void BackgroundsAreLeftOut(double t)
    {
        const int n = 700, d = 200;
        double[] values = DataSets.Noise(n * d, 11), noise = DataSets.Noise(40 * d, 12);
        var random = new Random(13);
        int[] kinds = [.. Enumerable.Range(0, n).Select(_ => random.Next(4))];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++)
                if (j * 4 / d != kinds[i]) values[i * d + j] = 0.1 * j - 10;
        var data = EmpiricalMixture.Of(values, d, 0.01);
        double a = Math.Exp(-t), deviation = Math.Sqrt(a * a * 0.01 + 1 - a * a);
        float[] states = [.. noise.Select((value, i) => (float)(a * values[i] + deviation * value))];
        AssertPosteriorMeans(data, t, states);
        // A quarter of the values, and the groups in which two kinds meet.
        Assert.InRange(data.Directions.Rows.Density, 0.25, 0.3);
    }

    private static void AssertPosteriorMeans(EmpiricalMixture data, double t, float[] states)
    {
        var model = new GaussianMixtureModel(data, DataSets.Process);
        float[] means = PosteriorMeans(data, t, states);
        int d = data.Dimension;
        double[] expected = new double[d];
        for (int i = 0; i < states.Length / d; i++)
        {
            double[] x = Array.ConvertAll(states[(i * d)..((i + 1) * d)], value => (double)value);
            model.PosteriorMean(t, x, expected);
            double error = 0;
            for (int j = 0; j < d; j++) error += Math.Pow(means[i * d + j] - expected[j], 2);
            // What is left out is below 1.2e-7 of the radius; the rest is the rounding of single precision.
            Assert.True(Math.Sqrt(error) < 4e-6 * data.Measured.Radius, $"sample {i} errs by {Math.Sqrt(error)}");
        }
    }

    [Theory]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.Ddim)]
    [InlineData(Solver.RungeKutta4)]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    [InlineData(Solver.DpmSolverPlusPlus3M)]
    public void SolversAreThoseOfOtherModels(Solver solver)
    {
        const int d = 40, n = 300;
        var data = EmpiricalMixture.Of(DataSets.Noise(n * d, 5), d, 0.05);
        var model = new GaussianMixtureModel(data, DataSets.Process);
        var sampler = new EmpiricalSampler(SamplerDescriptor.Create(model, solver, model.CreateTimes(Grid.Edm, 6, solver)));
        float[] states = Array.ConvertAll(DataSets.Noise(33 * d, 6), value => (float)value);
        double[] expected = Array.ConvertAll(states, value => (double)value);
        DataSets.Listed(model).Integrate(model.CreateProgram(solver, sampler.Descriptor.Times), expected);
        sampler.Integrate(states);
        for (int i = 0; i < states.Length; i++) Assert.Equal(expected[i], states[i], 2e-4);
    }

    [Fact]
    public void OneRowIsOneGaussian()
    {
        const int d = 3;
        double[] row = [1, -2, 0.5];
        var model = new GaussianMixtureModel(EmpiricalMixture.Of(row, d, 0.25), DataSets.Process);
        // The canonical chart of the component's variance makes it exact in one step: x ↦ aμ + √(λ/λ_T) (x - a_T μ).
        var sampler = new EmpiricalSampler(SamplerDescriptor.Create(model, Solver.Heun, [3, 0.01]));
        float[] states = [0.3f, -1, 2];
        float[] start = [.. states];
        sampler.Integrate(states);
        (double from, double to) = (Math.Exp(-3), Math.Exp(-0.01));
        double factor = Math.Sqrt((1 - 0.75 * to * to) / (1 - 0.75 * from * from));
        for (int j = 0; j < d; j++) Assert.Equal(to * row[j] + factor * (start[j] - from * row[j]), states[j], 1e-6);
    }

    [Fact]
    public void RepeatedRowsWeighAsOften()
    {
        const int d = 2;
        double t = 0.5;
        var twice = EmpiricalMixture.Of([1, 0, 1, 0, -1, 0], d, 0.1);
        float[] mean = PosteriorMeans(twice, t, [0, 0]);
        // Equal distances: weights 2/3 and 1/3.
        double a = Math.Exp(-t), spread = a * a * 0.1 + 1 - a * a, centre = 1.0 / 3;
        Assert.Equal(centre - a * 0.1 / spread * a * centre, mean[0], 1e-6);
        Assert.Equal(0, mean[1], 1e-7);
    }

    [Fact]
    public void WhatIsNotFiniteStaysAlone()
    {
        EmpiricalSampler sampler = DigitSampler();
        int d = s_digits.Dimension;
        float[] states = StatesAt(3, 40), clean = [.. states];
        states[3 * d + 5] = float.NaN;
        states[7 * d] = float.PositiveInfinity;
        states[9 * d + 1] = 1e38f;
        sampler.Integrate(states);
        sampler.Integrate(clean);
        for (int i = 0; i < 40; i++)
        {
            if (i is 3 or 7) Assert.All(states[(i * d)..((i + 1) * d)], value => Assert.True(float.IsNaN(value)));
            // Its square overflows, so it goes by the point functions.
            else if (i == 9) Assert.All(states[(i * d)..((i + 1) * d)], value => Assert.True(float.IsFinite(value)));
            else Assert.Equal(clean[(i * d)..((i + 1) * d)], states[(i * d)..((i + 1) * d)]);
        }
    }

    [Fact]
    public void BitsDependNeitherOnTheBatchNorOnNeighbours()
    {
        EmpiricalSampler sampler = DigitSampler();
        int d = s_digits.Dimension;
        float[] states = StatesAt(3, 150), one = states[(77 * d)..(78 * d)], part = states[(60 * d)..(97 * d)], pieces = [.. states];
        sampler.Integrate(states);
        sampler.Integrate(one);
        sampler.Integrate(part);
        sampler.Integrate(pieces, 0, 5);
        sampler.Integrate(pieces, 5, sampler.Descriptor.SegmentCount - 5);
        Assert.Equal(states[(77 * d)..(78 * d)], one);
        Assert.Equal(states[(60 * d)..(97 * d)], part);
        Assert.Equal(states, pieces);
    }

    [Fact]
    public void SamplesDependOnTheSeedAndTheirIndexAlone()
    {
        EmpiricalSampler sampler = DigitSampler();
        int d = s_digits.Dimension;
        float[] all = sampler.Sample(130, 7), rest = sampler.Sample(30, 7, new SamplingOptions { FirstIndex = 100, MaxThreads = 1, BatchSize = 7 });
        Assert.Equal(all[(100 * d)..], rest);
    }

    /// <summary>Starts are a digit and noise: their mean and variance are those of x_T, within five standard errors.</summary>
    [Fact]
    public void StartsHaveTheLawOfTheHorizon()
    {
        const int n = 20000;
        var model = new GaussianMixtureModel(EmpiricalMixture.Of([3, 5, 10], 1, 0.5), DataSets.Process);
        double a = Math.Exp(-3), mean = a * 6, variance = a * a * (26.0 / 3 + 0.5) + 1 - a * a;
        foreach (double[] starts in new[]
            { FlowSampling.DrawPrior<double>(model, n, 1), Array.ConvertAll(FlowSampling.DrawPrior<float>(model, n, 1), value => (double)value) })
        {
            Assert.Equal(mean, starts.Average(), 5 * Math.Sqrt(variance / n));
            Assert.Equal(variance, starts.Average(x => (x - mean) * (x - mean)), 5 * variance * Math.Sqrt(2.0 / n));
        }
    }

    [Fact]
    public void ErrorsAreThoseOfTheCompanion()
    {
        EmpiricalSampler sampler = DigitSampler();
        float[] states = StatesAt(3, 8), plain = [.. states];
        var errors = new FlowError[8];
        sampler.Integrate(states, errors);
        sampler.Integrate(plain);
        Assert.Equal(plain, states);
        Assert.All(errors, error => Assert.True(error.Estimate > 0 && double.IsFinite(error.Estimate) && double.IsNaN(error.BranchMargin)));
    }

    private static EmpiricalSampler DigitSampler()
    {
        var model = new GaussianMixtureModel(s_digits, DataSets.Process);
        return new EmpiricalSampler(SamplerDescriptor.Create(model, Solver.Heun, model.CreateTimes(Grid.Edm, 8)));
    }

    private static float[] StatesAt(double t, int count)
    {
        int d = s_digits.Dimension;
        double a = Math.Exp(-t), spread = a * a * 0.01 + 1 - a * a;
        double[] noise = DataSets.Noise(count * d, 8);
        float[] states = new float[count * d];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < d; j++)
                states[i * d + j] = (float)(a * DataSets.Digits[i * 25 % DataSets.DigitCount * d + j] + Math.Sqrt(spread) * noise[i * d + j]);
        return states;
    }

    private static float[] PosteriorMeans(EmpiricalMixture data, double t, float[] states)
    {
        int d = data.Dimension, n = states.Length / d, stride = (n + PanelProducts.Lanes - 1) / PanelProducts.Lanes * PanelProducts.Lanes;
        var evaluation = new DataEvaluation(data.Directions, data.Variance, MixtureField.PosteriorMean(DataSets.Process.At(t)));
        float[] x = new float[d * stride], slope = new float[d * stride], scratch = new float[DataEvaluation.ScratchRows(data.Count, d) * stride];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++) x[j * stride + i] = states[i * d + j];
        evaluation.Evaluate(ref x[0], stride, ref scratch[0], ref slope[0], n);
        float[] means = new float[n * d];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++) means[i * d + j] = slope[j * stride + i];
        return means;
    }
}
