using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Metrics;
using FlowDsl.Runtime.Laws;

namespace FlowDsl.Tests;

/// <summary>Laws of samplers against closed forms, quadrature and the exact density.</summary>
public class LawOracleTests
{
    public static TheoryData<Solver> Solvers => new(
        Solver.Euler, Solver.Heun, Solver.RungeKutta4, Solver.DpmSolverPlusPlus2M, Solver.DpmSolverPlusPlus3M, Solver.AdamsBashforth2, Solver.UniPC2);

    /// <summary>On one Gaussian a sampler is affine: its derivative is the difference of the images of the unit vectors and of 0.</summary>
    [Theory]
    [MemberData(nameof(Solvers))]
    public void OneGaussianHasTheLawOfItsAffineMap(Solver solver)
    {
        GaussianMixtureModel model = new(Models.OneGaussian(), Models.Ou(0.01));
        FlowProgram program = Program(model, solver, 5);
        double[] images = [0, 0, 1, 0, 0, 1];
        model.Integrate(program, images);
        double a = images[2] - images[0], b = images[4] - images[0], c = images[3] - images[1], d = images[5] - images[1];
        double determinant = a * d - b * c;

        const int n = 30_000;
        double[] states = FlowSampling.DrawPrior<double>(model, n, 5), logs = new double[n], starts = [.. states];
        FlowSampling.PriorLogDensities<double>(model, states, logs);
        double[] before = [.. logs];
        Assert.Equal(0, Run(model, program).Integrate(states, logs));
        for (int i = 0; i < n; i++) Assert.Equal(before[i] - Math.Log(determinant), logs[i], 1e-11);

        // q = N(m, S), p = N(mu, C): KL = ½ (tr C⁻¹S + (m - mu)ᵀC⁻¹(m - mu) - 2 + log det C/det S).
        (double[] startMean, double[] startCovariance) = Law(model, model.Process.At(model.Process.Horizon));
        (double[] endMean, double[] endCovariance) = Law(model, model.Process.At(model.Process.EarlyStop));
        double[] s = Sandwich(a, b, c, d, startCovariance);
        double[] m = [a * startMean[0] + b * startMean[1] + images[0], c * startMean[0] + d * startMean[1] + images[1]];
        double det = endCovariance[0] * endCovariance[3] - endCovariance[1] * endCovariance[2];
        double[] inverse = [endCovariance[3] / det, -endCovariance[1] / det, -endCovariance[2] / det, endCovariance[0] / det];
        double trace = 0;
        for (int i = 0; i < 4; i++) trace += inverse[i] * s[i];
        double u = m[0] - endMean[0], v = m[1] - endMean[1];
        double truth = 0.5 * (trace + u * u * inverse[0] + 2 * u * v * inverse[1] + v * v * inverse[3] - 2 + Math.Log(det / (s[0] * s[3] - s[1] * s[2])));
        MetricEstimate divergence = ImportanceWeights.Measure<double>(model, states, logs).Divergence;
        // Four standard errors, since seven solvers are asked.
        Assert.True(Math.Abs(divergence.Value - truth) < Math.Max(1e-9, divergence.High - divergence.Low), $"{solver}: {divergence} and {truth}");
    }

    // The third order of the multistep method folds on so few steps.
    public static TheoryData<Solver> Bijective => new(
        Solver.Euler, Solver.Heun, Solver.RungeKutta4, Solver.DpmSolverPlusPlus2M, Solver.AdamsBashforth2, Solver.UniPC2);

