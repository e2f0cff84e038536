using FlowDsl.Hosting;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

public class OldFaithfulTests
{
    private static readonly DataTable s_table = DataTable.Read(Path.Combine(AppContext.BaseDirectory, "faithful.csv"));
    private static readonly double[] s_rows = s_table.Rows.ToArray();
    private static readonly Lazy<FitResult> s_fitted = new(() => GaussianMixtureFit.Fit(s_rows, 2, 2));

    [Fact]
    public void DataAreTheGeysers()
    {
        Assert.Equal<string>(["eruptions", "waiting"], s_table.Columns.AsEnumerable());
        Assert.Equal(2 * 272, s_rows.Length);
        // R: colMeans(faithful).
        Assert.Equal(3.487783, s_rows.Where((_, i) => i % 2 == 0).Average(), 6);
        Assert.Equal(70.897059, s_rows.Where((_, i) => i % 2 == 1).Average(), 6);
    }

    // R 4, mclust: Mclust(faithful, G = 2, modelNames = "VVV"), rounded as it prints them.
    [Fact]
    public void FitIsThePublishedMaximum()
    {
        FitResult fit = s_fitted.Value;
        Mixture mixture = fit.Mixture;
        Assert.True(fit.Converged);
        Assert.Equal(-1130.26, fit.LogLikelihood, 2);
        Assert.Equal(11, fit.ParameterCount);
        Equal([0.3559, 0.6441], mixture.Weights, 4);
        Equal([2.0364, 54.4785], mixture.Means[0], 4);
        Equal([4.2897, 79.9681], mixture.Means[1], 4);
        Equal([0.0692, 0.4352, 0.4352], [.. mixture.Covariances[0].Matrix.Take(3)], 4);
        Assert.Equal(33.697, mixture.Covariances[0].Matrix[3], 3);
        Equal([0.1700, 0.9406, 0.9406], [.. mixture.Covariances[1].Matrix.Take(3)], 4);
        Assert.Equal(36.046, mixture.Covariances[1].Matrix[3], 3);
    }

    [Fact]
    public void FitEverySeedFindsTheSameMaximum()
    {
        for (ulong seed = 1; seed <= 5; seed++)
            Assert.Equal(s_fitted.Value.LogLikelihood, GaussianMixtureFit.Fit(s_rows, 2, 2, new FitOptions { Seed = seed }).LogLikelihood, 6);
    }

