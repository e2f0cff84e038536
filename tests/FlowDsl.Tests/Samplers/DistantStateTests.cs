namespace FlowDsl.Tests;

/// <summary>States so far out that their squares overflow in single precision: they go by point functions, and disturb no other sample.</summary>
public class DistantStateTests
{
    private const int Samples = 37;

    // The rounding of an evaluation, relative to the state, as in SamplerAccuracyTests.
    private const double Unit = 2e-6;

    // Coordinates out of range, each with one in range that is as good as infinitely far out too.
    private static readonly (double Distant, double Far)[] s_places = [(1e19, 1e17), (1e30, 1e17), (-1e30, -1e17), (1e37, 1e17)];

    /// <summary>Exact samplers of few steps: all loop forms are among them.</summary>
    public static TheoryData<string> Samplers
        => new(SamplerUnderTest<float>.ExactNames.Where(name => SamplerUnderTest<float>.Get(name).Descriptor.SegmentCount <= 20));

    [Theory]
    [MemberData(nameof(Samplers))]
    public void DisturbNoOtherSample(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        int d = sampler.Dimension;
        float[] starts = sampler.Starts(Samples), clean = [.. starts];
        sampler.Integrate(clean);
        foreach ((double distant, _) in s_places)
        {
            foreach (int sample in new[] { 0, 6, Samples - 1 })
            {
                float[] states = [.. starts];
                states[sample * d + (sample + 1) % d] = (float)distant;
                sampler.Integrate(states);
                Compare.SameBits<float>(clean.AsSpan(0, sample * d), states.AsSpan(0, sample * d), $"before the sample at {distant}");
                Compare.SameBits<float>(clean.AsSpan((sample + 1) * d), states.AsSpan((sample + 1) * d), $"behind the sample at {distant}");
            }
        }
    }

    /// <summary>A step is linear so far from all means: what is integrated by points has the ends of what the kernel integrates, times the ratio.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void AreMappedAsThoseInRange(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        int d = sampler.Dimension;
        foreach ((double distant, double far) in s_places)
        {
            float[] states = sampler.Starts(2 * d), near = [.. states];
            for (int j = 0; j < d; j++) (states[j * d + j], near[j * d + j]) = ((float)distant, (float)far);
            sampler.Integrate(states);
            sampler.Integrate(near);
            double ratio = distant / far;
            for (int row = 0; row < d * d; row += d)
            {
                double[] expected = [.. near[row..(row + d)].Select(value => (double)value * ratio)];
                double[] actual = [.. states[row..(row + d)].Select(value => (double)value)];
                Compare.Within(expected, actual, Unit * sampler.Descriptor.FunctionEvaluations * Math.Abs(distant), $"{distant} in coordinate {row / d}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void HaveTheSameBitsInPartsAndWithErrors(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        int d = sampler.Dimension, segments = sampler.Descriptor.SegmentCount;
        float[] starts = sampler.Starts(5);
        for (int i = 0; i < s_places.Length; i++) starts[i * d + i % d] = (float)s_places[i].Distant;
        float[] whole = [.. starts], inParts = [.. starts], tracked = [.. starts], history = new float[starts.Length * sampler.Descriptor.HistoryLength];
        sampler.Integrate(whole);
        Assert.All(whole, value => Assert.True(float.IsFinite(value)));
        if (sampler.Descriptor.ComposesExactly)
        {
            for (int i = 0; i < segments; i++) sampler.Integrate(inParts, history, i, 1);
            Compare.SameBits<float>(whole, inParts, "segment by segment");
        }
        var errors = new FlowError[5];
        sampler.Integrate(tracked, errors);
        Compare.SameBits<float>(whole, tracked, "with errors");
        double[] logs = new double[5];
        float[] carried = [.. starts];
        sampler.Integrate(carried, logs);
        Compare.SameBits<float>(whole, carried, "with log-densities");
        for (int i = 0; i < s_places.Length; i++)
        {
            Assert.False(errors[i].Estimate < Math.Abs(s_places[i].Far), $"estimate {errors[i].Estimate} at {s_places[i].Distant}");
            Assert.True(double.IsNaN(logs[i]));
        }
    }

    /// <summary>Where doubles have numbers, so has the sampler, to its precision.</summary>
    [Fact]
    public void TheEndOfTheRangeHasNumbers()
    {
        var sampler = SamplerUnderTest<float>.Get("Faithful.Heun8");
        foreach (float far in new[] { 3e38f, -3e38f })
        {
            float[] states = sampler.Starts(8);
            states[3 * sampler.Dimension] = far;
            double[] expected = [.. states.Select(value => (double)value)];
            sampler.Integrate(states);
            sampler.Model.Integrate(sampler.Program(), expected);
            Compare.Within(
                expected.AsSpan(3 * sampler.Dimension, sampler.Dimension),
                [.. states[(3 * sampler.Dimension)..(4 * sampler.Dimension)].Select(value => (double)value)], 1e33, $"{far}");
            Assert.NotEqual(0, states[3 * sampler.Dimension]);
        }
    }
}
