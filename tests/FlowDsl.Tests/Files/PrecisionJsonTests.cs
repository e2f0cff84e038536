using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

/// <summary>Mixtures whose files give precisions instead of covariances, with scikit-learn's names and shapes.</summary>
public class PrecisionJsonTests
{
    // Σ = [[2, 1], [1, 3]]. Its inverse, and U of scikit-learn: with Σ = L Lᵀ, L = [[a, 0], [b, c]], it is L⁻ᵀ = [[1/a, -b/(ac)], [0, 1/c]].
    private static readonly double s_a = Math.Sqrt(2), s_b = 1 / Math.Sqrt(2), s_c = Math.Sqrt(2.5);
    private static readonly double[] s_sigma = [2, 1, 1, 3];
    private const string Precision = "[[0.6, -0.2], [-0.2, 0.4]]";
    private static readonly string s_factor = FormattableString.Invariant($"[[{1 / s_a:R}, {-s_b / (s_a * s_c):R}], [0, {1 / s_c:R}]]");

    [Theory]
    [InlineData("precisions")]
    [InlineData("precisions_")]
    [InlineData("precisions_cholesky")]
    [InlineData("precisions_cholesky_")]
    public void MatricesAreInverted(string name)
    {
        string matrix = name.Contains("cholesky", StringComparison.Ordinal) ? s_factor : Precision;
        Mixture full = MixtureJson.Parse(File("full", name, $"[{matrix}, {matrix}]")), tied = MixtureJson.Parse(File("tied", name, matrix));
        Assert.Same(tied.Covariances[0], tied.Covariances[1]);
        foreach (Covariance covariance in full.Covariances.Concat(tied.Covariances))
        {
            Assert.Equal(CovarianceType.Full, covariance.Type);
            for (int i = 0; i < 4; i++) Assert.Equal(s_sigma[i], covariance.Matrix[i], 1e-14);
        }
        Assert.Null(full.Adjustment);
    }

    [Theory]
    [InlineData("precisions", "spherical", "[4, 0.25]")]
    [InlineData("precisions_cholesky", "spherical", "[2, 0.5]")]
    [InlineData("precisions", "diag", "[[4, 0.25], [1, 16]]")]
    [InlineData("precisions_cholesky", "diag", "[[2, 0.5], [1, 4]]")]
    public void NumbersAreInverted(string name, string type, string numbers)
    {
        Mixture mixture = MixtureJson.Parse(File(type, name, numbers));
        double[] first = type == "diag" ? [0.25, 4] : [0.25, 0.25], second = type == "diag" ? [1, 0.0625] : [4, 4];
        Assert.Equal(first, mixture.Covariances[0].Variances);
        Assert.Equal(second, mixture.Covariances[1].Variances);
    }

    /// <summary>The inverse times what was given is the identity.</summary>
    [Fact]
    public void RandomMatricesAreInverted()
    {
        var random = new Random(6);
        for (int trial = 0; trial < 100; trial++)
        {
            int d = 1 + trial % 8;
            double[] upper = new double[d * d], precision = new double[d * d];
            for (int i = 0; i < d; i++)
                for (int j = i; j < d; j++) upper[i * d + j] = i == j ? Math.Pow(10, random.NextDouble() - 0.5) : 0.5 * random.NextDouble() - 0.25;
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++)
                    for (int k = 0; k < d; k++) precision[i * d + j] += upper[i * d + k] * upper[j * d + k];
            foreach ((string name, double[] given) in new[] { ("precisions_cholesky", upper), ("precisions", precision) })
            {
                string rows = string.Join(",", given.Chunk(d).Select(row => $"[{string.Join(",", row.Select(entry => PortableNumber.Format(entry)))}]"));
                string json = $$"""{"weights":[1],"means":[[{{string.Join(",", new int[d])}}]],"covariance_type":"tied","{{name}}":[{{rows}}]}""";
                Covariance covariance = MixtureJson.Parse(json).Covariances[0];
                double condition = covariance.MaxVariance * Math.Sqrt(precision.Sum(entry => entry * entry));
                for (int i = 0; i < d; i++)
                {
                    for (int j = 0; j < d; j++)
                    {
                        double sum = 0;
                        for (int k = 0; k < d; k++) sum += covariance.Matrix[i * d + k] * precision[k * d + j];
                        Assert.Equal(i == j ? 1 : 0, sum, 1e-14 * d * condition);
                    }
                }
            }
        }
    }

    [Fact]
    public void OfSeveralTheOneThatTheOthersAreComputedFromCounts()
    {
        string both = File("spherical", "precisions", "[100, 100]")
            .Replace("\"precisions\"", "\"precisions_cholesky\": [2, 2], \"precisions\"", StringComparison.Ordinal);
        Assert.Equal(0.25, MixtureJson.Parse(both).Covariances[0].MinVariance);
        string three = both.Replace("\"precisions\"", "\"covariances_\": [7, 7], \"precisions\"", StringComparison.Ordinal);
        Assert.Equal(7, MixtureJson.Parse(three).Covariances[0].MinVariance);
    }

    [Fact]
    public void PrecisionsOfSinglePrecisionAreAdjusted()
    {
        Mixture mixture = MixtureJson.Parse(File("tied", "precisions", "[[0.6, -0.2], [-0.20000001, 0.4]]"));
        Assert.Equal(1e-8 / Math.Sqrt(0.24), mixture.Adjustment!.Asymmetry, 1e-14);
        for (int i = 0; i < 4; i++) Assert.Equal(s_sigma[i], mixture.Covariances[0].Matrix[i], 1e-6);
    }

    [Theory]
    [InlineData("spherical", "precisions", "[1, 0]", "precisions[1] is 0; a precision must be positive")]
    [InlineData("spherical", "precisions_cholesky", "[1, -2]", "precisions_cholesky[1] is -2; the inverse of a standard deviation, or what stands on")]
    [InlineData("diag", "precisions", "[[1, 1], [1, 1e-310]]", "precisions[1][1] is 1E-310, the inverse of a variance beyond the supported range")]
    [InlineData("diag", "precisions_cholesky", "[[1, 1], [1, 1e200]]", "the inverse of a standard deviation beyond the supported range")]
    [InlineData("tied", "precisions", "[[1, 2], [2, 1]]", "precisions is not positive definite: its smallest eigenvalue is -1; it must be greater than 0")]
    [InlineData("tied", "precisions", "[[1, 0.5], [0.4, 1]]", "precisions[1][0] is 0.4 but precisions[0][1] is 0.5; a precision matrix must be symmetric")]
    [InlineData("tied", "precisions_cholesky", "[[1, 0], [0.5, 1]]", "precisions_cholesky[1][0] is 0.5; U of the precision matrix U Uᵀ is upper triangular")]
    [InlineData("tied", "precisions_cholesky", "[[1e-200, 0], [0, 1]]",
        "precisions_cholesky has an inverse beyond the range of double: entry (0, 0) is Infinity")]
    [InlineData("full", "precisions", "[[1, 0], [0, 1]]", "precisions looks like \"diag\" or \"tied\", but covariance_type is \"full\"")]
    public void WhatIsNoPrecisionIsNamed(string type, string name, string numbers, string problem)
        => Assert.Contains(problem, Assert.Throws<MixtureFormatException>(() => MixtureJson.Parse(File(type, name, numbers))).Problem);

    private static string File(string type, string name, string numbers)
        => $$"""{"weights": [0.5, 0.5], "means": [[0, 0], [1, 1]], "covariance_type": "{{type}}", "{{name}}": {{numbers}}}""";
}
