using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>
/// States far outside the mixture, where forms that are exact near it are not: such samples are integrated by the loop form,
/// with no effect on others or on how a flow map composes.
/// </summary>
public abstract class OutlierTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 45;

    private static readonly string[] s_models =
    [
        nameof(Circle), nameof(Lattice), nameof(ThreeInLine), nameof(CrossInSpace), nameof(ProductOfPairs), nameof(Islands), nameof(TwoIslands),
        nameof(Archipelago), nameof(FromAfar),
    ];

    public static TheoryData<string> Samplers => new(SamplerUnderTest<T>.Names.Where(name => s_models.Contains(name.Split('.')[0])));

    protected abstract double Unit { get; }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void AreIntegratedAsAccurately(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension, segments = sampler.Descriptor.SegmentCount;
        T[] starts = WithOutliers(sampler), ends = [.. starts];
        sampler.Integrate(ends);
        double[] from = [.. starts.Select(double.CreateTruncating)], expected = [.. from], actual = [.. ends.Select(double.CreateTruncating)];
        sampler.Model.Integrate(sampler.Program(), expected);
        var sensitivity = new Sensitivity(sampler.Model, i => sampler.Program(i, 1), segments);
        for (int row = 0; row < from.Length; row += d)
            Compare.Within(expected.AsSpan(row, d), actual.AsSpan(row, d), sensitivity.Allowance(Unit, from.AsSpan(row, d)), $"sample {row / d} of {name}");
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void ChangeNoOtherSampleAndNoComposition(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension, segments = sampler.Descriptor.SegmentCount;
        T[] starts = WithOutliers(sampler), together = [.. starts], inParts = [.. starts];
        sampler.Integrate(together);
        T[] history = new T[starts.Length * sampler.Descriptor.HistoryLength];
        for (int i = 0; i < segments; i++) sampler.Integrate(inParts, history, i, 1);
        Compare.SameBits<T>(together, inParts, "segment by segment");
        for (int row = 0; row < starts.Length; row += d)
        {
            T[] alone = starts[row..(row + d)];
            sampler.Integrate(alone);
            Compare.SameBits<T>(together.AsSpan(row, d), alone, $"sample {row / d} alone");
        }
    }

    /// <summary>Every third sample is one: near the middle of the mixture, or 3 to 300 times as far out as the prior's.</summary>
    private static T[] WithOutliers(SamplerUnderTest<T> sampler)
    {
        int d = sampler.Dimension;
        T[] states = sampler.Starts(Samples);
        for (int sample = 0; sample < Samples; sample += 3)
        {
            T factor = (sample / 3 % 4) switch
            {
                0 => T.CreateTruncating(0.1),
                1 => T.CreateTruncating(3),
                2 => T.CreateTruncating(30),
                _ => T.CreateTruncating(300),
            };
            for (int j = 0; j < d; j++) states[sample * d + j] *= factor;
        }
        return states;
    }
}

public class SingleOutlierTests : OutlierTests<float>
{
    protected override double Unit => 2e-6;
}

public class DoubleOutlierTests : OutlierTests<double>
{
    protected override double Unit => 1e-12;
}
