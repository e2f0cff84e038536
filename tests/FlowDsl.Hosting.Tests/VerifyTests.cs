using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Tests;

/// <summary>That <c>verify</c> finds what the checksums cannot show: bits that the sampler does not give.</summary>
public class VerifyTests
{
    private const string Shards = "sample TwoModes.Fast -n 2500 --seed 7 --shard-samples 1000 --first-index 40";

    [Theory]
    [InlineData("")]
    [InlineData("--format parquet")]
    [InlineData("--errors")]
    [InlineData("--errors --format parquet")]
    [InlineData("--prior gaussian --repair")]
    public void AgreesWithWhatWasWritten(string options)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} {options} --out {folder["run"]}").Done();
        JsonElement result = CommandLine.Run($"verify {folder["run"]} --samples 5 --json").Json();
        (int, int, bool) read =
            (result.GetProperty("verified").GetInt32(), result.GetProperty("samples").GetInt32(), result.GetProperty("agree").GetBoolean());
        Assert.Equal((3, 15, true), read);
        Assert.Contains("15 samples of 3 shards", CommandLine.Run($"verify {folder["run"]} --samples 5").Done().Output, StringComparison.Ordinal);
    }

    /// <summary>One bit of one value, the record made to fit: the file is then whole by its checksum.</summary>
    [Fact]
    public void OneOtherBitIsFound()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        string path = Path.Combine(folder["run"], "shard-00001.npy"), record = Path.ChangeExtension(path, ".json");
        byte[] bytes = File.ReadAllBytes(path);
        // The second value of row 123.
        bytes[128 + 8 * 123 + 4] ^= 1;
        File.WriteAllBytes(path, bytes);
        JsonObject content = JsonNode.Parse(File.ReadAllText(record))!.AsObject();
        content["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllText(record, content.ToJsonString());
        CommandLine.Run($"merge {folder["run"]}").Done();
        CommandLine.Run($"verify {folder["run"]} --samples 1000").Fails(1, "shard-00001.npy differs: sample 1163 has x1 = ", "from the sampler");
    }

    [Fact]
    public void SamplesAreOtherOnesForAnotherSeedAndInsideTheShard()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        string path = Path.Combine(folder["run"], "shard-00000.npy");
        byte[] bytes = File.ReadAllBytes(path);
        for (int row = 0; row < 500; row++) bytes[128 + 8 * row] ^= 1;
        File.WriteAllBytes(path, bytes);
        // Half of the rows are wrong: 100 seeds find some, and with one sample each not always.
        int[] codes = [.. Enumerable.Range(0, 100).Select(
            seed => CommandLine.Run(string.Create(CultureInfo.InvariantCulture, $"verify {folder["run"]} --samples 1 --seed {seed}")).Code)];
        Assert.InRange(codes.Sum(), 20, 80);
    }

    [Fact]
    public void UnfinishedShardsAreSaid()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --shard 1/3 --out {folder["run"]}").Done();
        Assert.Contains("10 samples of 1 shards", CommandLine.Run($"verify {folder["run"]}").Done().Output, StringComparison.Ordinal);
        Assert.Contains("2 more are not finished", CommandLine.Run($"verify {folder["run"]}").Done().Output, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder["run"], "shard-00001.json"));
        CommandLine.Run($"verify {folder["run"]}").Fails(1, "no finished shard");
    }

    [Fact]
    public void AnotherMixtureIsNamed()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        string path = Path.Combine(folder["run"], "manifest.json");
        RunIdentity run = RunIdentity.Parse(JsonNode.Parse(File.ReadAllText(path))!.AsObject());
        File.WriteAllText(path, (run with { Model = run.Model with { Mixture = new string('0', 64) } }).ToJson().ToJsonString());
        CommandLine.Run($"verify {folder["run"]}").Fails(1, "mixture's fingerprint is 000000000000… there");
        File.WriteAllText(path, (run with { Sampler = "Other.Sampler" }).ToJson().ToJsonString());
        CommandLine.Run($"verify {folder["run"]}").Fails(2, "There is no model 'Other'");
    }

    [Theory]
    [InlineData(2, "verify", "FOLDER")]
    [InlineData(2, "verify run --samples 0", "--samples is '0'")]
    [InlineData(1, "verify nowhere", "no folder 'nowhere'")]
    public void BadInputIsNamed(int code, string words, params string[] expected) => CommandLine.Run(words).Fails(code, expected);

    [Fact]
    public void CancelledSaysHowFar()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        CommandLine.Run($"verify {folder["run"]}", cancellation.Token).Fails(130, "Cancelled after 0 of 3 shards");
    }
}
