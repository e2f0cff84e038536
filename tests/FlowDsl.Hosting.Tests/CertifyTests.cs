using System.Text.Json;
using FlowDsl.Hosting.Measurements;
using FlowDsl.Hosting.Registry;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

public class CertifyTests
{
    /// <summary>Of one Gaussian the exact flow is a closed form; the bound of each sample lies above the distance from it, and near.</summary>
    [Fact]
    public void BoundsLieJustAboveTheErrorsOfTheClosedForm()
    {
        SamplerEntry sampler = ModelRegistry.Models.Single(model => model.Name.EndsWith("Loud", StringComparison.Ordinal)).Samplers[0];
        BoundedErrors measured = BoundedErrors.Measure(sampler, 100, 5, new Progress<long>(), CancellationToken.None);
        float[] starts = FlowSampling.DrawPrior<float>(sampler.Descriptor.Model, 100, 5), ends = [.. starts];
        Outer.Loud.Only.Integrate(ends);
        // x_T = m + σ_T-spread ε: the map from σ 20 to σ 0.01 multiplies the distance from the mean by the ratio of the two spreads.
        double ratio = Math.Sqrt((0.25 + 0.01 * 0.01) / (0.25 + 20.0 * 20));
        for (int i = 0; i < 100; i++)
        {
            double square = 0;
            for (int j = 0; j < 3; j++) square += Math.Pow(ends[3 * i + j] - (j + ratio * (starts[3 * i + j] - j)), 2);
            Assert.Equal(Math.Sqrt(square), measured.Errors[i], 1e-10);
            Assert.InRange(measured.Bounds[i], Math.Sqrt(square) - 1e-10, 1.001 * Math.Sqrt(square) + 1e-9);
        }
        Assert.Equal((100, 0), (measured.CertifiedCount, measured.ViolationCount));
    }

    [Fact]
    public void EveryBoundHoldsAndIsPrinted()
    {
        JsonElement json = CommandLine.Run("certify twomodes.fast -n 200 --seed 4 --json").Json();
        Assert.Equal((200, 0), (json.GetProperty("count").GetInt32(), json.GetProperty("violations").GetInt32()));
        Assert.InRange(json.GetProperty("certified").GetInt32(), 198, 200);
        double[] bounds = [.. json.GetProperty("bounds").EnumerateArray().Take(3).Select(value => value.GetDouble())];
        double[] errors = [.. json.GetProperty("errors").EnumerateArray().Take(3).Select(value => value.GetDouble())];
        for (int i = 0; i < 3; i++) Assert.InRange(bounds[i], errors[i], 1.01 * errors[i]);
        string text = CommandLine.Run("certify TwoModes.Fast -n 200 --seed 4").Done().Output;
        Assert.Contains(" of 200 samples of FlowDsl.Tests.Hosted.TwoModes.Fast have a proven bound", text, StringComparison.Ordinal);
        Assert.Contains("0 errors exceed theirs", text, StringComparison.Ordinal);
    }

    /// <summary>What is counted as a violation: an error above its bound by more than the exact flow may be wrong, and one that is not a number.</summary>
    [Fact]
    public void ViolationsAreCounted()
        => Assert.Equal(2, new BoundedErrors([1, 1, 1 + 1e-13, double.NaN, 5], [0.5, 1, 1, 1, double.PositiveInfinity], 1e-12).ViolationCount);

    [Theory]
    [InlineData(2, "certify TwoModes", "names no sampler")]
    [InlineData(2, "certify TwoModes.Fast -n 0", "-n is '0'")]
    [InlineData(1, "certify TwoModes.Learned", "has no weights yet")]
    public void BadUsageIsNamed(int code, string words, string expected) => CommandLine.Run(words).Fails(code, expected);

    [Fact]
    public void CancelledSaysSo()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        CommandLine.Run("certify TwoModes.Fast -n 1e6", cancellation.Token).Fails(130, "Cancelled");
    }
}
