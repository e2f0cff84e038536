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
        GaussianMixtureModel model = plan.Model;
        int d = plan.Dimension;
        var field = new DelegateField(d, (time, x, outputs) =>
        {
            double[] velocity = new double[d];
            for (int i = 0; i < x.Length; i += d)
            {
                model.Velocity(time, x.Slice(i, d).ToArray().Select(value => (double)value).ToArray(), velocity);
                for (int j = 0; j < d; j++) outputs[i + j] = (float)velocity[j];
            }
        });
        var sampler = new FieldSampler(plan);
        Assert.Equal((plan.SegmentCount, plan.HistoryLength, plan.FunctionEvaluations), (sampler.SegmentCount, sampler.HistoryLength, sampler.FunctionEvaluations));
        sampler.Integrate(states, field);
        Compare.Close(expected, Array.ConvertAll(states, value => (double)value), 2e-4, 1, $"{plan}");
    }

    private static TheoryData<string> Of(IEnumerable<string> names) => new(names.Where(name => s_models.Contains(name.Split('.')[0])));
}
