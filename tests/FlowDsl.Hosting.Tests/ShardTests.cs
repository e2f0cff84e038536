using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Shards;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>Folders of shards: what is in them, and that a run goes on where it was stopped.</summary>
public class ShardTests
{
    private const string Sample = "sample TwoModes.Fast -n 2500 --seed 7 --shard-samples 1000";

    [Fact]
    public void EachShardHasTheBitsOfTheLibrary()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --first-index 50 --out {folder["run"]}").Done();
        Assert.Equal(
            ["manifest.json", "shard-00000.json", "shard-00000.npy", "shard-00001.json", "shard-00001.npy", "shard-00002.json", "shard-00002.npy"],
            Names(folder["run"]));
        foreach ((int shard, int first, int count) in new[] { (0, 0, 1000), (1, 1000, 1000), (2, 2000, 500) })
        {
            string path = Path.Combine(folder["run"], $"shard-0000{shard}.npy");
            float[] expected = FlowSampling.Sample<TwoModes.Fast, float>(count, 7, new SamplingOptions { FirstIndex = 50 + first });
            Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), NpyBytes.Read(path).Singles.Select(BitConverter.SingleToInt32Bits));
            JsonElement record = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json"))).RootElement;
            Assert.Equal((50 + first, count), (record.GetProperty("firstIndex").GetInt32(), record.GetProperty("count").GetInt32()));
            Assert.Equal(new FileInfo(path).Length, record.GetProperty("bytes").GetInt64());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), record.GetProperty("sha256").GetString());
        }
    }

    [Fact]
    public void ManifestSaysWhichRun()
    {
        using var folder = new TemporaryFolder();
        JsonElement result = CommandLine.Run($"{Sample} --errors --prior gaussian --out {folder["run"]}/ --json").Json();
        JsonElement manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "manifest.json"))).RootElement;
        Assert.Equal("FlowDsl.Tests.Hosted.TwoModes.Fast", manifest.GetProperty("sampler").GetString());
        Assert.Equal((7UL, 2500, 0, 1000, 3), (
            manifest.GetProperty("seed").GetUInt64(), manifest.GetProperty("count").GetInt32(), manifest.GetProperty("firstIndex").GetInt32(),
            manifest.GetProperty("shardSamples").GetInt32(), manifest.GetProperty("shards").GetInt32()));
        Assert.Equal(
            ("gaussian", true, false, "npy"),
            (manifest.GetProperty("prior").GetString(), manifest.GetProperty("errors").GetBoolean(), manifest.GetProperty("repair").GetBoolean(),
                manifest.GetProperty("fileFormat").GetString()));
        Assert.Equal(["x0", "x1", "estimate", "bound", "margin"], manifest.GetProperty("columns").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("OrnsteinUhlenbeck(Beta = 1, Horizon = 3, EarlyStop = 0.001, Sigma = 1)", manifest.GetProperty("process").GetString());
        Assert.Contains(SamplingArithmetic.Current.IsFused ? "fused" : "no fused", manifest.GetProperty("arithmetic").GetString(), StringComparison.Ordinal);
        Assert.Equal((3, 3, 0), (result.GetProperty("shards").GetInt32(), result.GetProperty("made").GetInt32(), result.GetProperty("kept").GetInt32()));
        Assert.Equal(manifest.GetProperty("fingerprint").GetString(), result.GetProperty("fingerprint").GetString());
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("parquet")]
    public void ResumedRunHasTheSameBytes(string format)
    {
        using var folder = new TemporaryFolder();
        string words = $"{Sample} --errors --format {format}";
        CommandLine.Run($"{words} --out {folder["whole"]}").Done();
        CommandLine.Run($"{words} --out {folder["run"]}").Done();
        // As a process leaves them that is killed: without record, without file, with a file that was cut.
        string Own(string name) => Path.Combine(folder["run"], name);
        File.Delete(Own("shard-00000.json"));
        File.WriteAllText(Own($"shard-00000.{format}"), "half");
        File.Delete(Own($"shard-00001.{format}"));
        using (FileStream cut = File.OpenWrite(Own($"shard-00002.{format}"))) cut.SetLength(cut.Length - 1);
        File.WriteAllText(Own($"shard-00002.{format}.99-0.partial"), "half");
        File.WriteAllText(Own("manifest.json.99-0.partial"), "half");
        JsonElement result = CommandLine.Run($"{words} --out {folder["run"]} --resume --json").Json();
        Assert.Equal((3, 0), (result.GetProperty("made").GetInt32(), result.GetProperty("kept").GetInt32()));
        AssertSameFolder(folder["whole"], folder["run"]);

        DateTime written = File.GetLastWriteTimeUtc(Own($"shard-00001.{format}"));
        result = CommandLine.Run($"{words} --out {folder["run"]} --resume --json").Json();
        Assert.Equal((0, 3, 0), (result.GetProperty("made").GetInt32(), result.GetProperty("kept").GetInt32(), result.GetProperty("bytes").GetInt32()));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Own($"shard-00001.{format}")));
    }

    [Fact]
    public void SharesMakeTheWhole()
    {
        using var folder = new TemporaryFolder();
        string words = Sample.Replace("1000", "300", StringComparison.Ordinal);
        CommandLine.Run($"{words} --out {folder["whole"]}").Done();
        // 9 shards in 4 shares, the last first.
        foreach (string share in new[] { "3/4", "1/4", "0/4", "2/4" }) CommandLine.Run($"{words} --out {folder["run"]} --shard {share} --resume").Done();
        AssertSameFolder(folder["whole"], folder["run"]);
        JsonElement empty = CommandLine.Run($"{Sample} --out {folder["run3"]} --shard 0/9 --json").Json();
        Assert.Equal((0, 0, 3), (empty.GetProperty("firstShard").GetInt32(), empty.GetProperty("endShard").GetInt32(), empty.GetProperty("shards").GetInt32()));
    }

    /// <summary>What a living process writes is not removed by another one.</summary>
    [Fact]
    public void LivingSiblingKeepsItsTemporaryFile()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --shard 0/3 --out {folder["run"]}").Done();
        string dead = Path.Combine(folder["run"], "shard-00001.npy.1-0.partial"), living = Path.Combine(folder["run"], "shard-00002.npy.1-0.partial");
        File.WriteAllText(dead, "half");
        using (var file = new FileStream(living, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            CommandLine.Run($"{Sample} --out {folder["run"]} --resume").Done();
            Assert.False(File.Exists(dead));
            Assert.True(File.Exists(living));
        }
        // Another process's share is its own.
        CommandLine.Run($"{Sample} --out {folder["run"]} --shard 0/3 --resume").Done();
        Assert.True(File.Exists(living));
        CommandLine.Run($"{Sample} --out {folder["run"]} --resume").Done();
        Assert.False(File.Exists(living));
    }

    [Theory]
    [InlineData("--seed 7", "--seed 8", "the seed is 7 there and 8 here")]
    [InlineData("-n 2500", "-n 2501", "the number of samples is 2500 there and 2501 here")]
    [InlineData("--shard-samples 1000", "--shard-samples 999", "the number of samples of a shard is 1000 there and 999 here")]
    [InlineData("", "--prior gaussian", "the prior is exact there and gaussian here")]
    [InlineData("", "--first-index 1", "the first index is 0 there and 1 here")]
    [InlineData("", "--format parquet", "the file format is npy there and parquet here")]
    [InlineData("", "--repair", "the repair is false there and true here")]
    [InlineData("", "--errors", "the request for errors is false there and true here")]
    public void AnotherRunIsRefusedWithTheDifference(string left, string right, string expected)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --out {folder["run"]}").Done();
        string[] before = Names(folder["run"]);
        string other = left.Length == 0 ? $"{Sample} {right}" : Sample.Replace(left, right, StringComparison.Ordinal);
        CommandLine.Run($"{other} --out {folder["run"]} --resume").Fails(1, folder["run"], "another run", expected);
        Assert.Equal(before, Names(folder["run"]));
    }

    [Fact]
    public void AnotherSamplerIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --out {folder["run"]}").Done();
        CommandLine.Run($"{Sample.Replace("Fast", "Coarse", StringComparison.Ordinal)} --out {folder["run"]} --resume").Fails(
            1, "the sampler is FlowDsl.Tests.Hosted.TwoModes.Fast there and FlowDsl.Tests.Hosted.TwoModes.Coarse here", "declaration");
    }

    /// <summary>A declaration that was changed between two builds, a new version, and another machine: here the manifest is changed instead.</summary>
    [Theory]
    [InlineData("version", "0.0.9", "the version of FlowDsl is 0.0.9 there and ")]
    [InlineData("arithmetic", "some other", "the arithmetic is some other there and ")]
    [InlineData("mixture", "0123456789ab", "the mixture's fingerprint is 0123456789ab… there and ")]
    [InlineData("process", "OrnsteinUhlenbeck(Beta = 2)", "the process is OrnsteinUhlenbeck(Beta = 2) there and OrnsteinUhlenbeck(Beta = 1")]
    [InlineData("declaration", "0123456789ab", "the fingerprint of the sampler's declaration is 0123456789ab… there and ")]
    [InlineData("firstSamples", "0123456789ab", "the fingerprint of the sampler's first samples is 0123456789ab… there and ")]
    public void AnotherModelIsRefusedWithTheDifference(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --out {folder["run"]}").Done();
        string path = Path.Combine(folder["run"], "manifest.json");
        if (expected.Contains('…', StringComparison.Ordinal)) value = value.PadRight(64, '0');
        var run = RunIdentity.Parse(JsonNode.Parse(File.ReadAllText(path))!.AsObject());
        run = key switch
        {
            "version" => run with { Version = value },
            "arithmetic" => run with { Arithmetic = value },
            "mixture" => run with { Model = run.Model with { Mixture = value } },
            "process" => run with { Model = run.Model with { Process = value } },
            "declaration" => run with { Model = run.Model with { Declaration = value } },
            _ => run with { Model = run.Model with { Samples = value } },
        };
        File.WriteAllText(path, run.ToJson().ToJsonString());
        CommandLine.Run($"{Sample} --out {folder["run"]} --resume").Fails(1, "another run", expected);
    }

    [Fact]
    public void FolderOfARunIsRefusedWithoutResume()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --out {folder["run"]}").Done();
        CommandLine.Run($"{Sample} --out {folder["run"]}").Fails(1, folder["run"], "--resume");
        CommandLine.Run($"{Sample} --out {folder["new"]} --resume").Done();
    }

    [Theory]
    [InlineData("{", "is no manifest")]
    [InlineData("[]", "is no manifest")]
    [InlineData("{}", "'flowdslShards' is missing")]
    [InlineData("{ \"flowdslShards\": 99 }", "99", "reads 1")]
    public void BrokenManifestIsNamed(string content, params string[] expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(Path.Combine(folder["run"], "manifest.json"), content);
        CommandLine.Run($"{Sample} --out {folder["run"]} --resume").Fails(1, ["manifest.json", .. expected]);
    }

    [Fact]
    public void EditedManifestIsNamed()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --out {folder["run"]}").Done();
        string path = Path.Combine(folder["run"], "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"seed\": 7", "\"seed\": 8", StringComparison.Ordinal));
        string other = Sample.Replace("--seed 7", "--seed 8", StringComparison.Ordinal);
        CommandLine.Run($"{other} --out {folder["run"]} --resume").Fails(1, "manifest.json", "do not belong together");
    }

    [Fact]
    public void ForeignFilesAreKept()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        string foreign = Path.Combine(folder["run"], "shard-00000.npy");
        File.WriteAllText(foreign, "mine");
        CommandLine.Run($"{Sample} --out {folder["run"]}").Fails(1, folder["run"], "no manifest.json");
        Assert.Equal("mine", File.ReadAllText(foreign));
        File.WriteAllText(folder["file"], "mine");
        CommandLine.Run($"{Sample} --out {folder["file"]}").Fails(1, folder["file"], "is a file");
    }

    [Theory]
    [InlineData("sample TwoModes.Fast --out a.npy --resume", "--resume", "folder")]
    [InlineData("sample TwoModes.Fast --out a.npy --shard 0/2", "--shard is", "folder")]
    [InlineData("sample TwoModes.Fast --out a.npy --shard-samples 10", "--shard-samples", "folder")]
    [InlineData("sample TwoModes.Fast --out a.csv --format npy", "--format", "folder")]
    [InlineData("sample TwoModes.Fast --out run --force", "--force", "--resume")]
    [InlineData("sample TwoModes.Fast --out run --format csv", "--format is 'csv'", "npy or parquet")]
    [InlineData("sample TwoModes.Fast --out run --shard 2/2", "--shard is '2/2'", "0/4")]
    [InlineData("sample TwoModes.Fast --out run --shard -1/2", "--shard is '-1/2'")]
    [InlineData("sample TwoModes.Fast --out run --shard 0/0", "--shard is '0/0'")]
    [InlineData("sample TwoModes.Fast --out run --shard 1", "--shard is '1'")]
    [InlineData("sample TwoModes.Fast --out run --shard a/b", "--shard is 'a/b'")]
    [InlineData("sample TwoModes.Fast --out run --shard-samples 0", "--shard-samples is '0'")]
    [InlineData("sample TwoModes.Fast -n 1e9 --out run --shard-samples 9", "--shard-samples is 9", "at least 100 ")]
    [InlineData("sample TwoModes.Fast --out run.txt", "run.txt", "a slash for a folder")]
    public void BadInputIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Fact]
    public async Task CancelledKeepsFinishedShards()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        const string words = "sample TwoModes.Fast -n 1e12 --shard-samples 1e6";
        Task<CommandLine.Outcome> running = Task.Run(() => CommandLine.Run($"{words} --out {folder["run"]}", cancellation.Token));
        while (!running.IsCompleted && !File.Exists(Path.Combine(folder["run"], "shard-00001.json"))) await Task.Delay(1);
        await cancellation.CancelAsync();
        CommandLine.Outcome outcome = await running;
        string[] names = Names(folder["run"]);
        int kept = names.Count(name => name.EndsWith(".json", StringComparison.Ordinal)) - 1;
        outcome.Fails(130, "Cancelled", string.Create(CultureInfo.InvariantCulture, $"{kept} of 1000000 shards"), "--resume", folder["run"]);
        Assert.DoesNotContain(names, name => name.EndsWith(".partial", StringComparison.Ordinal));
        Assert.True(kept >= 2);
    }

    internal static string[] Names(string folder)
        => [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    internal static void AssertSameFolder(string expected, string actual)
    {
        Assert.Equal(Names(expected), Names(actual));
        foreach (string name in Names(expected))
            Assert.True(File.ReadAllBytes(Path.Combine(expected, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name))), name);
    }
}
