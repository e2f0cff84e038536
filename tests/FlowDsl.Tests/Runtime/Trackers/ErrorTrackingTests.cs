using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>What holds for the tracked call of every sampler.</summary>
public abstract class ErrorTrackingTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static IEnumerable<string> Tracked => SamplerUnderTest<T>.Names.Where(name => SamplerUnderTest<T>.Get(name).Descriptor.Tracking != Tracking.None);

    public static TheoryData<string> Samplers => new(Tracked);

    [Theory]
    [MemberData(nameof(Samplers))]
    public void StatesAreThoseOfTheUntrackedCall(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        T[] starts = sampler.Starts(37), untracked = [.. starts], tracked = [.. starts];
        sampler.Integrate(untracked);
        var errors = new FlowError[37];
        sampler.Integrate(tracked, errors);
        Compare.SameBits<T>(untracked, tracked, name);
        foreach (FlowError error in errors)
        {
            Assert.True(error.Estimate >= 0 && double.IsFinite(error.Estimate), $"{error.Estimate}");
            Assert.Equal(sampler.Descriptor.Tracking == Tracking.Certified, double.IsFinite(error.Bound));
        }
    }

    /// <summary>A kernel that is watched and calls over some segments see the same nodes.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void MarginsAreThoseOfTheSegments(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        T[] starts = sampler.Starts(37), watched = [.. starts], walked = [.. starts];
        FlowError[] margins = new FlowError[37], expected = new FlowError[37];
        sampler.IntegrateWithMargins(watched, margins);
        sampler.WalkWithMargins(walked, expected);
        Compare.SameBits<T>(walked, watched, name);
        double tolerance = typeof(T) == typeof(float) ? 1e-3 : 1e-9;
        for (int i = 0; i < 37; i++)
        {
            double unit = Math.Max(1, expected[i].BranchMargin);
            if (double.IsFinite(unit)) Assert.Equal(expected[i].BranchMargin, margins[i].BranchMargin, tolerance * unit);
            else Assert.Equal(expected[i].BranchMargin, margins[i].BranchMargin);
        }
    }

    /// <summary>Where coordinates along other axes are integrated, a sample's errors agree up to rounding only.</summary>
    public static TheoryData<string> ExactSamplers => new(Tracked.Where(name => SamplerUnderTest<T>.Get(name).Descriptor.ComposesExactly));

    [Theory]
    [MemberData(nameof(ExactSamplers))]
    public void ASamplesErrorIsItsOwn(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension;
        T[] states = sampler.Starts(21);
        T[] alone = states[(13 * d)..(14 * d)];
        var errors = new FlowError[21];
        var own = new FlowError[1];
        sampler.Integrate(states, errors);
        sampler.Integrate(alone, own);
        Assert.Equal(errors[13], own[0]);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void AStateThatIsNoNumberHasNoFiniteError(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        T[] states = sampler.Starts(5);
        states[2 * sampler.Dimension] = T.NaN;
        var errors = new FlowError[5];
        sampler.Integrate(states, errors);
        Assert.False(double.IsFinite(errors[2].Estimate));
        Assert.Equal(double.PositiveInfinity, errors[2].Bound);
        Assert.True(double.IsFinite(errors[1].Estimate) && double.IsFinite(errors[3].Estimate));
    }

    [Fact]
    public void LengthsAreChecked()
    {
        var sampler = SamplerUnderTest<T>.Get(SamplerUnderTest<T>.Names.First());
        sampler.Integrate([], Span<FlowError>.Empty);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => sampler.Integrate(sampler.Starts(3), new FlowError[4]));
        Assert.Contains("4 errors for 3 samples", exception.Message, StringComparison.Ordinal);
    }
}

public class SingleErrorTrackingTests : ErrorTrackingTests<float>;

public class DoubleErrorTrackingTests : ErrorTrackingTests<double>;