    /// <summary>On the line a map's image of a dense grid has the law's mass: ∫q = 1, and q is the start's density over the map's slope.</summary>
    [Theory]
    [MemberData(nameof(Bijective))]
    public void OnTheLineTheDensityIntegratesToOne(Solver solver)
    {
        GaussianMixtureModel model = new(Models.Isotropic([0.3, 0.7], [[-1.0], [0.8]], 0.09), Models.Ou(0.01));
        FlowProgram program = Program(model, solver, 8);
        const int n = 40_001;
        double[] states = [.. Enumerable.Range(0, n).Select(i => -9 + 18.0 * i / (n - 1))], starts = [.. states], logs = new double[n];
        FlowSampling.PriorLogDensities<double>(model, states, logs);
        double[] before = [.. logs];
        Assert.Equal(0, Run(model, program).Integrate(states, logs));
        double mass = 0;
        for (int i = 1; i < n; i++)
        {
            Assert.True(states[i] > states[i - 1]);
            mass += 0.5 * (Math.Exp(logs[i]) + Math.Exp(logs[i - 1])) * (states[i] - states[i - 1]);
        }
        Assert.Equal(1, mass, 1e-5);
        for (int i = 1; i + 1 < n; i += 101)
            Assert.Equal(before[i] - Math.Log((states[i + 1] - states[i - 1]) / (starts[i + 1] - starts[i - 1])), logs[i], 1e-4);
    }

    /// <summary>
    /// In the limit of many steps a sampler's law is the mixture's own: here to 1e-8, for shared and different covariances, whole and in a span.
    /// </summary>
    [Theory]
    [InlineData("plane")]
    [InlineData("full")]
    [InlineData("span")]
    [InlineData("product")]
    public void ManyStepsHaveTheExactDensity(string kind)
    {
        Mixture mixture = kind switch
        {
            "plane" => Models.Isotropic([0.3, 0.2, 0.5], [[1.2, 0.9], [-1.2, -0.9], [0.4, -1]], 0.25),
            "full" => Models.OrderedFull(),
            "product" => Models.Isotropic([0.06, 0.15, 0.09, 0.14, 0.35, 0.21], [[-1, 0], [-1, 0.9], [-1, 2], [0.8, 0], [0.8, 0.9], [0.8, 2]], 0.2),
            _ => Models.Isotropic([0.25, 0.25, 0.3, 0.2], [[1, 0, 0.5, 0, 1], [-1, 0.3, 0.5, 0, 1], [0, 1, -0.5, 0.2, 1], [0.2, -1, 0.1, -0.4, 1]], 0.3),
        };
        GaussianMixtureModel model = new(mixture, Models.Ou(0.05));
        FlowProgram program = Program(model, Solver.RungeKutta4, 600);
        const int n = 40;
        int d = model.Dimension;
        double[] states = FlowSampling.DrawPrior<double>(model, n, 3), logs = new double[n];
        FlowSampling.PriorLogDensities<double>(model, states, logs);
        Assert.Equal(0, Run(model, program).Integrate(states, logs));
        for (int i = 0; i < n; i++)
            Assert.Equal(model.LogDensity(model.Process.EarlyStop, states.AsSpan(i * d, d)), logs[i], 1e-8);
    }

    /// <summary>
    /// Two derivations of the same determinants, for means that span as many directions as they can: from the responsibilities, where most of the samples have
    /// settled in the end, and from one tangent for each direction. With odd and even numbers of means, far from the origin.
    /// </summary>
    [Theory]
    [MemberData(nameof(Solvers))]
    public void ResponsibilitiesAndTangentsHaveTheSameDeterminants(Solver solver)
    {
        foreach (int count in new[] { 6, 7 })
        {
            var random = new Random(count);
            const int d = 9, n = 203;
            double Coordinate(int j) => 5 * (j % 2) + 2 * random.NextDouble();
            double[][] means = [.. Enumerable.Range(0, count).Select(_ => (double[])[.. Enumerable.Range(0, d).Select(Coordinate)])];
            double[] weights = [.. means.Select((_, k) => (k + 1.0) / (count * (count + 1) / 2))];
            GaussianMixtureModel model = new(Models.Isotropic(weights, means, 0.05), Models.Ou(0.01));
            FlowProgram program = Program(model, solver, 8);
            MeansSpan span = MeansSpan.Find(model.Mixture)!;
            Assert.Equal(count - 1, span.Axes.Length);
            var own = Assert.IsType<CoefficientDeterminants<double>>(SamplerLaw.DeterminantsOf<double>(model.Mixture, program));
            SpanDeterminants<double> tangents = new(model.Mixture, program, span, new TangentDeterminants<double>(span.Reduced, program));
            double[] starts = FlowSampling.DrawPrior<double>(model, n, 3), logs = new double[n], expected = new double[n];
            bool[] reversed = new bool[n], expectedReversed = new bool[n];
            own.Subtract(starts, logs, reversed);
            tangents.Subtract(starts, expected, expectedReversed);
            for (int i = 0; i < n; i++) Assert.Equal(expected[i], logs[i], 1e-9);
            Assert.Equal(expectedReversed, reversed);
        }
    }

