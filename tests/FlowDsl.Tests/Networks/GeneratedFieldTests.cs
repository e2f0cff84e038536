namespace FlowDsl.Tests;

/// <summary>Every generated sampler again, with the same field from a function instead of the compiled mixture.</summary>
public class GeneratedFieldTests
{
    // Straight-line samplers of every solver, chart and process, in float and double, and those that start and end without signal or noise.
    private static readonly string[] s_models =
        ["OrnsteinUhlenbeckSolvers", "VarianceExplodingSolvers", "LinearInterpolantSolvers", "DownToTheData", "PureNoiseToData"];

    public static TheoryData<string> SingleSamplers => Of(SamplerUnderTest<float>.Names);

    public static TheoryData<string> DoubleSamplers => Of(SamplerUnderTest<double>.Names);

    [Theory]
    [MemberData(nameof(SingleSamplers))]
    public void SingleSamplersAreThoseOfTheirOwnVelocities(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        float[] states = sampler.Starts(50), expected = [.. states];
        sampler.Integrate(expected);
        AssertSame(sampler.Descriptor, states, Array.ConvertAll(expected, value => (double)value));
    }

    [Theory]
    [MemberData(nameof(DoubleSamplers))]
    public void DoubleSamplersAreThoseOfTheirOwnVelocitiesToFloat(string name)
    {
        var sampler = SamplerUnderTest<double>.Get(name);
        float[] states = Array.ConvertAll(sampler.Starts(50), value => (float)value);
        double[] expected = Array.ConvertAll(states, value => (double)value);
        sampler.Integrate(expected);
        AssertSame(sampler.Descriptor, states, expected);
    }

    private static void AssertSame(SamplerDescriptor plan, float[] states, double[] expected)
    {
        INetworkField field = ExactField.Of(plan.Model, new NetworkConvention());
        var sampler = new FieldSampler(plan);
        Assert.Equal(plan.FunctionEvaluations, sampler.FunctionEvaluations);
        sampler.Integrate(states, field);
        Compare.Close(expected, Array.ConvertAll(states, value => (double)value), 2e-4, 1, $"{plan}");
    }

    /// <summary>
    /// Estimates and margins of the compiled samplers. They are differences of states, and where errors are great, rounding is too.
    /// </summary>
    [Theory]
    [MemberData(nameof(SingleSamplers))]
    public void ErrorsAreThoseOfTheSampler(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        SamplerDescriptor plan = sampler.Descriptor;
        float[] states = sampler.Starts(50), own = [.. states], plain = [.. states];
        FlowError[] expected = new FlowError[50], actual = new FlowError[50];
        sampler.Integrate(own, expected);
        var onField = new FieldSampler(plan, batchSize: 7);
        INetworkField field = ExactField.Of(plan.Model, new NetworkConvention());
        onField.Integrate(states, actual, field);
        onField.Integrate(plain, field);
        Compare.SameBits<float>(plain, states, name);
        for (int i = 0; i < actual.Length; i++)
        {
            string where = $"{name}, {i}: {actual[i]}, not {expected[i]}";
            Assert.Equal((double.PositiveInfinity, double.NaN), (actual[i].Bound, actual[i].Amplification));
            Assert.True(Math.Abs(actual[i].BranchMargin - expected[i].BranchMargin) <= 1e-3 * (1 + expected[i].BranchMargin)
                || actual[i].BranchMargin == expected[i].BranchMargin, where);
            if (plan.Tracking == Tracking.None) Assert.True(double.IsNaN(actual[i].Estimate), where);
            // Others than these are not of the same kind.
            else if (plan.Tracking is Tracking.Companion or Tracking.Local || plan.HistoryLength > 0)
                Assert.True(Math.Abs(actual[i].Estimate - expected[i].Estimate) <= 3e-4 + 0.01 * expected[i].Estimate, where);
        }
        Assert.Equal(plan.Tracking == Tracking.None, onField.FunctionEvaluationsWithErrors == plan.FunctionEvaluations);
    }

    private static TheoryData<string> Of(IEnumerable<string> names) => new(names.Where(name => s_models.Contains(name.Split('.')[0])));
}
