using System.Numerics;
using FlowDsl.Probe;

namespace FlowDsl.Tests;

/// <summary>Generated samplers along other axes than the coordinates; the tests of all samplers include them, and these what is theirs alone.</summary>
public class RotatedSamplerTests
{
    public static TheoryData<string> Singles => new(SamplerUnderTest<float>.Names.Where(IsRotated));

    public static TheoryData<string> Doubles => new(SamplerUnderTest<double>.Names.Where(IsRotated));

    /// <summary>The planner must have chosen to rotate, else the tests of all samplers say nothing of it.</summary>
    [Fact]
    public void TheyComposeUpToRounding()
    {
        Assert.All(SamplerUnderTest<float>.Names.Where(IsRotated), name => Assert.False(SamplerUnderTest<float>.Get(name).Descriptor.ComposesExactly, name));
        Assert.All(SamplerUnderTest<double>.Names.Where(IsRotated), name => Assert.False(SamplerUnderTest<double>.Get(name).Descriptor.ComposesExactly, name));
    }

    [Theory]
    [MemberData(nameof(Singles))]
    public void FarSamplesInSinglePrecisionAreIntegratedAsAccuratelyAndAlone(string name) => FarSamples<float>(name, 2e-6);

    [Theory]
    [MemberData(nameof(Doubles))]
    public void FarSamplesInDoublePrecisionAreIntegratedAsAccuratelyAndAlone(string name) => FarSamples<double>(name, 1e-12);

    /// <summary>Some samples far outside the region of the inner kernel's form, which has a fallback for them: no other sample changes a bit.</summary>
    private static void FarSamples<T>(string name, double unit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int samples = 45;
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension;
        T[] near = sampler.Starts(samples), far = [.. near];
        for (int sample = 0; sample < samples; sample += 5)
            for (int j = 0; j < d; j++) far[sample * d + j] *= T.CreateTruncating(sample % 2 == 0 ? 30 : 300);
        T[] nearEnds = [.. near], farEnds = [.. far];
        sampler.Integrate(nearEnds);
        sampler.Integrate(farEnds);

        double[] from = [.. far.Select(double.CreateTruncating)], expected = [.. from], actual = [.. farEnds.Select(double.CreateTruncating)];
        sampler.Model.Integrate(sampler.Program(), expected);
        var sensitivity = new Sensitivity(sampler.Model, i => sampler.Program(i, 1), sampler.Descriptor.SegmentCount);
        for (int sample = 0; sample < samples; sample++)
        {
            int row = sample * d;
            T[] alone = far[row..(row + d)];
            sampler.Integrate(alone);
            Compare.SameBits<T>(farEnds.AsSpan(row, d), alone, $"sample {sample} alone");
            if (sample % 5 != 0) Compare.SameBits<T>(nearEnds.AsSpan(row, d), farEnds.AsSpan(row, d), $"sample {sample} among far ones");
            Compare.Within(expected.AsSpan(row, d), actual.AsSpan(row, d), sensitivity.Allowance(unit, from.AsSpan(row, d)), $"sample {sample}");
        }
    }

    private static bool IsRotated(string name) => name.Split('.')[0] is nameof(RingInSpace) or nameof(TiedFull);
}
