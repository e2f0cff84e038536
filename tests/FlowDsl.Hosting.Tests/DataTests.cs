using System.Security.Cryptography;
using FlowDsl.Mathematics.Files;

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
        var plan = DataPlan.Parse(File.ReadAllText(folder["faithful.plan.json"]));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["faithful.npy"]))), plan.Sha256);
        Assert.Equal((272, 2), (plan.Moments.Count, plan.Moments.Dimension));
        // R: eigen(cov(faithful) * 271 / 272)$values.
        Assert.Equal(185.198, plan.Moments.Variances[1], 0.01);
        Assert.Equal(0.2433, plan.Moments.Variances[0], 0.001);
        // R: sum(colMeans(faithful)^2).
        Assert.Equal(3.487783 * 3.487783 + 70.897059 * 70.897059, plan.Moments.Mean.Sum(value => value * value), 0.001);
        Assert.Equal(0, plan.Nearest[0]);
        Assert.Equal(plan.Write(), DataPlan.Parse(plan.Write()).Write());
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
