using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>Any number of samples: what a sample becomes does not depend on how many are with it, nor on its place among them.</summary>
public abstract class LengthTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Past sixteen of the widest vectors of floats.
    private const int Longest = 257;

    // 1, 2, 3 and 16 coordinates (and 6), straight-line and in loops, one-step and multistep, in either precision.
    private static readonly string[] s_chosen =
    [
        "TwoModes.Heun8", "TwoModes.Multistep12", "TwoModes.Rk4x16Double", "UnequalIsotropic.MultistepDouble",
        "Faithful.Heun8", "Mixed.Multistep", "Mixed.RungeKutta", "SharedFull.MultistepDouble", "Faithful.Rk4x16Double",
        "TiedEllipsoids.Heun8", "UnequalFull.Multistep", "SharedDiagonal.RungeKutta", "UnequalDiagonal.MultistepDouble",
        "Crowd.Loop",
        "Sixteen.Heun", "Sixteen.Multistep", "SixteenDimensions.Multistep12", "Sixteen.HeunDouble", "Sixteen.LoopDouble",
    ];

    public static TheoryData<string> Samplers => new(SamplerUnderTest<T>.Names.Intersect(s_chosen));

    [Fact]
    public void EveryChosenSamplerExists()
        => Assert.Empty(s_chosen.Except(SamplerUnderTest<float>.Names).Except(SamplerUnderTest<double>.Names));

    [Theory]
    [MemberData(nameof(Samplers))]
    public void EveryLengthGivesEachSampleWhatItGetsAlone(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension;
        T[] starts = sampler.Starts(Longest), alone = [.. starts], states = new T[starts.Length];
        for (int i = 0; i < Longest; i++) sampler.Integrate(alone.AsSpan(i * d, d));
        for (int n = 0; n <= Longest; n++)
        {
            starts.CopyTo(states, 0);
            sampler.Integrate(states.AsSpan(0, n * d));
            Compare.SameBits<T>(alone.AsSpan(0, n * d), states.AsSpan(0, n * d), $"{n} samples");
            Compare.SameBits<T>(starts.AsSpan(n * d), states.AsSpan(n * d), $"behind {n} samples");
        }
    }

    /// <summary>Around whole blocks, which hold at most 1024 samples.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void SamplesAreTheSameInAnyBlock(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension;
        T[] starts = sampler.Starts(2049), whole = [.. starts];
        sampler.Integrate(whole);
        foreach (int n in new[] { 1023, 1024, 1025, 2047, 2048 })
        {
            T[] states = starts[..(n * d)];
            sampler.Integrate(states);
            Compare.SameBits<T>(whole.AsSpan(0, n * d), states, $"{n} samples");
            T[] behind = starts[(n * d)..];
            sampler.Integrate(behind);
            Compare.SameBits<T>(whole.AsSpan(n * d), behind, $"from sample {n} on");
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void BrokenRowsAreRefusedWithTheirNumbers(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension, history = sampler.Descriptor.HistoryLength;
        for (int length = 1; length < 3 * d; length++)
        {
            if (length % d == 0) continue;
            T[] states = sampler.Starts(3)[..length], before = [.. states];
            foreach (Action call in (Action[])
            [
                () => sampler.Integrate(states),
                () => sampler.Integrate(states, 0, 1),
                () => sampler.Integrate(states, new T[history * length], 0, 1),
            ])
            {
                var exception = Assert.Throws<ArgumentException>(call);
                Assert.Contains(length.ToString(), exception.Message, StringComparison.Ordinal);
                Assert.Contains(d.ToString(), exception.Message, StringComparison.Ordinal);
                Assert.Equal("states", exception.ParamName);
            }
            Compare.SameBits<T>(before, states, "refused states");
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void SegmentsOutOfRangeAreRefused(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int segments = sampler.Descriptor.SegmentCount;
        T[] states = sampler.Starts(2), before = [.. states], history = new T[states.Length * sampler.Descriptor.HistoryLength];
        foreach ((int first, int count, string parameter) in new[]
        {
            (-1, 1, "firstSegment"), (segments + 1, 0, "firstSegment"), (int.MinValue, 0, "firstSegment"), (int.MaxValue, int.MaxValue, "firstSegment"),
            (0, -1, "segmentCount"), (0, segments + 1, "segmentCount"), (1, segments, "segmentCount"),
            (segments, 1, "segmentCount"), (0, int.MaxValue, "segmentCount"),
        })
        {
            Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Integrate(states, first, count)).ParamName);
            Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Integrate(states, history, first, count)).ParamName);
        }
        Compare.SameBits<T>(before, states, "refused states");
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void NoSegmentsAreTheIdentity(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        T[] starts = sampler.Starts(21), states = [.. starts];
        for (int first = 0; first <= sampler.Descriptor.SegmentCount; first++)
        {
            sampler.Integrate(states, first, 0);
            Compare.SameBits<T>(starts, states, $"no segments from {first}");
        }
    }
}

public class SingleLengthTests : LengthTests<float>;

public class DoubleLengthTests : LengthTests<double>;
