using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Tests;

public class NameMatchTests
{
    private static readonly string[] s_names = ["Physics.Ring", "Physics.Rings", "Ring", "Other.Disc", "fast", "Fast"];

    [Theory]
    [InlineData("Ring", "Ring")] // in full, though Physics.Ring ends so
    [InlineData("physics.ring", "Physics.Ring")] // whole, though Physics.Rings begins so
    [InlineData("Physics.rings", "Physics.Rings")]
    [InlineData("disc", "Other.Disc")]
    [InlineData("o", "Other.Disc")]
    [InlineData("D", "Other.Disc")]
    [InlineData("fast", "fast")]
    [InlineData("Fast", "Fast")]
    public void NameIsFound(string text, string expected) => Assert.Equal(expected, Find(text));

    [Theory]
    [InlineData("FAST", "may be any of fast, Fast")]
    [InlineData("Phys", "may be any of Physics.Ring, Physics.Rings")]
    [InlineData("", "may be any of")]
    [InlineData("Dics", "did you mean 'Disc'?")]
    [InlineData("Physics.Rnig", "did you mean 'Physics.Ring'?")]
    [InlineData("Elephant", "there is Physics.Ring, Physics.Rings, Ring")]
    public void WrongNameIsAnswered(string text, string expected)
    {
        HostException failure = Assert.Throws<HostException>(() => Find(text));
        Assert.Equal(2, failure.ExitCode);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", failure.Message, StringComparison.Ordinal);
    }

    private static string Find(string text) => NameMatch.Find(
        "model", text, s_names, name => name.Contains('.', StringComparison.Ordinal) ? [name, name.Split('.')[1]] : [name]);
}
