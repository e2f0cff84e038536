using System.Security.Cryptography;
using System.Text.Json;
using FlowDsl.Hosting;

namespace FlowDsl.Tests;

/// <summary>The command that measures a data set.</summary>
public class DataTests
{
    private static readonly string s_faithful = Path.Combine(AppContext.BaseDirectory, "faithful.csv");

    [Fact]
    public void MakesTheDataFileAndItsPlan()
    {
        using var folder = new TemporaryFolder();
        File.Copy(s_faithful, folder["faithful.csv"]);
        string text = CommandLine.Run($"data {folder["faithful.csv"]}").Done().Output;
        Assert.Contains("272 rows of 2 values", text, StringComparison.Ordinal);
        Assert.Contains("[GaussianMixture(2, Data = \"faithful.npy\", Variance = …)]", text, StringComparison.Ordinal);
        Assert.Equal(["faithful.csv", "faithful.npy", "faithful.plan.json"], folder.Files.Order());
        using var plan = JsonDocument.Parse(File.ReadAllText(folder["faithful.plan.json"]));
        JsonElement root = plan.RootElement;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["faithful.npy"]))), root.GetProperty("sha256").GetString());
        Assert.Equal((272, 2), (root.GetProperty("rows").GetInt32(), root.GetProperty("dimension").GetInt32()));
        // R: eigen(cov(faithful) * 271 / 272)$values.
        Assert.Equal(185.198, root.GetProperty("variances")[1].GetDouble(), 0.01);
        Assert.Equal(0.2433, root.GetProperty("variances")[0].GetDouble(), 0.001);
        // R: sum(colMeans(faithful)^2).
        Assert.Equal(
            3.487783 * 3.487783 + 70.897059 * 70.897059, root.GetProperty("mean").EnumerateArray().Sum(value => value.GetDouble() * value.GetDouble()), 0.001);
        Assert.Equal(0, root.GetProperty("nearest_distances")[0].GetDouble());
    }

    [Fact]
    public void ReplacesNothingUnasked()
    {
        using var folder = new TemporaryFolder();
        File.Copy(s_faithful, folder["a.csv"]);
        CommandLine.Run($"data {folder["a.csv"]} --json").Json();
        CommandLine.Run($"data {folder["a.npy"]}").Fails(1, "a.plan.json", "--force");
        Assert.Equal(2, CommandLine.Run($"data {folder["a.npy"]} --force --json").Json().GetProperty("dimension").GetInt32());
    }

    [Fact]
    public void OtherFilesAreRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.npy"], "nothing");
        CommandLine.Run($"data {folder["a.npy"]}").Fails(1, "no .npy file");
        Assert.Equal(["a.npy"], folder.Files);
    }

    [Fact]
    public void TheFilesOfTheModelAreThoseThatTheCommandMakes()
    {
        using var folder = new TemporaryFolder();
        File.Copy(s_faithful, folder["geyser.csv"]);
        CommandLine.Run($"data {folder["geyser.csv"]}").Done();
        Assert.Equal(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "geyser.npy")), File.ReadAllBytes(folder["geyser.npy"]));
    }

    [Fact]
    public void AModelOfADataSetIsShownAndSampled()
    {
        using var folder = new TemporaryFolder();
        string text = CommandLine.Run("show Geyser").Done().Output;
        Assert.Contains("Mixture of 272 rows of data in 2 dimensions", text, StringComparison.Ordinal);
        Assert.Contains("Structure: a data set: ", text, StringComparison.Ordinal);
        JsonElement data = CommandLine.Run("show Geyser --json").Json().GetProperty("data");
        Assert.Equal((272, 1.0), (data.GetProperty("rows").GetInt32(), data.GetProperty("variance").GetDouble()));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "geyser.npy")))),
            data.GetProperty("sha256").GetString());
        CommandLine.Run($"sample Geyser.Fast -n 2000 --seed 1 --out {folder["samples.npy"]}").Done();
        DataTable samples = DataTable.Read(folder["samples.npy"]);
        // The minutes from one eruption to the next, whose mean is 70.897 and whose deviation is 13.6: five standard errors, which are 1 in 1.7 million.
        Assert.InRange(samples.Rows.ToArray().Where((_, i) => i % 2 == 1).Average(), 70.897 - 5 * 0.31, 70.897 + 5 * 0.31);
    }
}
