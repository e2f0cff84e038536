using FlowDsl.Hosting.Cluster;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Tests;

/// <summary>Manifests for Kubernetes.</summary>
public class KubernetesManifestTests
{
    [Fact]
    public Task Manifest() => Verifier.Verify(Write("/data/run", SlurmScriptTests.Tasks(["/app/program"])), "yaml");

    [Fact]
    public void WithoutAProgramTheImageStartsItsOwn()
    {
        string text = Write("/data/run", SlurmScriptTests.Tasks([]) with { Memory = null, AtOnce = null });
        Assert.DoesNotContain("command:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("memory", text, StringComparison.Ordinal);
        Assert.Contains("parallelism: 8\n", text, StringComparison.Ordinal);
        Assert.Contains("args: [\"sample\", ", text, StringComparison.Ordinal);
    }

    /// <summary>Words are strings of JSON, and what looks like a variable of Kubernetes is none.</summary>
    [Fact]
    public void WordsAreQuoted()
    {
        string text = Write("/data/it's \"a\" $(x) ü+", SlurmScriptTests.Tasks(["/app/program"]));
        Assert.Contains("""args: ["merge", "/data/it's \"a\" $$(x) ü+"]""", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TwoModes.Fast", "twomodes-fast")]
    [InlineData("A.B_C..d", "a-b-c-d")]
    [InlineData("1x", "job-1x")]
    [InlineData("ÄÖ", "job")]
    [InlineData("-x-", "x")]
    public void NamesAreOfKubernetes(string name, string expected) => Assert.Equal(expected, KubernetesManifest.JobName(name));

    [Fact]
    public void LongNamesAreCutAndDoNotEndInADash() => Assert.Equal(new string('a', 49), KubernetesManifest.JobName($"{new string('a', 49)}.b"));

    [Theory]
    [InlineData("/run")]
    [InlineData("/")]
    public void AFolderWithoutAnotherAroundItIsRefused(string folder)
        => Assert.Equal(2, Assert.Throws<HostException>(() => Write(folder, SlurmScriptTests.Tasks([]))).ExitCode);

    private static string Write(string folder, ClusterTasks tasks) => KubernetesManifest.Write(SlurmScriptTests.Work(folder), tasks, "registry/modes:1", "run");
}
