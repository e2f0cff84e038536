using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Tests.Hosted;
using Parquet;
using Parquet.Schema;

namespace FlowDsl.Tests;

/// <summary>What <c>sample</c> writes is what <see cref="FlowSampling"/> returns, bit for bit, in every format.</summary>
public class SampleTests
{
    // Three parts: 4 MB are 524,288 rows of two floats.
    private const int AcrossParts = (1 << 20) + 8192 + 77;

    [Fact]
    public void NpyHasTheBitsOfTheLibraryAcrossParts()
    {
        using var folder = new TemporaryFolder();
        string words = string.Create(CultureInfo.InvariantCulture, $"sample TwoModes.Fast -n {AcrossParts} --seed 7 --out {folder["a.npy"]}");
        CommandLine.Run(words).Done();
        NpyBytes file = NpyBytes.Read(folder["a.npy"]);
        Assert.Equal(("<f4", AcrossParts, 2), (file.Type, (int)file.Rows, file.Columns));
        Assert.True(Bits(FlowSampling.Sample<TwoModes.Fast, float>(AcrossParts, 7)).SequenceEqual(Bits(file.Singles)));
        Assert.Equal(["a.npy"], folder.Files);
    }

    [Fact]
    public void NpyOfADoubleSamplerIsDouble()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"sample twomodes.p -n 1e3 --out {folder["a.npy"]} --prior Gaussian --first-index 12345").Done();
        NpyBytes file = NpyBytes.Read(folder["a.npy"]);
        Assert.Equal(("<f8", 1000L, 2), (file.Type, file.Rows, file.Columns));
        double[] expected = FlowSampling.Sample<TwoModes.Precise, double>(1000, 1, new SamplingOptions { Prior = Prior.Gaussian, FirstIndex = 12345 });
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), file.Doubles.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void RepairIsThatOfTheLibrary()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"sample TwoModes.Coarse -n 5000 --seed 3 --repair --out {folder["a.npy"]}").Done();
        float[] plain = FlowSampling.Sample<TwoModes.Coarse, float>(5000, 3);
        float[] repaired = FlowSampling.Sample<TwoModes.Coarse, float>(5000, 3, new SamplingOptions { Repair = Repair.Flagged });
        Assert.False(Bits(plain).SequenceEqual(Bits(repaired)));
        Assert.True(Bits(repaired).SequenceEqual(Bits(NpyBytes.Read(folder["a.npy"]).Singles)));
    }

    /// <summary>Errors widen the array to double and leave the coordinates as they are.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public void ErrorsAreThoseOfTheSampler(int count)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(string.Create(CultureInfo.InvariantCulture, $"sample TwoModes.Fast -n {count} --seed 5 --errors --out {folder["a.npy"]}")).Done();
        NpyBytes file = NpyBytes.Read(folder["a.npy"]);
        Assert.Equal(("<f8", count, 5), (file.Type, file.Rows, file.Columns));
        float[] states = FlowSampling.DrawPrior<float>(GaussianMixtureModel.From<TwoModes>(), count, 5);
        var errors = new FlowError[count];
        TwoModes.Fast.Integrate(states, errors);
        double[] expected = [.. Enumerable.Range(0, count).SelectMany(
            i => new[] { states[2 * i], states[2 * i + 1], errors[i].Estimate, errors[i].Bound, errors[i].BranchMargin })];
        Assert.True(expected.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(file.Doubles.Select(BitConverter.DoubleToInt64Bits)));
    }

    [Fact]
    public void CsvReadsBackToTheSameBits()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"sample TwoModes.Fast -n 4000 --errors --out {folder["a.csv"]}").Done();
        string[] lines = File.ReadAllText(folder["a.csv"], Encoding.UTF8).Split('\n');
        Assert.Equal("x0,x1,estimate,bound,margin", lines[0]);
        Assert.Equal("", lines[^1]);
        Assert.Equal(4002, lines.Length);
        float[] expected = FlowSampling.Sample<TwoModes.Fast, float>(4000, 1);
        string[][] cells = [.. lines[1..^1].Select(line => line.Split(','))];
        Assert.All(cells, row => Assert.Equal(5, row.Length));
        Assert.True(Bits(expected).SequenceEqual(Bits([.. cells.SelectMany(row => row[..2]).Select(text => float.Parse(text, CultureInfo.InvariantCulture))])));
        Assert.All(cells, row => Assert.Equal("Infinity", row[3]));
    }

    [Theory]
    [InlineData("Fast", 1000, "")]
    [InlineData("Fast", AcrossParts, "")]
    [InlineData("Precise", 2000, " --errors")]
    public async Task ParquetReadsBackToTheSameBits(string sampler, int count, string errors)
    {
        using var folder = new TemporaryFolder();
        string words = string.Create(CultureInfo.InvariantCulture, $"sample TwoModes.{sampler} -n {count} --seed 9 --out {folder["a.parquet"]}{errors}");
        CommandLine.Run(words).Done();
        AssertIsParquet(File.ReadAllBytes(folder["a.parquet"]));

        await using ParquetReader reader = await ParquetReader.CreateAsync(folder["a.parquet"]);
        DataField[] fields = reader.Schema.GetDataFields();
        Assert.Equal(errors.Length > 0 ? ["x0", "x1", "estimate", "bound", "margin"] : ["x0", "x1"], fields.Select(field => field.Name));
        Assert.All(fields, field => Assert.False(field.IsNullable));
        Assert.Equal($"FlowDsl.Tests.Hosted.TwoModes.{sampler}", reader.CustomMetadata["flowdsl.sampler"]);
        Assert.Equal("9", reader.CustomMetadata["flowdsl.seed"]);
        Assert.Equal(count > 1 << 20 ? 3 : 1, reader.RowGroupCount);
        if (sampler == "Precise")
        {
            double[] expected = FlowSampling.Sample<TwoModes.Precise, double>(count, 9), read = await Read<double>(reader);
            Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), read.Select(BitConverter.DoubleToInt64Bits));
        }
        else
        {
            Assert.True(Bits(FlowSampling.Sample<TwoModes.Fast, float>(count, 9)).SequenceEqual(Bits(await Read<float>(reader))));
        }

        async Task<T[]> Read<T>(ParquetReader file)
            where T : struct
        {
            T[] rows = new T[2 * count];
            int first = 0;
            for (int group = 0; group < file.RowGroupCount; group++)
            {
                using ParquetRowGroupReader part = file.OpenRowGroupReader(group);
                T[] column = new T[part.RowCount];
                for (int j = 0; j < 2; j++)
                {
                    await part.ReadAsync<T>(fields[j], column.AsMemory());
                    for (int i = 0; i < column.Length; i++) rows[2 * (first + i) + j] = column[i];
                }
                first += column.Length;
            }
            return rows;
        }
    }

    /// <summary>By Parquet's specification: PAR1, the data, the footer, its length in four bytes, and PAR1 again.</summary>
    private static void AssertIsParquet(byte[] bytes)
    {
        Assert.Equal("PAR1"u8.ToArray(), bytes[..4]);
        Assert.Equal("PAR1"u8.ToArray(), bytes[^4..]);
        int footer = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - 8));
        Assert.InRange(footer, 1, bytes.Length - 12);
        // FileMetaData in Thrift's compact protocol begins with field 1, an i32: the format's version.
        Assert.Equal(0x15, bytes[bytes.Length - 8 - footer]);
    }

    [Fact]
    public void JsonSaysWhatWasWritten()
    {
        using var folder = new TemporaryFolder();
        var json = CommandLine.Run($"sample TwoModes.Fast -n 1000 --seed 18446744073709551615 --out {folder["a.npy"]} --json").Json();
        Assert.Equal("FlowDsl.Tests.Hosted.TwoModes.Fast", json.GetProperty("sampler").GetString());
        Assert.Equal(1000, json.GetProperty("count").GetInt64());
        Assert.Equal(ulong.MaxValue, json.GetProperty("seed").GetUInt64());
        Assert.Equal(new FileInfo(folder["a.npy"]).Length, json.GetProperty("bytes").GetInt64());
        Assert.Equal(["x0", "x1"], json.GetProperty("columns").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void ExistingFileIsKeptWithoutForce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "mine");
        CommandLine.Run($"sample TwoModes.Fast -n 10 --out {folder["a.csv"]}").Fails(1, "a.csv", "--force");
        Assert.Equal("mine", File.ReadAllText(folder["a.csv"]));
        CommandLine.Run($"sample TwoModes.Fast -n 10 --out {folder["a.csv"]} --force").Done();
        Assert.StartsWith("x0,x1\n", File.ReadAllText(folder["a.csv"]), StringComparison.Ordinal);
        Assert.Equal(["a.csv"], folder.Files);
    }

    [Theory]
    [InlineData("sample TwoModes.Fast --out x.txt", "x.txt", ".npy, .parquet or .csv")]
    [InlineData("sample TwoModes.Fast -n 0 --out x.npy", "-n is '0'", "from 1")]
    [InlineData("sample TwoModes.Fast -n 1.5 --out x.npy", "-n is '1.5'", "whole number")]
    [InlineData("sample TwoModes.Fast -n many --out x.npy", "-n is 'many'", "1e6")]
    [InlineData("sample TwoModes.Fast --seed -1 --out x.npy", "--seed", "-1")]
    [InlineData("sample TwoModes.Fast --prior uniform --out x.npy", "--prior is 'uniform'", "exact or gaussian")]
    [InlineData("sample TwoModes.Fast --first-index -1 --out x.npy", "--first-index", "-1")]
    [InlineData("sample TwoModes.Fast --repair --errors --out x.npy", "--repair", "--errors")]
    [InlineData("sample TwoModes.Fast", "--out")]
    [InlineData("sample", "MODEL.SAMPLER")]
    [InlineData("sample TwoModes --out x.npy", "'TwoModes' names no sampler", "MODEL.SAMPLER")]
    [InlineData("sample TwoModes.Fats --out x.npy", "'Fats'", "did you mean 'Fast'?")]
    [InlineData("sample TwoMods.Fast --out x.npy", "'TwoMods'", "did you mean 'TwoModes'?")]
    [InlineData("sample Hidden.Fast --out x.npy", "'Hidden'")]
    public void BadInputIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Theory]
    [InlineData("sample TwoModes.Fast -n 10 --out missing/a.npy", "missing", "folder")]
    [InlineData("sample TwoModes.Learned -n 10 --out a.npy", "Learned", "no weights")]
    public void WhatCannotBeDoneIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(1, expected);

    [Fact]
    public void CancelledBeforeItBeganLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        CommandLine.Run($"sample TwoModes.Fast -n 1e6 --out {folder["a.npy"]}", cancellation.Token).Fails(130, "Cancelled after 0 of 1000000", "a.npy");
        Assert.Empty(folder.Files);
    }

    /// <summary>So many samples that a run which is not stopped would fill the disk.</summary>
    [Theory]
    [InlineData("npy")]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task CancelledOnTheWayLeavesNothing(string format)
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        // Neither side may wait for the pool, whose threads the run keeps busy: a timer would come when the disk is full.
        Task<CommandLine.Outcome> running = Task.Factory.StartNew(
            () => CommandLine.Run($"sample TwoModes.Fast -n 1e12 --out {folder["a." + format]}", cancellation.Token),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => running.IsCompleted || folder.Files.Any(file => new FileInfo(folder[file]).Length > 1000));
        await cancellation.CancelAsync();
        (await running).Fails(130, "Cancelled after", "of 1000000000000", "Nothing was kept");
        Assert.Empty(folder.Files);
    }

    /// <summary>Linux's file that is always full, in place of the temporary one.</summary>
    [FullDeviceFact]
    public void FullDiskIsSaidSo()
    {
        using var folder = new TemporaryFolder();
        using var file = new OutputFile(folder["a.npy"], replaces: false);
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        HostException failure = Assert.Throws<HostException>(() => file.Guard(() => full.Write(new byte[100])));
        Assert.Equal(1, failure.ExitCode);
        Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a.npy", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FailedWriteEndsTheRunAndLeavesNothing()
    {
        var sink = new FailingSink();
        SamplerEntry sampler = ModelRegistry.Models.SelectMany(model => model.Samplers).First(sampler => sampler.Name == "Fast");
        var request = new SampleRequest(1L << 40, 1, new SamplingOptions(), WithErrors: false);
        Assert.Throws<IOException>(() => sampler.Stream(request, sink, new FinishedCount(), CancellationToken.None));
        Assert.Equal(2, sink.Calls);
    }

    private static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);

    private sealed class FailingSink : ISampleSink
    {
        public int Calls { get; private set; }

        public void Write<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            if (++Calls == 2) throw new IOException("No room.");
        }
    }
}

/// <summary>Skipped where the system has no device that is always full.</summary>
internal sealed class FullDeviceFactAttribute : FactAttribute
{
    public FullDeviceFactAttribute()
    {
        if (!File.Exists("/dev/full")) Skip = "Needs /dev/full.";
    }
}
