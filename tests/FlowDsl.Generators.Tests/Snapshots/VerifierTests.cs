#if !USE_VERIFY
namespace FlowDsl.Generators.Tests;

/// <summary>The verifier that stands in for Verify: a guard that cannot fail guards nothing.</summary>
public sealed class VerifierTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snapshots").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string[] Files => [.. Directory.GetFiles(_directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void Compare(bool accepts, params Target[] targets) => new SnapshotStore(_directory, "Tests.Works", accepts).Compare(targets);

    [Fact]
    public void WhatIsNewFailsAndIsReceived()
    {
        SnapshotException exception = Assert.Throws<SnapshotException>(() => Compare(false, new Target("cs", "a\n", "Ring.g")));
        Assert.Contains("Tests.Works#Ring.g.verified.cs does not exist yet", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["Tests.Works#Ring.g.received.cs"], Files);
    }

    [Fact]
    public void WhatIsAcceptedPassesAfterwards()
    {
        Assert.Throws<SnapshotException>(() => Compare(false, new Target("txt", "a\nµ\n")));
        Compare(true, new Target("txt", "a\nµ\n"));
        Compare(false, new Target("txt", "a\nµ\n"));
        Assert.Equal(["Tests.Works.verified.txt"], Files);
        Assert.Equal("a\nµ\n"u8.ToArray(), File.ReadAllBytes(Path.Combine(_directory, "Tests.Works.verified.txt")));
    }

    [Theory]
    [InlineData("a\nbc\nd\n", "a\nbx\nd\n", "line 2, column 2 (4 lines verified, 4 received)", "after:    a", "verified: bc", "received: bx")]
    [InlineData("a\n", "b\n", "line 1, column 1", "after:    (start of the text)", "verified: a", "received: b")]
    [InlineData("a\nb", "a", "line 2, column 1 (2 lines verified, 1 received)", "verified: b", "received: (end of the text)")]
    [InlineData("a", "a\n", "line 2, column 1", "verified: (end of the text)", "received: ")]
    public void DifferencesAreDescribed(string verified, string received, params string[] words)
    {
        Compare(true, new Target("txt", verified));
        SnapshotException exception = Assert.Throws<SnapshotException>(() => Compare(false, new Target("txt", received)));
        Assert.All(words, word => Assert.Contains(word, exception.Message, StringComparison.Ordinal));
        Assert.Equal(["Tests.Works.received.txt", "Tests.Works.verified.txt"], Files);
        Compare(false, new Target("txt", verified));
        Assert.Equal(["Tests.Works.verified.txt"], Files);
    }

    [Fact]
    public void FilesOfTargetsThatAreGoneAreADifference()
    {
        Compare(true, new Target("cs", "a", "A"), new Target("cs", "b", "B"));
        File.WriteAllText(Path.Combine(_directory, "Tests.WorksToo.verified.cs"), "of another test");
        File.WriteAllText(Path.Combine(_directory, "Tests.Works.Too.verified.cs"), "of a nested type's");
        SnapshotException exception = Assert.Throws<SnapshotException>(() => Compare(false, new Target("cs", "a", "A")));
        Assert.Contains("Tests.Works#B.verified.cs is no longer received", exception.Message, StringComparison.Ordinal);
        Compare(true, new Target("cs", "a", "A"));
        Assert.Equal(["Tests.Works#A.verified.cs", "Tests.Works.Too.verified.cs", "Tests.WorksToo.verified.cs"], Files);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("0", null, false)]
    [InlineData(null, "true", false)]
    [InlineData("1", null, true)]
    [InlineData("true", "false", true)]
    public void AcceptingIsAskedFor(string? accept, string? ci, bool accepts) => Assert.Equal(accepts, SnapshotStore.Accepts(accept, ci));

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    public void BuildServersDoNotAccept(string ci)
        => Assert.Contains("CI", Assert.Throws<InvalidOperationException>(() => SnapshotStore.Accepts("1", ci)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task CallsHaveVerifysShape()
    {
        VerifySettings settings = new();
        settings.UseDirectory(_directory);
        settings.ScrubLinesWithReplace(line => line == "secret" ? null : line.Replace("1.2.3", "<version>", StringComparison.Ordinal));
        string path = Path.Combine(_directory, "VerifierTests.CallsHaveVerifysShape.verified.md");
        File.WriteAllText(path, "a\nv<version>\n");
        await Verifier.Verify("a\r\nsecret\nv1.2.3\n", "md", settings);
        Assert.Equal("a\nv<version>\n", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("plain", 1.5)]
    [InlineData("a/b#c", null)]
    public async Task FilesOfTheoriesAreNamedAfterTheirArguments(string text, double? number)
    {
        VerifySettings settings = new();
        settings.UseDirectory(_directory);
        settings.UseParameters(text, number);
        string name = text == "plain" ? "text=plain_number=1.5" : "text=a-b-c_number=null";
        File.WriteAllText(Path.Combine(_directory, $"VerifierTests.FilesOfTheoriesAreNamedAfterTheirArguments_{name}.verified.txt"), text);
        await Verifier.Verify(text, settings);
    }

    /// <summary>As under the package: all cases would be compared with one file, and the last accepted one would win.</summary>
    [Theory]
    [InlineData(1)]
    public async Task TheoriesWithoutTheirArgumentsAreRefused(int number)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Verifier.Verify($"{number}"));
        Assert.Contains("TheoriesWithoutTheirArgumentsAreRefused is a theory", exception.Message, StringComparison.Ordinal);
        Assert.Contains("UseParameters with its arguments (number)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldersOfTheMachineAreScrubbed()
    {
        (string, string)[] folders = [("/home/me/code/tests", "{ProjectDirectory}"), ("/home/me", "{UserProfile}")];
        Assert.Equal(
            "at {ProjectDirectory}A.cs, {ProjectDirectory}, {UserProfile}code/tests2 and /home/mean",
            PathScrubber.Scrub("at /home/me/code/tests/A.cs, /home/me/code/tests, /home/me/code/tests2 and /home/mean", folders));
        string own = Path.Combine(AppContext.BaseDirectory, "FlowDsl.dll");
        Assert.Equal("{CurrentDirectory}FlowDsl.dll", PathScrubber.Scrub(own));
    }

    /// <summary>Of a type in another file, or nested: the type counts, as under the package.</summary>
    public class Nested
    {
        [Fact]
        public void FilesAreNamedAfterTheType()
            => Assert.Equal("VerifierTests.Nested.FilesAreNamedAfterTheType", SnapshotName.Of(RunningTestAttribute.Method, new VerifySettings()));
    }
}
#endif
