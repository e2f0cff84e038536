using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>Samples that are not numbers stay so, in all coordinates, and stay alone.</summary>
public abstract class NonFiniteStateTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Past the first vectors whatever their width, and no whole number of them.
    private const int Samples = 37;

    // Few steps are enough, and there are loop forms of every kind among them.
    public static TheoryData<string> Samplers => new(SamplerUnderTest<T>.Names.Where(name => SamplerUnderTest<T>.Get(name).Descriptor.SegmentCount <= 50));

    [Theory]
    [MemberData(nameof(Samplers))]
    public void DisturbNoOtherSampleAndAreNaNThroughout(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension;
        T[] starts = sampler.Starts(Samples), clean = [.. starts];
        sampler.Integrate(clean);
        foreach (T bad in new[] { T.NaN, T.PositiveInfinity, T.NegativeInfinity })
        {
            foreach (int sample in new[] { 0, 6, Samples - 1 })
            {
                int coordinate = (sample + 1) % d;
                T[] states = [.. starts];
                states[sample * d + coordinate] = bad;
                sampler.Integrate(states);
                Compare.SameBits<T>(clean.AsSpan(0, sample * d), states.AsSpan(0, sample * d), $"before the sample with {bad}");
                Compare.SameBits<T>(clean.AsSpan((sample + 1) * d), states.AsSpan((sample + 1) * d), $"behind the sample with {bad}");
                AssertNaN(states.AsSpan(sample * d, d), $"{bad} in coordinate {coordinate} of sample {sample}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void HaveNoFiniteError(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension;
        T[] states = sampler.Starts(5);
        states[3 * d - 1] = T.NaN;
        var errors = new FlowError[5];
        sampler.Integrate(states, errors);
        AssertNaN(states.AsSpan(2 * d, d), "with errors");
        Assert.False(errors[2].Estimate < double.PositiveInfinity);
        Assert.Equal(double.PositiveInfinity, errors[2].Bound);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void AreNaNThroughoutAfterOneSegmentWithHistory(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension;
        T[] states = sampler.Starts(3);
        states[d] = T.NegativeInfinity;
        sampler.Integrate(states, new T[states.Length * sampler.Descriptor.HistoryLength], 0, 1);
        AssertNaN(states.AsSpan(d, d), "after one segment");
        Assert.All(states[..d], value => Assert.True(T.IsFinite(value)));
    }

    private static void AssertNaN(ReadOnlySpan<T> sample, string what)
    {
        for (int j = 0; j < sample.Length; j++) Assert.True(T.IsNaN(sample[j]), $"{what}: coordinate {j} came out as {sample[j]}");
    }
}

public class SingleNonFiniteStateTests : NonFiniteStateTests<float>;

public class DoubleNonFiniteStateTests : NonFiniteStateTests<double>;
