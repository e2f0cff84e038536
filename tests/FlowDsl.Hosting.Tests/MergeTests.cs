using System.Text.Json;

namespace FlowDsl.Tests;

/// <summary>What <c>merge</c> accepts, what it finds, and that the merged file is the one that a single process writes.</summary>
public class MergeTests
{
    private const string Sample = "sample TwoModes.Fast -n 2500 --seed 7", Shards = Sample + " --shard-samples 1000";

    [Theory]
    [InlineData("npy", "npy", "")]
    [InlineData("npy", "npy", "--errors")]
    [InlineData("npy", "csv", "")]
    [InlineData("npy", "csv", "--errors")]
    [InlineData("npy", "csv", "--first-index 9 --prior gaussian")]
    [InlineData("parquet", "npy", "")]
    [InlineData("parquet", "npy", "--errors")]
    public void MergedFileIsThatOfOneProcess(string shards, string file, string options)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} {options} --out {folder[$"one.{file}"]}").Done();
        CommandLine.Run($"{Shards} {options} --format {shards} --out {folder["run"]}").Done();
        JsonElement result = CommandLine.Run($"merge {folder["run"]} --out {folder[$"merged.{file}"]} --json").Json();
        Assert.Equal(File.ReadAllBytes(folder[$"one.{file}"]), File.ReadAllBytes(folder[$"merged.{file}"]));
        Assert.Equal((3, 2500), (result.GetProperty("shards").GetInt32(), result.GetProperty("count").GetInt32()));
        Assert.Equal(new FileInfo(folder[$"merged.{file}"]).Length, result.GetProperty("bytes").GetInt64());
    }

    /// <summary>A row group for each shard here; read back by way of text, whose digits give the same bits.</summary>
    [Theory]
    [InlineData("parquet")]
    [InlineData("npy")]
    public async Task MergedParquetHasTheSamples(string shards)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --format {shards} --out {folder["run"]}").Done();
        CommandLine.Run($"merge {folder["run"]} --out {folder["merged.parquet"]}").Done();
        await using Parquet.ParquetReader reader = await Parquet.ParquetReader.CreateAsync(folder["merged.parquet"]);
        Assert.Equal(3, reader.RowGroupCount);
        float[] expected = FlowSampling.Sample<Hosted.TwoModes.Fast, float>(2500, 7);
        for (int shard = 0; shard < 3; shard++)
        {
            using Parquet.ParquetRowGroupReader group = reader.OpenRowGroupReader(shard);
            float[] column = new float[group.RowCount];
            for (int j = 0; j < 2; j++)
            {
                await group.ReadAsync<float>(reader.Schema.GetDataFields()[j], column.AsMemory());
                Assert.Equal(
                    Enumerable.Range(1000 * shard, column.Length).Select(i => BitConverter.SingleToInt32Bits(expected[2 * i + j])),
                    column.Select(BitConverter.SingleToInt32Bits));
            }
        }
    }

    [Fact]
    public void WithoutAFileItChecksOnly()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        Assert.Contains("3 shards, 2500 samples", CommandLine.Run($"merge {folder["run"]}").Done().Output, StringComparison.Ordinal);
        JsonElement result = CommandLine.Run($"merge {folder["run"]} --json").Json();
        Assert.True(result.GetProperty("complete").GetBoolean());
        Assert.Equal(["run"], folder.Files);
    }

    [Fact]
    public void MissingShardsAreNamed()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --shard-samples 250 --out {folder["run"]}").Done();
        foreach (string name in new[] { "shard-00001.json", "shard-00002.npy", "shard-00009.npy" }) File.Delete(Path.Combine(folder["run"], name));
        CommandLine.Run($"merge {folder["run"]} --out {folder["a.npy"]}").Fails(1, "shards 1 to 2, 9 are missing", "--resume");
        Assert.Equal(["run"], folder.Files);
        CommandLine.Run($"{Sample} --shard-samples 250 --out {folder["run"]} --resume").Done();
        CommandLine.Run($"merge {folder["run"]}").Done();
    }

    [Theory]
    [InlineData(200, "shard-00001.npy is corrupt: its SHA-256 is ")]
    [InlineData(-1, "shard-00001.npy is corrupt: it has 8127 bytes, and its record says 8128")]
    public void CorruptShardIsNamed(int at, string expected)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        string path = Path.Combine(folder["run"], "shard-00001.npy");
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(8128, bytes.Length);
        if (at < 0) bytes = bytes[..^1];
        else bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
        CommandLine.Run($"merge {folder["run"]} --out {folder["a.npy"]}").Fails(1, expected);
        Assert.Equal(["run"], folder.Files);
    }

    [Fact]
    public void DoubledShardIsNamed()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        string Own(string name) => Path.Combine(folder["run"], name);
        File.Copy(Own("shard-00000.npy"), Own("shard-00001.npy"), overwrite: true);
        File.Copy(Own("shard-00000.json"), Own("shard-00001.json"), overwrite: true);
        CommandLine.Run($"merge {folder["run"]}").Fails(1, "shard-00001.npy is shard-00000.npy a second time, by its record");
        File.WriteAllText(Own("shard-00001.json"), File.ReadAllText(Own("shard-00001.json")).Replace("\"shard\": 0", "\"shard\": 1", StringComparison.Ordinal));
        CommandLine.Run($"merge {folder["run"]}").Fails(1, "shard-00001.npy has a record of samples 0 to 999, and must have samples 1000 to 1999");
        File.WriteAllText(
            Own("shard-00001.json"), File.ReadAllText(Own("shard-00001.json")).Replace("\"firstIndex\": 0", "\"firstIndex\": 1000", StringComparison.Ordinal));
        CommandLine.Run($"merge {folder["run"]}").Fails(1, "shard-00001.npy is shard-00000.npy a second time, by its content");
    }

    [Fact]
    public void ShardOfAnotherRunIsNamed()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        CommandLine.Run($"{Shards.Replace("--seed 7", "--seed 8", StringComparison.Ordinal)} --out {folder["other"]}").Done();
        foreach (string name in new[] { "shard-00002.npy", "shard-00002.json" })
            File.Copy(Path.Combine(folder["other"], name), Path.Combine(folder["run"], name), overwrite: true);
        File.WriteAllText(Path.Combine(folder["run"], "shard-00003.npy"), "more");
        CommandLine.Run($"merge {folder["run"]}").Fails(1, "shard-00002.npy is of another run", "shard-00003.npy is no file of this run");
        File.Delete(Path.Combine(folder["run"], "shard-00003.npy"));
        CommandLine.Run($"{Shards} --out {folder["run"]} --resume").Done();
        CommandLine.Run($"merge {folder["run"]}").Done();
    }

    [Fact]
    public void ExistingFileIsKeptWithoutForce()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        File.WriteAllText(folder["a.npy"], "mine");
        CommandLine.Run($"merge {folder["run"]} --out {folder["a.npy"]}").Fails(1, "a.npy", "--force");
        Assert.Equal("mine", File.ReadAllText(folder["a.npy"]));
        CommandLine.Run($"merge {folder["run"]} --out {folder["a.npy"]} --force").Done();
        Assert.Equal(2500, NpyBytes.Read(folder["a.npy"]).Rows);
    }

    [Theory]
    [InlineData(2, "merge", "FOLDER")]
    [InlineData(2, "merge run --out a.txt", "a.txt", ".npy, .parquet or .csv")]
    [InlineData(1, "merge nowhere", "no folder 'nowhere'")]
    [InlineData(1, "merge .", "no manifest.json")]
    public void BadInputIsNamed(int code, string words, params string[] expected) => CommandLine.Run(words).Fails(code, expected);

    [Fact]
    public void CancelledLeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Shards} --out {folder["run"]}").Done();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        CommandLine.Run($"merge {folder["run"]} --out {folder["a.npy"]}", cancellation.Token).Fails(130, "Cancelled", "a.npy");
        Assert.Equal(["run"], folder.Files);
    }
}
