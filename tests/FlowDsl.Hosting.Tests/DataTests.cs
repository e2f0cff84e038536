using System.Security.Cryptography;
using System.Text.Json;

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
}
