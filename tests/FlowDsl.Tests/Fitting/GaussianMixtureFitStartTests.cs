using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Weighted points, given starts, and results that do not depend on threads.</summary>
public class GaussianMixtureFitStartTests
{
    public static TheoryData<CovarianceType> Types => new(Enum.GetValues<CovarianceType>());

    private static readonly double[] Rows = FitData.ThreeGroups(120);

    private static readonly Mixture Guess = new(
        [0.25, 0.35, 0.4], [[-2, 3], [0, 1], [5, 2]], [Covariance.Full(2, [2, 0.3, 0.3, 1]), Covariance.Isotropic(2, 1.5), Covariance.Diagonal([1, 3])]);

    [Theory]
    [MemberData(nameof(Types))]
    public void FitWeightedPointsEqualRepeatedPoints(CovarianceType type)
    {
        double[] weights = [.. Enumerable.Range(0, 120).Select(i => (double)(i * 7 % 4))];
        double[] repeated = [.. Rows.Chunk(2).SelectMany((x, i) => Enumerable.Repeat(x, (int)weights[i])).SelectMany(x => x)];
        foreach (Mixture? initial in new[] { Guess, null })
        {
            var options = new FitOptions { CovarianceType = type, Initial = initial, Restarts = 5 };
            FitResult weighted = GaussianMixtureFit.Fit(Rows, weights, 2, 3, options), plain = GaussianMixtureFit.Fit(repeated, 2, 3, options);
            Near(plain.LogLikelihood, weighted.LogLikelihood, 1e-7);
            Near(plain.Bic, weighted.Bic, 1e-6);
            Near(plain.MeanLogLikelihood, weighted.MeanLogLikelihood, 1e-8);
            Equal(plain.Mixture, weighted.Mixture, 1e-4);
            Assert.Equal(weights.Sum(), weighted.TotalWeight);
            Assert.Equal(weights.Count(w => w > 0), weighted.PointCount);
        }
    }

    [Theory]
    [InlineData(new double[] { 1, 2 }, "There are 2 weights for 6 values of dimension 2; there must be one for each point")]
    [InlineData(new double[] { 1, -2, 1 }, "Weight 1 is -2; weights of points must be finite and not negative")]
    [InlineData(new double[] { 1, 1, double.NaN }, "Weight 2 is NaN")]
    [InlineData(new double[] { 0, 0, 0 }, "There are 0 points; 1 components need at least 1")]
    [InlineData(new double[] { 1e308, 1e308, 1 }, "The sum of the weights is beyond the range of double")]
    public void FitInvalidPointWeightsNamesTheProblem(double[] weights, string problem)
        => Assert.Contains(problem, Assert.ThrowsAny<ArgumentException>(() => GaussianMixtureFit.Fit([1, 2, 3, 4, 5, 7], weights, 2, 1)).Message);