    /// <summary>
    /// One long step of Euler's away from the data turns space over between two narrow modes; at which points it does is seen from the plain map.
    /// </summary>
    [Fact]
    public void AFoldIsCounted()
    {
        GaussianMixtureModel model = new(Models.Two(0.01), Models.Ou(0.001, 1));
        FlowProgram program = model.CreateProgram(Solver.Euler, [0.01, 1], Chart.State);
        const int n = 4001;
        double[] states = [.. Enumerable.Range(0, n).Select(i => -3 + 6.0 * i / (n - 1))], logs = new double[n];
        double[] behind = [.. states.Select(x => x - 1e-6)], ahead = [.. states.Select(x => x + 1e-6)];
        model.Integrate(program, behind);
        model.Integrate(program, ahead);
        int falling = Enumerable.Range(0, n).Count(i => ahead[i] <= behind[i]);
        int counted = Run(model, program).Integrate(states, logs);
        Assert.True(falling > 0);
        Assert.InRange(counted, falling - 2, falling + 2);
        Assert.All(logs, log => Assert.False(double.IsNaN(log)));
    }

    /// <summary>A sample's log-density does not depend on the samples with it.</summary>
    [Theory]
    [InlineData("TwoModes.Heun8")]
    [InlineData("TwoModes.Multistep12")]
    [InlineData("Sixteen.Heun")]
    [InlineData("UnequalFull.Multistep")]
    public void EveryLengthGivesEachSampleItsDensity(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        const int most = 67;
        int d = sampler.Dimension;
        float[] starts = sampler.Starts(most);
        double[] alone = new double[most];
        for (int i = 0; i < most; i++) sampler.Integrate(starts[(i * d)..((i + 1) * d)], alone.AsSpan(i, 1));
        for (int n = 0; n <= most; n++)
        {
            double[] logs = new double[n];
            sampler.Integrate(starts[..(n * d)], logs);
            Assert.Equal(alone[..n], logs);
        }
    }

    /// <summary>The determinants of students against differences of the plain call.</summary>
    [Theory]
    [InlineData("TaughtLine.Plain")]
    [InlineData("TaughtPlane.Closed")]
    [InlineData("TaughtTriangle.Corrected")]
    [InlineData("TaughtTetrahedron.Trapezoid")]
    public void StudentsHaveTheirOwnLaw(string name)
    {
        var student = StudentUnderTest.Get(name);
        StudentFlow flow = student.Flow(student.RandomWeights(3, 0.3));
        int d = student.Dimension;
        const int n = 12;
        const float step = 1f / 256;
        float[] starts = student.Points(n, student.Model.Process.Horizon, 4), states = [.. starts], plain = [.. starts];
        double[] logs = new double[n];
        flow.Integrate(plain);
        flow.Integrate(states, logs);
        Compare.SameBits<float>(plain, states, name);
        for (int i = 0; i < n; i++)
        {
            double[,] derivative = new double[d, d];
            for (int j = 0; j < d; j++)
            {
                foreach ((int shift, double weight) in new[] { (1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0) })
                {
                    float[] place = starts[(i * d)..((i + 1) * d)];
                    place[j] += shift * step;
                    flow.Integrate(place);
                    for (int row = 0; row < d; row++) derivative[row, j] += weight * place[row] / (12 * step);
                }
            }
            double determinant = Determinants.Of(derivative);
            Assert.True(Math.Abs(Math.Exp(-logs[i]) - determinant) < 2e-3 * Math.Max(1, determinant),
                $"{name}, sample {i}: {Math.Exp(-logs[i])} and {determinant}");
        }
    }

