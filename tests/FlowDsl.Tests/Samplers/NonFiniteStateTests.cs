using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>Samples that are not numbers stay so, and stay alone.</summary>
public abstract class NonFiniteStateTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Past the first vectors whatever their width, and no whole number of them.
    private const int Samples = 37;

    // Few steps are enough, and there are loop forms of every kind among them.
    public static TheoryData<string> Samplers => new(SamplerUnderTest<T>.Names.Where(name => SamplerUnderTest<T>.Get(name).Descriptor.SegmentCount <= 50));

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Disturb_no_other_sample_and_stay_visible(string name)
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
                T end = states[sample * d + coordinate];
                Assert.False(T.IsFinite(end), $"{bad} in coordinate {coordinate} of sample {sample} came out as {end}");
            }
        }
    }
}

public class SingleNonFiniteStateTests : NonFiniteStateTests<float>;

public class DoubleNonFiniteStateTests : NonFiniteStateTests<double>;