    [Fact]
    public void FitFromAMixtureStartsAtItsLikelihood()
    {
        FitResult fit = GaussianMixtureFit.Fit(Rows, 2, 3, new FitOptions { Initial = Guess });
        double expected = Rows.Chunk(2).Sum(x => Math.Log(Enumerable.Range(0, 3).Sum(k =>
        {
            double[] c = [.. Guess.Covariances[k].Matrix];
            double determinant = c[0] * c[3] - c[1] * c[2], a = x[0] - Guess.Means[k][0], b = x[1] - Guess.Means[k][1];
            return Guess.Weights[k] * Math.Exp(-0.5 * (c[3] * a * a - 2 * c[1] * a * b + c[0] * b * b) / determinant) / (2 * Math.PI * Math.Sqrt(determinant));
        })));
        Near(expected, fit.LogLikelihoodHistory[0], 1e-9 * Math.Abs(expected));
        Assert.Equal(fit.Iterations + 1, fit.LogLikelihoodHistory.Count);
        for (int i = 1; i < fit.LogLikelihoodHistory.Count; i++)
            Assert.True(fit.LogLikelihoodHistory[i] >= fit.LogLikelihoodHistory[i - 1] - 1e-9, $"step {i}");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitWarmStartGoesOnWhereTheLastFitEnded(CovarianceType type)
    {
        var options = new FitOptions { CovarianceType = type, Restarts = 1, Tolerance = 0, MaxIterations = 5 };
        FitResult first = GaussianMixtureFit.Fit(Rows, 2, 3, options);
        FitResult second = GaussianMixtureFit.Fit(Rows, 2, 3, options with { Initial = first.Mixture });
        FitResult together = GaussianMixtureFit.Fit(Rows, 2, 3, options with { MaxIterations = 10 });
        Near(first.LogLikelihood, second.LogLikelihoodHistory[0], 1e-9 * Math.Abs(first.LogLikelihood));
        Assert.True(second.LogLikelihood >= first.LogLikelihood - 1e-9);
        Near(together.LogLikelihood, second.LogLikelihood, 1e-8 * Math.Abs(together.LogLikelihood));
    }

    [Fact]
    public void FitFromASphericalFitOnlyGains()
    {
        FitResult previous = GaussianMixtureFit.Fit(Rows, 2, 3, new FitOptions { CovarianceType = CovarianceType.Isotropic });
        foreach (CovarianceType type in new[] { CovarianceType.Diagonal, CovarianceType.Full })
        {
            FitResult next = GaussianMixtureFit.Fit(Rows, 2, 3, new FitOptions { CovarianceType = type, Initial = previous.Mixture });
            Near(previous.LogLikelihood, next.LogLikelihoodHistory[0], 1e-9 * Math.Abs(previous.LogLikelihood));
            Assert.True(next.LogLikelihood > previous.LogLikelihood);
            previous = next;
        }
    }

    // Points enough that sums are taken by parts and on several threads.
    [Theory]
    [MemberData(nameof(Types))]
    public void FitHasTheSameBitsForEveryNumberOfThreads(CovarianceType type)
    {
        double[] rows = FitData.ThreeGroups(12_000);
        var options = new FitOptions { CovarianceType = type, Restarts = 1, MaxIterations = 6 };
        FitResult one = GaussianMixtureFit.Fit(rows, 2, 4, options with { MaxThreads = 1 });
        foreach (int threads in new[] { 2, 5, -1 })
        {
            FitResult many = GaussianMixtureFit.Fit(rows, 2, 4, options with { MaxThreads = threads });
            Equal(one.Mixture, many.Mixture, 0);
            Assert.Equal(one.LogLikelihoodHistory, many.LogLikelihoodHistory);
        }
    }

    // Ten noisy prototypes in eleven dimensions, of which K components share a covariance: one outer product a point, whose sum is the pooled scatter.
    [Fact]
    public void FitTiedInManyDimensionsNeverLosesLikelihood()
    {
        double[] noise = FitData.Normals(11 * 600);
        double[] rows = [.. noise.Select((x, i) => x + 1.5 * Math.Sin(1 + i / 11 % 10 * 13 + i % 11 * 7))];
        FitResult fit = GaussianMixtureFit.Fit(rows, 11, 10, new FitOptions { CovarianceType = CovarianceType.Tied, Restarts = 2, MaxIterations = 50 });
        for (int i = 1; i < fit.LogLikelihoodHistory.Count; i++)
            Assert.True(fit.LogLikelihoodHistory[i] >= fit.LogLikelihoodHistory[i - 1] - 1e-8, $"step {i}");

        // Between components and within them the scatters add up to that of all points, at a fixed point of the weights and means.
        var settle = new FitOptions { CovarianceType = CovarianceType.Tied, Initial = fit.Mixture, MaxIterations = 2000, Tolerance = 1e-13 };
        Mixture mixture = GaussianMixtureFit.Fit(rows, 11, 10, settle).Mixture;
        double[] mean = [.. Enumerable.Range(0, 11).Select(j => Enumerable.Range(0, 600).Average(i => rows[i * 11 + j]))];
        for (int a = 0; a < 11; a++)
        {
            for (int b = 0; b < 11; b++)
            {
                double total = Enumerable.Range(0, 600).Average(i => (rows[i * 11 + a] - mean[a]) * (rows[i * 11 + b] - mean[b]));
                double between = Enumerable.Range(0, 10).Sum(k => mixture.Weights[k] * (mixture.Means[k][a] - mean[a]) * (mixture.Means[k][b] - mean[b]));
                Near(total, between + mixture.Covariances[0].Matrix[a * 11 + b], 1e-9);
            }
        }
    }

    private static void Equal(Mixture expected, Mixture actual, double tolerance)
    {
        for (int k = 0; k < expected.Count; k++)
        {
            Near(expected.Weights[k], actual.Weights[k], tolerance);
            for (int j = 0; j < expected.Dimension; j++) Near(expected.Means[k][j], actual.Means[k][j], tolerance);
            double[] ours = [.. expected.Covariances[k].Matrix], theirs = [.. actual.Covariances[k].Matrix];
            for (int m = 0; m < ours.Length; m++) Near(ours[m], theirs[m], tolerance);
        }
    }

    private static void Near(double expected, double actual, double tolerance)
        => Assert.True(Math.Abs(expected - actual) <= tolerance, $"{actual:R} is not {expected:R} within {tolerance:R}");
}