    [Fact]
    public void StoredMixtureIsTheFitOfToday()
    {
        string json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "OldFaithful.mixture.json")).ReplaceLineEndings("\n");
        var scaling = Standardization.Of(s_table);
        Mixture stored = MixtureJson.Parse(json);
        Equal(GaussianMixtureFit.Fit(scaling.Apply(s_rows), 2, 2).Mixture, stored, 9);
        Assert.Equal(json, scaling.Write(stored));
    }

    // The maximum of the likelihood moves with the units of the columns: scaling back gives the published fit.
    [Fact]
    public void StoredMixtureInMinutesIsTheFitOfTheColumns()
    {
        var scaling = Standardization.Of(s_table);
        FitResult standardized = GaussianMixtureFit.Fit(scaling.Apply(s_rows), 2, 2);
        Equal(s_fitted.Value.Mixture, scaling.Invert(standardized.Mixture), 6);
        Assert.Equal(s_fitted.Value.LogLikelihood, scaling.InvertLogLikelihood(standardized.LogLikelihood, s_rows.Length / 2), 6);
        double[] back = scaling.Invert(scaling.Apply(s_rows));
        Equal(s_rows, back, 12);
    }

    /// <summary>A mixture of the standardised columns, sampled in their units: means and names are those of the data.</summary>
    [Theory]
    [InlineData("Fast", ".csv")]
    [InlineData("Precise", ".npy")]
    public void SamplesAreInTheUnitsOfTheData(string sampler, string ending)
    {
        using var folder = new TemporaryFolder();
        string scaling = folder["Old.mixture.json"];
        CommandLine.Run($"fit {Path.Combine(AppContext.BaseDirectory, "faithful.csv")} --standardize --out {scaling}").Done();
        CommandLine.Run($"sample TwoModes.{sampler} -n 50 --seed 3 --out {folder["plain" + ending]}").Done();
        string text = CommandLine.Run($"sample TwoModes.{sampler} -n 50 --seed 3 --units-of {scaling} --out {folder["units" + ending]}").Done().Output;
        Assert.Contains("2 columns (eruptions, waiting)", text, StringComparison.Ordinal);
        DataTable plain = DataTable.Read(folder["plain" + ending]), units = DataTable.Read(folder["units" + ending]);
        if (ending == ".csv") Assert.Equal<string>(["eruptions", "waiting"], units.Columns.AsEnumerable());
        // R: colMeans(faithful), and sapply(faithful, sd) with the divisor n.
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(3.4877830882 + 1.1392712102 * plain.Rows[2 * i], units.Rows[2 * i], 2e-6);
            Assert.Equal(70.8970588235 + 13.5699600176 * plain.Rows[2 * i + 1], units.Rows[2 * i + 1], 2e-5);
        }
    }

    [Theory]
    [InlineData(2, "--out FOLDER/shards --units-of a", "--units-of is for a file")]
    [InlineData(2, "--out FOLDER/a.npy --errors --units-of a", "exclude each other")]
    [InlineData(1, "--out FOLDER/a.npy --units-of FOLDER/none.json", "There is no file")]
    [InlineData(1, "--out FOLDER/a.npy --units-of FOLDER/plain.mixture.json", "holds no scaling", "their own units")]
    [InlineData(1, "--out FOLDER/a.npy --units-of FOLDER/unnamed.mixture.json", "'standardized_columns'", "the names of the columns of 'column_means'")]
    [InlineData(1, "--out FOLDER/a.npy --units-of FOLDER/odd.mixture.json", "holds no scaling", "1 numbers for 2 columns")]
    [InlineData(1, "--out FOLDER/a.npy --units-of FOLDER/one.mixture.json", "scales 1 columns; Fast has 2 dimensions")]
    public void BadScalingIsNamed(int code, string words, params string[] expected)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"fit {Path.Combine(AppContext.BaseDirectory, "faithful.csv")} --out {folder["plain.mixture.json"]}").Done();
        string data = Path.Combine(AppContext.BaseDirectory, "faithful.csv");
        CommandLine.Run($"fit {data} --columns waiting --standardize --out {folder["one.mixture.json"]}").Done();
        File.WriteAllText(folder["odd.mixture.json"], """{ "standardized_columns": ["a", "b"], "column_means": [1] }""");
        File.WriteAllText(folder["unnamed.mixture.json"], """{ "column_means": [1, 2], "column_deviations": [1, 1] }""");
        string path = Path.GetDirectoryName(folder["a"])!;
        CommandLine.Run($"sample TwoModes.Fast -n 10 {words}".Replace("FOLDER", path, StringComparison.Ordinal)).Fails(code, expected);
        Assert.Equal(["odd.mixture.json", "one.mixture.json", "plain.mixture.json", "unnamed.mixture.json"], folder.Files);
    }

    private static void Equal(Mixture expected, Mixture actual, int decimals)
    {
        Equal(expected.Weights, actual.Weights, decimals);
        for (int k = 0; k < expected.Count; k++)
        {
            Equal(expected.Means[k], actual.Means[k], decimals);
            Equal(expected.Covariances[k].Matrix, actual.Covariances[k].Matrix, decimals);
        }
    }

    private static void Equal(IReadOnlyList<double> expected, IReadOnlyList<double> actual, int decimals)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++) Assert.Equal(expected[i], actual[i], decimals);
    }
}
