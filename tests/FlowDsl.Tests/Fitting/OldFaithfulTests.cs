using FlowDsl.Examples;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

public class OldFaithfulTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "OldFaithful");

    private static readonly double[] Rows = Csv.Read(Path.Combine(Folder, "faithful.csv")).Rows;

    private static readonly Lazy<FitResult> Fitted = new(() => GaussianMixtureFit.Fit(Rows, 2, 2));

    [Fact]
    public void DataAreTheGeysers()
    {
        (string[] columns, double[] rows) = Csv.Read(Path.Combine(Folder, "faithful.csv"));
        Assert.Equal(["eruptions", "waiting"], columns);
        Assert.Equal(2 * 272, rows.Length);
        // R: colMeans(faithful).
        Assert.Equal(3.487783, rows.Where((_, i) => i % 2 == 0).Average(), 6);
        Assert.Equal(70.897059, rows.Where((_, i) => i % 2 == 1).Average(), 6);
    }

    // R 4, mclust: Mclust(faithful, G = 2, modelNames = "VVV"), rounded as it prints them.
    [Fact]
    public void FitIsThePublishedMaximum()
    {
        FitResult fit = Fitted.Value;
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
            Assert.Equal(Fitted.Value.LogLikelihood, GaussianMixtureFit.Fit(Rows, 2, 2, new FitOptions { Seed = seed }).LogLikelihood, 6);
    }

    [Fact]
    public void StoredMixtureIsTheFitOfToday()
    {
        string json = File.ReadAllText(Path.Combine(Folder, "OldFaithful.mixture.json")).ReplaceLineEndings("\n");
        var scaling = Standardization.Of(["eruptions", "waiting"], Rows);
        Mixture stored = MixtureJson.Parse(json);
        Equal(GaussianMixtureFit.Fit(scaling.Apply(Rows), 2, 2).Mixture, stored, 9);
        Assert.Equal(json, scaling.Write(stored));
    }

    // The maximum of the likelihood moves with the units of the columns: scaling back gives the published fit.
    [Fact]
    public void StoredMixtureInMinutesIsTheFitOfTheColumns()
    {
        var scaling = Standardization.Of(["eruptions", "waiting"], Rows);
        FitResult standardized = GaussianMixtureFit.Fit(scaling.Apply(Rows), 2, 2);
        Equal(Fitted.Value.Mixture, scaling.Invert(standardized.Mixture), 6);
        Assert.Equal(Fitted.Value.LogLikelihood, scaling.InvertLogLikelihood(standardized.LogLikelihood, Rows.Length / 2), 6);
        double[] back = scaling.Invert(scaling.Apply(Rows));
        Equal(Rows, back, 12);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1,2\n\n3\n", "line 4: there are 1 values but 2 columns")]
    [InlineData("a,b\n1,x\n", "line 2: 'x' in column b is no number")]
    public void CsvMalformedNamesTheLine(string text, string problem)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            Assert.Contains(problem, Assert.Throws<FormatException>(() => Csv.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
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
