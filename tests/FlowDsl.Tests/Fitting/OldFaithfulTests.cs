using FlowDsl.Analysis;
using FlowDsl.Examples;

namespace FlowDsl.Tests.Fitting;

public class OldFaithfulTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "OldFaithful");

    private static readonly double[] Rows = Csv.Read(Path.Combine(Folder, "faithful.csv")).Rows;

    private static readonly Lazy<FitResult> Fitted = new(() => GaussianMixtureFit.Fit(Rows, 2, 2));

    [Fact]
    public void Data_AreTheGeysers()
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
    public void Fit_IsThePublishedMaximum()
    {
        FitResult fit = Fitted.Value;
        Mixture mixture = fit.Mixture;
        Assert.True(fit.Converged);
        Assert.Equal(-1130.26, fit.LogLikelihood, 2);
        Assert.Equal(11, fit.ParameterCount);
        Equal([0.3559, 0.6441], mixture.Weights, 4);
        Equal([2.0364, 54.4785], mixture.Means[0], 4);
        Equal([4.2897, 79.9681], mixture.Means[1], 4);
        Equal([0.0692, 0.4352, 0.4352], mixture.Covariances[0].Matrix[..3], 4);
        Assert.Equal(33.697, mixture.Covariances[0].Matrix[3], 3);
        Equal([0.1700, 0.9406, 0.9406], mixture.Covariances[1].Matrix[..3], 4);
        Assert.Equal(36.046, mixture.Covariances[1].Matrix[3], 3);
    }

    [Fact]
    public void Fit_EverySeedFindsTheSameMaximum()
    {
        for (ulong seed = 1; seed <= 5; seed++)
            Assert.Equal(Fitted.Value.LogLikelihood, GaussianMixtureFit.Fit(Rows, 2, 2, new FitOptions { Seed = seed }).LogLikelihood, 6);
    }

    [Fact]
    public void StoredMixture_IsTheFitOfToday()
    {
        string json = File.ReadAllText(Path.Combine(Folder, "OldFaithful.mixture.json"));
        Mixture stored = MixtureJson.Parse(json), fitted = Fitted.Value.Mixture;
        Equal(fitted.Weights, stored.Weights, 6);
        for (int k = 0; k < 2; k++)
        {
            Equal(fitted.Means[k], stored.Means[k], 6);
            Equal(fitted.Covariances[k].Matrix, stored.Covariances[k].Matrix, 6);
        }
        Assert.Equal(json.ReplaceLineEndings("\n"), MixtureJson.Write(stored));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1,2\n\n3\n", "line 4: there are 1 values but 2 columns")]
    [InlineData("a,b\n1,x\n", "line 2: 'x' in column b is no number")]
    public void Csv_Malformed_NamesTheLine(string text, string problem)
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

    private static void Equal(double[] expected, double[] actual, int decimals)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], decimals);
    }
}
