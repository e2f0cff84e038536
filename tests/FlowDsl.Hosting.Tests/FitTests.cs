using System.Buffers.Binary;
using System.Text;
using FlowDsl.Hosting;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

public class FitTests
{
    private static readonly string s_faithful = Path.Combine(AppContext.BaseDirectory, "faithful.csv");

    /// <summary>
    /// R, mclust: <c>Mclust(faithful, G = 1:5, modelNames = "EEE")</c> chooses 3 components, log-likelihood -1126.326, BIC -2314.316 (of the other sign).
    /// </summary>
    [Fact]
    public void ChoosesTheNumberOfComponentsThatIsPublished()
    {
        var json = CommandLine.Run($"fit {s_faithful} -k 1..5 --covariance tied --json").Json();
        Assert.Equal(3, json.GetProperty("chosen").GetInt32());
        Assert.Equal("bic", json.GetProperty("criterion").GetString());
        var best = json.GetProperty("fits")[2];
        Assert.Equal(11, best.GetProperty("parameters").GetInt32());
        // mclust stops at a gain of 1e-5 and prints -1126.326 and 2314.316; the maximum is a little higher.
        Assert.InRange(best.GetProperty("logLikelihood").GetDouble(), -1126.3265, -1126.31);
        Assert.InRange(best.GetProperty("bic").GetDouble(), 2314.28, 2314.3165);
    }

    [Fact]
    public void WritesAFileThatIsReadBack()
    {
        using var folder = new TemporaryFolder();
        string text = CommandLine.Run($"fit {s_faithful} --out {folder["Old.mixture.json"]}").Done().Output;
        Assert.Contains("lowest BIC", text, StringComparison.Ordinal);
        Assert.Contains("272 points of eruptions, waiting.", text, StringComparison.Ordinal);
        Mixture mixture = MixtureJson.Parse(File.ReadAllText(folder["Old.mixture.json"]));
        // R, mclust: Mclust(faithful, G = 2, modelNames = "VVV").
        Assert.Equal(0.3559, mixture.Weights[0], 4);
        Assert.Equal([2.0364, 54.4785], mixture.Means[0].Select(value => Math.Round(value, 4)));
        CommandLine.Run($"fit {s_faithful} --out {folder["Old.mixture.json"]}").Fails(1, "Old.mixture.json", "--force");
        Assert.Equal(["Old.mixture.json"], folder.Files);
    }

    [Fact]
    public void StandardizedFileHoldsItsScaling()
    {
        using var folder = new TemporaryFolder();
        var json = CommandLine.Run($"fit {s_faithful} --columns waiting,eruptions --standardize --out {folder["Old.mixture.json"]} --json").Json();
        Assert.Equal(["waiting", "eruptions"], json.GetProperty("columns").EnumerateArray().Select(name => name.GetString()));
        // R: colMeans(faithful).
        Assert.Equal(70.897059, json.GetProperty("columnMeans")[0].GetDouble(), 6);
        Assert.Equal(3.487783, json.GetProperty("columnMeans")[1].GetDouble(), 6);
        DataTable table = DataTable.Read(s_faithful).Select(["waiting", "eruptions"]);
        var scaling = Standardization.Of(table);
        string text = File.ReadAllText(folder["Old.mixture.json"]);
        Assert.Equal(scaling.Write(MixtureJson.Parse(text)), text);
        // In minutes again it is the published fit, its columns swapped.
        Assert.Equal(54.4785, scaling.Invert(MixtureJson.Parse(text)).Means[0][0], 0.0001);
    }

    [Theory]
    [InlineData(1, "<f8")]
    [InlineData(2, "<f4")]
    public void ReadsNpy(int version, string type)
    {
        using var folder = new TemporaryFolder();
        double[] rows = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? i / 64.0 : i % 4 == 1 ? 5 + i / 128.0 : -5 - i / 128.0)];
        File.WriteAllBytes(folder["a.npy"], Npy(version, type, "(20, 2)", rows));
        DataTable table = DataTable.Read(folder["a.npy"]);
        Assert.Equal(["x0", "x1"], table.Columns.AsEnumerable());
        Assert.Equal(rows, table.Rows.ToArray());
        var json = CommandLine.Run($"fit {folder["a.npy"]} -k 1..2 --columns x1 --covariance spherical --select aic --json").Json();
        Assert.Equal(2, json.GetProperty("chosen").GetInt32());
        Assert.Equal("aic", json.GetProperty("criterion").GetString());
    }

    [Theory]
    [InlineData("<i8", "(2, 2)", 32, "'<i8'")]
    [InlineData("<f8", "(2, 2, 1)", 32, "(2, 2, 1)")]
    [InlineData("<f8", "(2, 2)", 24, "24 bytes")]
    public void NpyThatIsNoTableIsNamed(string type, string shape, int bytes, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.npy"], [.. Npy(1, type, shape, []), .. new byte[bytes]]);
        CommandLine.Run($"fit {folder["a.npy"]}").Fails(1, "a.npy", expected);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1,2\n\n3\n", "line 4: there are 1 values but 2 columns")]
    [InlineData("a,b\n1,x\n", "line 2: 'x' in column b is no number")]
    [InlineData("a,a\n1,2\n", "line 1: two columns have one name")]
    [InlineData("a,b\n", "has no points")]
    [InlineData("a,b\n1,2\n", "No fit of 2 components")]
    public void CsvMalformedNamesTheLine(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], text);
        CommandLine.Run($"fit {folder["a.csv"]}").Fails(1, expected);
    }

    [Theory]
    [InlineData("fit a.csv -k 0", "-k is '0'", "2..12")]
    [InlineData("fit a.csv -k 5..2", "-k is '5..2'")]
    [InlineData("fit a.csv -k 1..2..3", "-k is '1..2..3'")]
    [InlineData("fit a.csv --covariance round", "--covariance is 'round'", "full or tied or diag or spherical")]
    [InlineData("fit a.csv --select heldout", "--select is 'heldout'", "bic or aic")]
    [InlineData("fit a.csv --out a.json", "a.json", ".mixture.json")]
    [InlineData("fit", "DATA")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Theory]
    [InlineData("fit missing.csv", "missing.csv")]
    [InlineData("fit FAITHFUL --columns eruption", "'eruption'", "eruptions, waiting")]
    public void WhatCannotBeDoneIsNamed(string words, params string[] expected)
        => CommandLine.Run(words.Replace("FAITHFUL", s_faithful, StringComparison.Ordinal)).Fails(1, expected);

    [Fact]
    public void CancelledLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(100);
        CommandLine.Run($"fit {s_faithful} -k 1..200 --restarts 100000 --out {folder["a.mixture.json"]}", cancellation.Token).Fails(130, "Cancelled");
        Assert.Empty(folder.Files);
    }

    private static byte[] Npy(int version, string type, string shape, double[] values)
    {
        string words = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        int before = version == 1 ? 10 : 12, length = (before + words.Length + 1 + 63) / 64 * 64 - before;
        byte[] header = [0x93, .. "NUMPY"u8, (byte)version, 0, .. new byte[before - 8], .. Encoding.ASCII.GetBytes(words.PadRight(length - 1) + "\n")];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        else BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)length);
        return [.. header, .. values.SelectMany(value => type == "<f8" ? BitConverter.GetBytes(value) : BitConverter.GetBytes((float)value))];
    }
}
