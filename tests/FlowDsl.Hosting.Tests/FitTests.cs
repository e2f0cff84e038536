using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using FlowDsl.Hosting;
using FlowDsl.Hosting.Measurements;
using FlowDsl.Mathematics;
using FlowDsl.Metrics;

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

    /// <summary>
    /// Points on a line, five of each of two far groups, one component: whoever is held out, the fit to the other eight has the mean and variance of
    /// them, so that the likelihood is a sum that can be written down.
    /// </summary>
    [Fact]
    public void HeldOutPointsAreThoseThatTheFitHasNotSeen()
    {
        double[] rows = [1, 2, 4, 7, 11, 16, 22, 29, 37, 46];
        MetricEstimate measured = HeldOutLikelihood.Measure(rows, 1, 1, new FitOptions { Seed = 3 }, CancellationToken.None);
        // Every pair that could be a fold, with what the fit to the others says of it.
        Dictionary<double, List<(double Other, double LogDensity)>> possible = rows.ToDictionary(x => x, x => rows.Where(y => y != x)
            .Select(y => (y, LogDensity(x, [.. rows.Where(z => z != x && z != y)]))).ToList());
        // Some choice of five disjoint pairs has this mean.
        Assert.Contains(Pairings([.. rows]), pairs => Math.Abs(
            pairs.Sum(pair => Of(pair.A, pair.B) + Of(pair.B, pair.A)) / 10 - measured.Value) < 1e-9);
        Assert.InRange(measured.Value, measured.Low, measured.High);

        double Of(double held, double other) => possible[held].Single(entry => entry.Other == other).LogDensity;

        static double LogDensity(double x, double[] seen)
        {
            double mean = seen.Average(), variance = seen.Average(z => (z - mean) * (z - mean));
            return -0.5 * (Math.Log(2 * Math.PI * variance) + (x - mean) * (x - mean) / variance);
        }

        static IEnumerable<List<(double A, double B)>> Pairings(List<double> left)
        {
            if (left.Count == 0) return [[]];
            return from partner in left.Skip(1)
                   from rest in Pairings([.. left.Skip(1).Where(x => x != partner)])
                   select rest.Append((left[0], partner)).ToList();
        }
    }

    /// <summary>Two groups of points: one component explains unseen points badly, ten explain them worse than two.</summary>
    [Fact]
    public void HeldOutPointsChooseTheNumberOfComponents()
    {
        using var folder = new TemporaryFolder();
        var json = CommandLine.Run($"fit {s_faithful} -k 1..4 --select heldout --standardize --plot {folder["a.svg"]} --json").Json();
        Assert.Equal("heldout", json.GetProperty("criterion").GetString());
        double[] values = [.. json.GetProperty("fits").EnumerateArray().Select(fit => fit.GetProperty("heldOutLogLikelihood").GetDouble())];
        Assert.Equal(Array.IndexOf(values, values.Max()) + 1, json.GetProperty("chosen").GetInt32());
        Assert.True(values[1] > values[0] + 0.3, "Two components are far better than one.");
        string text = CommandLine.Run($"fit {s_faithful} -k 1..3 --select heldout").Done().Output;
        Assert.Contains("most likely held out", text, StringComparison.Ordinal);
        Assert.Contains("held-out log-likelihood per point", File.ReadAllText(folder["a.svg"]), StringComparison.Ordinal);
        Assert.Equal(["a.svg"], folder.Files);
    }

    [Fact]
    public void PlotIsOfTheCriterion()
    {
        using var folder = new TemporaryFolder();
        string text = CommandLine.Run($"fit {s_faithful} -k 1..3 --plot {folder["a.svg"]}").Done().Output;
        Assert.Contains($"Picture: {folder["a.svg"]}.", text, StringComparison.Ordinal);
        string[] texts = [.. XDocument.Load(folder["a.svg"]).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
        Assert.All(["components", "BIC", "BIC, chosen 2"], word => Assert.Contains(word, texts));
    }

    /// <summary>What the host writes as Parquet it reads as points, errors as columns too.</summary>
    [Theory]
    [InlineData("Fast")]
    [InlineData("Precise")]
    public void ReadsParquet(string sampler)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"sample TwoModes.{sampler} -n 300 --out {folder["a.parquet"]} --errors").Done();
        CommandLine.Run($"sample TwoModes.{sampler} -n 300 --out {folder["a.csv"]} --errors").Done();
        DataTable table = DataTable.Read(folder["a.parquet"]), text = DataTable.Read(folder["a.csv"]);
        Assert.Equal(text.Columns.AsEnumerable(), table.Columns.AsEnumerable());
        // The text has the shortest digits of a float; read as a double they are another number of the same float.
        Assert.Equal(text.Rows.ToArray().Select(value => (float)value), table.Rows.ToArray().Select(value => (float)value));
        Assert.Equal(2, CommandLine.Run($"fit {folder["a.parquet"]} --columns x0,x1 -k 1..3 --json").Json().GetProperty("chosen").GetInt32());
        File.WriteAllText(folder["b.parquet"], "PAR1, but not really");
        CommandLine.Run($"fit {folder["b.parquet"]}").Fails(1, "b.parquet", "Parquet");
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
    [InlineData("fit a.csv --select best", "--select is 'best'", "bic or aic or heldout")]
    [InlineData("fit a.csv --floor 0", "--floor is '0'", "positive")]
    [InlineData("fit a.csv --plot a.pdf", "a.pdf", ".png or .svg")]
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
