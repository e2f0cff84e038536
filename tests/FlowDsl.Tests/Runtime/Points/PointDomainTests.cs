using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

/// <summary>Where point functions are defined: at which times, and for which points.</summary>
public class PointDomainTests
{
    private static readonly GaussianMixtureModel s_ou = new(Models.TwoPlanar(0.04), Models.Ou());
    private static readonly GaussianMixtureModel s_exploding = new(Models.TwoPlanar(0.04), new VarianceExplodingProcess());
    private static readonly GaussianMixtureModel s_linear = new(Models.TwoPlanar(0.04), new LinearInterpolantProcess());
    private static readonly GaussianMixtureModel s_singular = new(Models.TwoPlanar(0), Models.Ou());

    public static TheoryData<string, double> Outside => new()
    {
        { "ou", -1 }, { "ou", -double.Epsilon }, { "ou", double.NaN }, { "ou", double.PositiveInfinity }, { "ou", double.NegativeInfinity },
        { "exploding", -1 }, { "exploding", 1e155 }, { "exploding", double.NaN },
        { "linear", -1e-9 }, { "linear", 1.0000001 }, { "linear", double.PositiveInfinity },
        // No noise is left and a component has no density.
        { "singular", 0 },
    };

    public static TheoryData<string, double> Inside => new()
    {
        // Beyond the ends of sampling, too.
        { "ou", 0 }, { "ou", 1e-300 }, { "ou", 3.5 }, { "ou", 1e300 },
        { "exploding", 0 }, { "exploding", 1e150 }, { "linear", 0 }, { "linear", 1 }, { "singular", 1e-12 },
    };

    [Theory]
    [MemberData(nameof(Outside))]
    public void ATimeOutsideTheProcessIsRefusedByItsName(string name, double t)
    {
        GaussianMixtureModel model = Get(name);
        double[] value = new double[2];
        Refuses(() => model.LogDensity(t, [0.1, 0.2]));
        Refuses(() => model.Score(t, [0.1, 0.2], value));
        Refuses(() => model.Velocity(t, [0.1, 0.2], value));
        Refuses(() => model.PosteriorMean(t, [0.1, 0.2], value));
        Refuses(() => model.Responsibilities(t, [0.1, 0.2], value));
        Refuses(() => model.JacobianVectorProduct(t, [0.1, 0.2], [1, 0], value));

        void Refuses(Action call)
        {
            var exception = Assert.Throws<ArgumentOutOfRangeException>("t", call);
            Assert.Contains($"The time t is {PortableNumber.Format(t)}", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Inside))]
    public void EveryTimeOfTheProcessHasFiniteValues(string name, double t)
    {
        GaussianMixtureModel model = Get(name);
        double[] value = new double[2];
        Assert.True(double.IsFinite(model.LogDensity(t, [0.1, 0.2])));
        model.Score(t, [0.1, 0.2], value);
        Assert.All(value, number => Assert.True(double.IsFinite(number)));
        model.PosteriorMean(t, [0.1, 0.2], value);
        Assert.All(value, number => Assert.True(double.IsFinite(number)));
    }

    [Fact]
    public void GeneratedFunctionsRefuseTheSameTimes()
    {
        double[] value = new double[Ring.Dimension], x = new double[Ring.Dimension];
        foreach (double t in new[] { -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>("t", () => Ring.Score(t, x, value));
            Assert.Throws<ArgumentOutOfRangeException>("t", () => Ring.LogDensity(t, x));
            Assert.Throws<ArgumentOutOfRangeException>("t", () => Ring.StabilityBound(t));
            Assert.Throws<ArgumentOutOfRangeException>("t", () => Ring.ExpectedStability(t));
        }
    }

    [Fact]
    public void TimesOfFlowMapsProgramsAndStabilityAreChecked()
    {
        double[] y = new double[2];
        Assert.Throws<ArgumentOutOfRangeException>("from", () => s_linear.FlowMap(1.5, 0.1, [0, 0], y));
        Assert.Throws<ArgumentOutOfRangeException>("to", () => s_ou.FlowMap(1, -0.1, [0, 0], y));
        Assert.Throws<ArgumentOutOfRangeException>("to", () => s_ou.FlowMap(1, double.NaN, [0, 0], [1, 0], y, new double[2]));
        Assert.Throws<ArgumentOutOfRangeException>("times[1]", () => s_linear.CreateProgram(Solver.Heun, [0.5, 1.5]));
        Assert.Throws<ArgumentOutOfRangeException>("times[0]", () => s_ou.CreateProgram(Solver.Euler, [double.NaN, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("t", () => s_ou.Stability.OneSidedBound(-1));
        Assert.Throws<ArgumentOutOfRangeException>("t", () => s_ou.Stability.ExpectedGrowth(double.NaN));
        // Tables have the process's own times only.
        Assert.Throws<ArgumentOutOfRangeException>("from", () => s_ou.Stability.ExpectedIntegral(1, 5));
        Assert.Throws<ArgumentOutOfRangeException>("from", () => s_ou.Stability.LipschitzIntegral(2, 1));
    }

    /// <summary>One coordinate that is no number leaves no other: the others would pass for a score.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void APointThatIsNotFiniteGivesNaNThroughout(double bad)
    {
        foreach (GaussianMixtureModel model in new[] { s_ou, s_linear, GaussianMixtureModel.From<Ring>() })
        {
            foreach (double[] x in new double[][] { [bad, 0.5], [0.5, bad] })
            {
                double[] value = new double[2], responsibilities = new double[model.ComponentCount];
                Assert.True(double.IsNaN(model.LogDensity(0.5, x)));
                model.Score(0.5, x, value);
                AssertNaN(value);
                model.Velocity(0.5, x, value);
                AssertNaN(value);
                model.PosteriorMean(0.5, x, value);
                AssertNaN(value);
                model.Responsibilities(0.5, x, responsibilities);
                AssertNaN(responsibilities);
                model.JacobianVectorProduct(0.5, x, [1, 0], value);
                AssertNaN(value);
                model.JacobianVectorProduct(0.5, [0.1, 0.2], x, value);
                AssertNaN(value);
                model.FlowMap(0.9, 0.5, x, value);
                AssertNaN(value);
                double[] state = [.. x];
                model.Integrate(model.CreateProgram(Solver.Ddim, [0.9, 0.5, 0]), state);
                AssertNaN(state);
            }
        }

        static void AssertNaN(double[] values) => Assert.All(values, value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void ValuesMayBeWrittenOverAPointThatIsNotFinite()
    {
        double[] x = [double.NaN, 1];
        s_ou.Score(0.5, x, x);
        Assert.True(double.IsNaN(x[0]) && double.IsNaN(x[1]));
    }

    private static GaussianMixtureModel Get(string name) => name switch
    {
        "ou" => s_ou,
        "exploding" => s_exploding,
        "linear" => s_linear,
        _ => s_singular,
    };
}
