using System.Globalization;
using System.Xml.Linq;
using FlowDsl.Hosting.Output;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

public class CompareTests
{
    [Fact]
    public void FiguresAreThoseOfTheLibrary()
    {
        FlowComparison expected = FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 500, 3)
            .Add<TwoModes.Fast, float>().Add<TwoModes.Coarse, float>().Add<TwoModes.Precise, double>();
        var samplers = CommandLine.Run("compare twomodes -n 500 --seed 3 --json").Json().GetProperty("samplers");
        Assert.Equal(expected.Samplers.Select(sampler => sampler.Name), samplers.EnumerateArray().Select(sampler => sampler.GetProperty("name").GetString()));
        Assert.Equal(
            expected.Samplers.Select(sampler => (sampler.RelativeMeanSquaredError, sampler.High, sampler.MedianError, sampler.FlipShare)),
            samplers.EnumerateArray().Select(sampler => (
                sampler.GetProperty("relativeMeanSquaredError").GetDouble(), sampler.GetProperty("high").GetDouble(),
                sampler.GetProperty("medianError").GetDouble(), sampler.GetProperty("flipShare").GetDouble())));
        string text = CommandLine.Run("compare TwoModes -n 500 --seed 3").Done().Output;
        foreach (ComparedSampler sampler in expected.Samplers)
            Assert.Contains(sampler.RelativeMeanSquaredError.ToString("0.00E+0", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.Contains("Students without weights are left out.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void PlotNamesEverySampler()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"compare TwoModes -n 200 --plot {folder["a.svg"]}").Done();
        string[] texts = [.. XDocument.Load(folder["a.svg"]).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
        string[] expected =
            ["Fast", "Coarse", "Precise", "FlowDsl.Tests.Hosted.TwoModes", "function evaluations per sample", "relative mean squared error"];
        Assert.All(expected, name => Assert.Contains(name, texts));
        CommandLine.Run($"compare TwoModes -n 200 --plot {folder["a.png"]}").Done();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], File.ReadAllBytes(folder["a.png"])[..8]);
        CommandLine.Run($"compare TwoModes -n 200 --plot {folder["a.png"]}").Fails(1, "a.png", "--force");
        Assert.Equal(["a.png", "a.svg"], folder.Files);
    }

    [Theory]
    [InlineData("compare TwoModes --plot a.jpg", "a.jpg", ".png or .svg")]
    [InlineData("compare TwoModes -n 0", "-n is '0'")]
    [InlineData("compare Nothing", "'Nothing'")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Fact]
    public void CancelledLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(50);
        CommandLine.Run($"compare TwoModes -n 1e8 --plot {folder["a.png"]}", cancellation.Token).Fails(130, "Cancelled");
        Assert.Empty(folder.Files);
    }

    /// <summary>A bar is for people: there is one on a terminal if it takes long, and none otherwise.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BarIsForTerminals(bool isTerminal)
    {
        CommandLine.Outcome outcome = CommandLine.Run(
            ["compare", "TwoModes", "-n", "3000"], console => console with { IsErrorTerminal = isTerminal, BarDelay = TimeSpan.Zero });
        Assert.Equal(0, outcome.Code);
        Assert.Equal(isTerminal, outcome.Error.Contains("exact flow of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(12.0, "12.0 samples/s")]
    [InlineData(12_340.0, "12.3 k samples/s")]
    [InlineData(56_780_000.0, "56.8 M samples/s")]
    [InlineData(1.26e9, "1.3 G samples/s")]
    [InlineData(double.PositiveInfinity, "")]
    public void RateHasAPrefix(double? rate, string expected) => Assert.Equal(expected, RateColumn.Words(rate, "samples"));
}
