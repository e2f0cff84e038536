using System.Text.Json;
using FlowDsl.Mathematics.Stability;
using FlowDsl.Probe;

namespace FlowDsl.Tests;

/// <summary>The point functions of the run-time model and of the generated types against high-precision values.</summary>
public class PointFunctionTests
{
    private const double Tolerance = 1e-12;

    private static readonly Dictionary<string, Func<IPointFunctions>> s_generated = new()
    {
        ["iso_two_1d"] = () => new Generated<TwoModes>(),
        ["iso_unequal_1d"] = () => new Generated<ThreeModes>(),
        ["single_full_2d"] = () => new Generated<OneGaussian>(),
        ["product_diag_2d"] = () => new Generated<ProductGrid>(),
        ["ring8_iso_2d"] = () => new Generated<Ring>(),
        ["faithful_full_2d"] = () => new Generated<Faithful>(),
        ["shared_full_3d"] = () => new Generated<TiedEllipsoids>(),
        ["iso_d16"] = () => new Generated<SixteenDimensions>(),
    };

    /// <summary>The functions of <see cref="IGaussianMixture{TSelf}"/>, whoever has them.</summary>
    public interface IPointFunctions
    {
        GaussianMixtureModel Model { get; }

        int Dimension { get; }

        int ComponentCount { get; }

        double LogDensity(double t, ReadOnlySpan<double> x);

        void Score(double t, ReadOnlySpan<double> x, Span<double> score);

        void Velocity(double t, ReadOnlySpan<double> x, Span<double> velocity);

        void Responsibilities(double t, ReadOnlySpan<double> x, Span<double> responsibilities);

        void PosteriorMean(double t, ReadOnlySpan<double> x, Span<double> mean);

        void JacobianVectorProduct(double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product);

        double StabilityBound(double t);

        double ExpectedStability(double t);
    }

