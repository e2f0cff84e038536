using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

public class ShowTests
{
    [Fact]
    public void ShowsTheModelAndEverySampler()
    {
        string text = CommandLine.Run("show TwoModes").Done().Output;
        Assert.StartsWith("FlowDsl.Tests.Hosted.TwoModes\nMixture of 2 Gaussians in 2 dimensions", text, StringComparison.Ordinal);
        Assert.Contains("Ornstein-Uhlenbeck", text, StringComparison.Ordinal);
        Assert.Contains("Structure: one isotropic covariance for all components; means that span 1 of 2 axes.", text, StringComparison.Ordinal);
        Assert.Contains("The modes separate at t = ", text, StringComparison.Ordinal);
        SamplerDescriptor[] samplers = [TwoModes.Fast.Descriptor, TwoModes.Coarse.Descriptor, TwoModes.Precise.Descriptor, TwoModes.Learned.Descriptor];
        Assert.All(samplers, sampler => Assert.Contains(sampler.ToString(), text, StringComparison.Ordinal));
        // The generator's word for what is fastest for two components of one covariance.
        Assert.Contains("Form: ", text, StringComparison.Ordinal);
        Assert.Contains("logistic", text, StringComparison.Ordinal);
        Assert.Contains("It has no weights yet.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasTheNumbers()
    {
        var json = CommandLine.Run("show line --json").Json();
        Assert.Equal([-1.0, 1.0], json.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("mean")[0].GetDouble()));
        Assert.Contains("1 pair of components mirrored at 0", json.GetProperty("structure").EnumerateArray().Select(text => text.GetString()));
        var straight = json.GetProperty("samplers")[0];
        Assert.Equal(Line.Straight.Descriptor.Times, straight.GetProperty("times").EnumerateArray().Select(time => time.GetDouble()));
        Assert.Equal(4, straight.GetProperty("segments").GetArrayLength());
        Assert.Equal(
            Line.Straight.Descriptor.Forecast!.Segments[2].LocalError, straight.GetProperty("segments")[2].GetProperty("localError").GetDouble());
    }

    [Theory]
    [InlineData("show", "MODEL")]
    [InlineData("show Lien", "'Lien'", "did you mean 'Line'?")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);
}
