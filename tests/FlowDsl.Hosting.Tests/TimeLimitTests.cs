using FlowDsl.Hosting.Cluster;

namespace FlowDsl.Tests;

/// <summary>What Slurm's manual says of time limits and amounts of memory.</summary>
public class TimeLimitTests
{
    [Theory]
    [InlineData("90", 5400)]
    [InlineData("1:30", 90)]
    [InlineData("01:00:00", 3600)]
    [InlineData("2-3", 183_600)]
    [InlineData("2-3:04", 183_840)]
    [InlineData("2-03:04:05", 183_845)]
    public void EveryFormIsRead(string text, long seconds) => Assert.Equal(new TimeLimit(text, seconds), TimeLimit.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1h")]
    [InlineData("1:2:3:4")]
    [InlineData("1-2-3")]
    [InlineData("1:")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("99999999999")]
    [InlineData("2147483647-0")]
    public void OtherTextIsNone(string text) => Assert.Null(TimeLimit.Parse(text));

    [Theory]
    [InlineData("4G", "4G", "4Gi")]
    [InlineData("512m", "512M", "512Mi")]
    public void MemoryIsWrittenForBoth(string text, string slurm, string kubernetes)
    {
        MemorySize size = MemorySize.Parse(text)!;
        Assert.Equal((slurm, kubernetes), (size.Slurm, size.Kubernetes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("G")]
    [InlineData("0G")]
    [InlineData("-1G")]
    [InlineData("4GB")]
    [InlineData("1.5G")]
    public void OtherTextIsNoMemory(string text) => Assert.Null(MemorySize.Parse(text));
}
