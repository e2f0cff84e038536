namespace FlowDsl.Tests;

/// <summary>That something is timed; not how fast it is.</summary>
public class BenchTests
{
    [Fact]
    public void TimesEverySamplerThatCanRun()
    {
        var json = CommandLine.Run("bench TwoModes -n 3000 --rounds 2 --json").Json();
        Assert.Equal(
            (3000, 2, Environment.ProcessorCount),
            (json.GetProperty("count").GetInt32(), json.GetProperty("rounds").GetInt32(), json.GetProperty("cores").GetInt32()));
        var samplers = json.GetProperty("samplers").EnumerateArray().ToArray();
        Assert.Equal(["Fast", "Coarse", "Precise"], samplers.Select(sampler => sampler.GetProperty("name").GetString()));
        Assert.All(samplers, sampler => Assert.InRange(sampler.GetProperty("samplesPerSecondOneCore").GetDouble(), 1, 1e12));
        Assert.All(samplers, sampler => Assert.InRange(sampler.GetProperty("samplesPerSecondAllCores").GetDouble(), 1, 1e12));
        string text = CommandLine.Run("bench Line -n 1e3 --rounds 1").Done().Output;
        Assert.Contains("Straight", text, StringComparison.Ordinal);
        Assert.Contains("The best of 1 rounds of 1000 samples", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench", "MODEL")]
    [InlineData("bench TwoModes --rounds 0", "--rounds is '0'")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Fact]
    public void CancelledEndsWithinARound()
    {
        using var cancellation = new CancellationTokenSource();
        // A thread of its own: the timing leaves none of the pool's.
        var canceller = new Thread(() =>
        {
            Thread.Sleep(100);
            cancellation.Cancel();
        });
        canceller.Start();
        CommandLine.Run("bench TwoModes -n 20000 --rounds 10000", cancellation.Token).Fails(130, "Cancelled");
        canceller.Join();
    }
}