    public static TheoryData<string> Cases => new(ReferenceCase.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreeWithTheReference(string name)
    {
        var reference = ReferenceCase.Load(name);
        Check(reference, new RunTime(reference.Model));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GeneratedFunctionsAgreeWithTheReference(string name)
        => Check(ReferenceCase.Load(name), s_generated[name]());

    [Theory]
    [MemberData(nameof(Cases))]
    public void FlowMapAgreesWithTheReference(string name)
    {
        var reference = ReferenceCase.Load(name);
        foreach (JsonElement flow in reference.FlowMaps)
        {
            double[] x = ReferenceCase.Numbers(flow.GetProperty("x")), expected = ReferenceCase.Numbers(flow.GetProperty("y"));
            double[] actual = new double[x.Length];
            reference.Model.FlowMap(ReferenceCase.Number(flow.GetProperty("s")), ReferenceCase.Number(flow.GetProperty("t")), x, actual, 1e-13);
            Compare.Close(expected, actual, 1e-10, 1, "flow map");
        }
    }

    /// <summary>The declaration reaches the run-time object of a generated type unchanged, and its stability is that object's.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void GeneratedModelIsTheDeclaredOne(string name)
    {
        var reference = ReferenceCase.Load(name);
        IPointFunctions generated = s_generated[name]();
        Assert.Equal<double>(reference.Mixture.Weights, generated.Model.Mixture.Weights);
        Assert.Equal(reference.Mixture.Means.Select(mean => mean.ToArray()), generated.Model.Mixture.Means.Select(mean => mean.ToArray()));
        Assert.Equal<FlowDsl.Mathematics.Covariance>(reference.Mixture.Covariances, generated.Model.Mixture.Covariances);
        Assert.Equal(reference.Mixture.Dimension, generated.Dimension);
        Assert.Equal(reference.Mixture.Count, generated.ComponentCount);
        foreach (double t in new[] { 0.001, 0.1, 3 })
        {
            Assert.Equal(reference.Model.StabilityBound(t), generated.StabilityBound(t));
            Assert.Equal(reference.Model.ExpectedStability(t), generated.ExpectedStability(t));
        }
    }

    /// <summary>More numbers than are unrolled: the functions of such a type read tables, and give the run-time model's bits.</summary>
    [Fact]
    public void GeneratedFunctionsOfALargeMixtureAgreeWithTheModel()
    {
        var generated = new Generated<Crowd>();
        double[] x = [0.3, -0.2, 0.9, 1.1, -0.4, 0.1], direction = [1, -2, 0.5, 0.3, 0, 0.7];
        foreach (double t in new[] { 0.001, 0.3, 3 })
        {
            Assert.Equal(generated.Model.LogDensity(t, x), Crowd.LogDensity(t, x));
            Same(6, result => generated.Model.Score(t, x, result), result => Crowd.Score(t, x, result));
            Same(6, result => generated.Model.Velocity(t, x, result), result => Crowd.Velocity(t, x, result));
            Same(6, result => generated.Model.PosteriorMean(t, x, result), result => Crowd.PosteriorMean(t, x, result));
            Same(9, result => generated.Model.Responsibilities(t, x, result), result => Crowd.Responsibilities(t, x, result));
            Same(6, result => generated.Model.JacobianVectorProduct(t, x, direction, result), result => Crowd.JacobianVectorProduct(t, x, direction, result));
        }

        static void Same(int length, Action<double[]> model, Action<double[]> type)
        {
            double[] expected = new double[length], actual = new double[length];
            model(expected);
            type(actual);
            Compare.SameBits<double>(expected, actual, "large mixture");
        }
    }

    [Fact]
    public void WrongLengthsAreRefusedWithTheirNumbers()
    {
        double[] two = new double[2], three = new double[3], seven = new double[7];
        Refuses(() => Faithful.LogDensity(1, three));
        Refuses(() => Faithful.Score(1, three, two));
        Refuses(() => Faithful.Score(1, two, three));
        Refuses(() => Faithful.Velocity(1, two, three));
        Refuses(() => Faithful.PosteriorMean(1, two, three));
        Refuses(() => Faithful.Responsibilities(1, two, three));
        Refuses(() => Faithful.JacobianVectorProduct(1, two, three, two));
        Refuses(() => Faithful.JacobianVectorProduct(1, two, two, three));
        var wrong = Assert.Throws<ArgumentException>(() => Ring.Responsibilities(1, two, seven));
        Assert.Contains("7", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("8", wrong.Message, StringComparison.Ordinal);

        static void Refuses(Action call)
        {
            var exception = Assert.Throws<ArgumentException>(call);
            Assert.Contains("3", exception.Message, StringComparison.Ordinal);
            Assert.Contains("2", exception.Message, StringComparison.Ordinal);
        }
    }

    private static void Check(ReferenceCase reference, IPointFunctions functions)
    {
        int d = reference.Mixture.Dimension;
        foreach (JsonElement point in reference.Points)
        {
            double t = ReferenceCase.Number(point.GetProperty("t"));
            double[] x = ReferenceCase.Numbers(point.GetProperty("x")), actual = new double[d];
            double[] expected = Expected(point, "score");
            // Where an output cancels by symmetry only rounding of the terms that cancel is left: 1e-14 of them.
            double terms = (Compare.MaxNorm(x) + reference.Mixture.Means.Max(mean => Compare.MaxNorm(mean.AsSpan())))
                / reference.Model.Process.At(t).Spread(reference.Mixture.MinVariance);

            Compare.Close([ReferenceCase.Number(point.GetProperty("logp"))], [functions.LogDensity(t, x)], Tolerance, 1, "log density");
            functions.Score(t, x, actual);
            Compare.Close(expected, actual, Tolerance, Compare.MaxNorm(expected) + 0.01 * terms, "score");
            functions.Velocity(t, x, actual);
            expected = Expected(point, "velocity");
            Compare.Close(expected, actual, Tolerance, Compare.MaxNorm(expected) + 0.01 * terms, "velocity");
            functions.PosteriorMean(t, x, actual);
            Compare.Close(Expected(point, "denoiser"), actual, Tolerance, 1, "posterior mean");
            double[] responsibilities = new double[reference.Mixture.Count];
            functions.Responsibilities(t, x, responsibilities);
            Compare.Close(Expected(point, "responsibilities"), responsibilities, Tolerance, 1e-3, "responsibilities");
            functions.JacobianVectorProduct(t, x, Expected(point, "jvp_direction"), actual);
            expected = Expected(point, "velocity_jvp");
            Compare.Close(expected, actual, Tolerance, Compare.MaxNorm(expected), "jvp");
        }
    }

    private static double[] Expected(JsonElement point, string property) => ReferenceCase.Numbers(point.GetProperty(property));

    private sealed class RunTime(GaussianMixtureModel model) : IPointFunctions
    {
        public GaussianMixtureModel Model => model;

        public int Dimension => model.Dimension;

        public int ComponentCount => model.ComponentCount;

        public double LogDensity(double t, ReadOnlySpan<double> x) => model.LogDensity(t, x);

        public void Score(double t, ReadOnlySpan<double> x, Span<double> score) => model.Score(t, x, score);

        public void Velocity(double t, ReadOnlySpan<double> x, Span<double> velocity) => model.Velocity(t, x, velocity);

        public void Responsibilities(double t, ReadOnlySpan<double> x, Span<double> responsibilities) => model.Responsibilities(t, x, responsibilities);

        public void PosteriorMean(double t, ReadOnlySpan<double> x, Span<double> mean) => model.PosteriorMean(t, x, mean);

        public void JacobianVectorProduct(double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
            => model.JacobianVectorProduct(t, x, direction, product);

        public double StabilityBound(double t) => model.StabilityBound(t);

        public double ExpectedStability(double t) => model.ExpectedStability(t);
    }

    private sealed class Generated<TMixture> : IPointFunctions
        where TMixture : IGaussianMixture<TMixture>
    {
        public GaussianMixtureModel Model => TMixture.Model;

        public int Dimension => TMixture.Dimension;

        public int ComponentCount => TMixture.ComponentCount;

        public double LogDensity(double t, ReadOnlySpan<double> x) => TMixture.LogDensity(t, x);

        public void Score(double t, ReadOnlySpan<double> x, Span<double> score) => TMixture.Score(t, x, score);

        public void Velocity(double t, ReadOnlySpan<double> x, Span<double> velocity) => TMixture.Velocity(t, x, velocity);

        public void Responsibilities(double t, ReadOnlySpan<double> x, Span<double> responsibilities) => TMixture.Responsibilities(t, x, responsibilities);

        public void PosteriorMean(double t, ReadOnlySpan<double> x, Span<double> mean) => TMixture.PosteriorMean(t, x, mean);

        public void JacobianVectorProduct(double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
            => TMixture.JacobianVectorProduct(t, x, direction, product);

        public double StabilityBound(double t) => TMixture.StabilityBound(t);

        public double ExpectedStability(double t) => TMixture.ExpectedStability(t);
    }
}