    /// <summary>The Gaussian prior's density in closed form, and the exact prior's as the model has it.</summary>
    [Fact]
    public void PriorsHaveTheirDensities()
    {
        GaussianMixtureModel model = new(Models.OrderedFull(), Models.Ou());
        double[] starts = [0.3, -0.2, 1, 2, -4, 0.5], exact = new double[3], gaussian = new double[3];
        FlowSampling.PriorLogDensities<double>(model, starts, exact);
        FlowSampling.PriorLogDensities<double>(model, starts, gaussian, Prior.Gaussian);
        double variance = model.Process.At(model.Process.Horizon).Spread(model.Mixture.MeanVariance);
        for (int i = 0; i < 3; i++)
        {
            ReadOnlySpan<double> x = starts.AsSpan(2 * i, 2);
            Assert.Equal(model.LogDensity(model.Process.Horizon, x), exact[i], 1e-12);
            Assert.Equal(-(x[0] * x[0] + x[1] * x[1]) / (2 * variance) - Math.Log(2 * Math.PI * variance), gaussian[i], 1e-12);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSampling.PriorLogDensities<double>(model, starts, exact, (Prior)7));
        Assert.Throws<ArgumentException>(() => FlowSampling.PriorLogDensities<double>(model, starts, new double[2]));
    }

    [Fact]
    public void DrawnSamplesAreThoseOfSample()
    {
        const int n = 20_000;
        var options = new SamplingOptions { Prior = Prior.Gaussian, FirstIndex = 5, BatchSize = 3000 };
        DensitySamples<float> drawn = TwoModes.Heun8.SampleWithLogDensities(n, 2, options);
        Compare.SameBits<float>(TwoModes.Heun8.Sample(n, 2, options), drawn.States.Span, "samples");
        float[] states = FlowSampling.DrawPrior<float>(GaussianMixtureModel.From<TwoModes>(), n, 2, options);
        double[] logs = new double[n];
        FlowSampling.PriorLogDensities<float>(GaussianMixtureModel.From<TwoModes>(), states, logs, Prior.Gaussian);
        TwoModes.Heun8.Integrate(states, logs);
        Assert.Equal(logs, drawn.LogDensities.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoModes.Heun8.SampleWithLogDensities(1, 1, new() { Repair = Repair.Flagged }));
    }

    [Fact]
    public void AComparisonTellsTheLaws()
    {
        FlowComparison comparison = FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 5000, 1);
        FlowComparison plain = comparison.Add<TwoModes.Heun8, float>(), withLaw = comparison.AddWithLaw<TwoModes.Heun8, float>();
        Assert.Equal(plain.Samplers[0], withLaw.Samplers[0] with { Law = null });
        Assert.Null(plain.Samplers[0].Law);
        Assert.DoesNotContain("ESS", plain.ToString(), StringComparison.Ordinal);
        Assert.Contains("ESS", withLaw.ToString(), StringComparison.Ordinal);
        ComparedLaw law = withLaw.Samplers[0].Law!;
        Assert.Equal(0, law.FoldCount);
        Assert.InRange(law.EffectiveSampleSize, 4000, 5000);
        Assert.True(law.Divergence.Holds(law.Divergence.Value) && law.Divergence.Value > 0);
    }

    private static FlowProgram Program(GaussianMixtureModel
         model, Solver solver, int steps) => model.CreateProgram(solver, model.CreateTimes(Grid.Angle, steps, solver));

    private static LawRun<double> Run(GaussianMixtureModel model, FlowProgram program)
        => new(model.Dimension, states => model.Integrate(program, states), SamplerLaw.DeterminantsOf<double>(model.Mixture, program));

    private static (double[] Mean, double[] Covariance) Law(GaussianMixtureModel model, ProcessPoint point)
    {
        double[] covariance = [.. model.Mixture.Covariances[0].Matrix.Select(value => point.A * point.A * value)];
        (covariance[0], covariance[3]) = (covariance[0] + point.S2, covariance[3] + point.S2);
        return ([.. model.Mixture.Means[0].Select(value => point.A * value)], covariance);
    }

    // M C Mᵀ
    private static double[] Sandwich(double a, double b, double c, double d, double[] m)
    {
        double p = a * m[0] + b * m[2], q = a * m[1] + b * m[3], r = c * m[0] + d * m[2], s = c * m[1] + d * m[3];
        return [p * a + q * b, p * c + q * d, r * a + s * b, r * c + s * d];
    }
}
