namespace FlowDsl.Tests;

/// <summary>The covariance floor: relative to the data, and told where it acts.</summary>
public class GaussianMixtureFitScaleTests
{
    public static TheoryData<CovarianceType> Types => new(Enum.GetValues<CovarianceType>());

    private static readonly double[] Rows = FitData.ThreeGroups(240);

    [Theory]
    [MemberData(nameof(Types))]
    public void FitOfScaledPointsIsTheScaledFit(CovarianceType type)
    {
        var options = new FitOptions { CovarianceType = type, Restarts = 2, MaxIterations = 40 };
        FitResult plain = GaussianMixtureFit.Fit(Rows, 2, 3, options);
        // Powers of two leave every rounding as it is; 3e-4 does not.
        foreach (double factor in new[] { 1024.0, 1.0 / 4096, 3e-4, 7e5 })
        {
            double tolerance = double.IsPow2(factor) ? 0 : 1e-9;
            FitResult scaled = GaussianMixtureFit.Fit([.. Rows.Select(x => x * factor)], 2, 3, options);
            for (int k = 0; k < 3; k++)
            {
                Near(plain.Mixture.Weights[k], scaled.Mixture.Weights[k], tolerance);
                for (int j = 0; j < 2; j++) Near(plain.Mixture.Means[k][j], scaled.Mixture.Means[k][j] / factor, tolerance);
                for (int m = 0; m < 4; m++)
                    Near(plain.Mixture.Covariances[k].Matrix[m], scaled.Mixture.Covariances[k].Matrix[m] / factor / factor, tolerance);
            }
            // The density of c x is that of x divided by c^d.
            Near(plain.LogLikelihood - Rows.Length * Math.Log(factor), scaled.LogLikelihood, 1e-9);
        }
    }

    [Theory]
    [InlineData(CovarianceType.Full)]
    [InlineData(CovarianceType.Tied)]
    [InlineData(CovarianceType.Diagonal)]
    public void FitOfColumnsInOtherUnitsIsTheFitInThoseUnits(CovarianceType type)
    {
        var options = new FitOptions { CovarianceType = type, Restarts = 4 };
        double[] units = [1e-5, 60];
        FitResult plain = GaussianMixtureFit.Fit(Rows, 2, 3, options);
        FitResult other = GaussianMixtureFit.Fit([.. Rows.Select((x, i) => x * units[i % 2])], 2, 3, options);
        for (int k = 0; k < 3; k++)
        {
            for (int j = 0; j < 2; j++) Near(plain.Mixture.Means[k][j], other.Mixture.Means[k][j] / units[j], 1e-4);
            for (int m = 0; m < 4; m++)
                Near(plain.Mixture.Covariances[k].Matrix[m], other.Mixture.Covariances[k].Matrix[m] / units[m / 2] / units[m % 2], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitOfTinyPointsDoesNotEndAtTheOverallMean(CovarianceType type)
    {
        double[] points = [.. Enumerable.Range(0, 200).Select(i => 3e-4 * ((i % 2 == 0 ? -1 : 1) + 0.2 * Math.Sin(i)))];
        FitResult fit = GaussianMixtureFit.Fit(points, 1, 2, new FitOptions { CovarianceType = type });
        Assert.Equal(0, fit.ComponentsAtFloor);
        Near(-3e-4, fit.Mixture.Means[0][0], 1e-5);
        Near(3e-4, fit.Mixture.Means[1][0], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitWithTheFloorAboveTheDataSaysThatEveryAxisIsAtTheFloor(CovarianceType type)
    {
        FitResult fit = GaussianMixtureFit.Fit(Rows, 2, 2, new FitOptions { CovarianceType = type, CovarianceFloor = 1e6 });
        Assert.Equal<int>([2, 2], fit.AxesAtFloor);
        Assert.Equal(2, fit.ComponentsAtFloor);
        Assert.Contains("2 of 2 components at the covariance floor", fit.ToString());
    }

    // Three groups: one of the plane, one on a line, one point many times. Two, one and no axis are free.
    [Fact]
    public void FitCountsTheAxesAtTheFloorOfEachComponent()
    {
        double[] plane = FitData.Normals(2 * 80);
        double[] rows =
        [
            .. plane.Select((x, i) => i % 2 == 0 ? x - 100 : x),
            .. Enumerable.Range(0, 80).SelectMany(i => new[] { plane[2 * i], plane[2 * i] }),
            .. Enumerable.Range(0, 80).SelectMany(_ => new[] { 100.0, 0 }),
        ];
        FitResult fit = GaussianMixtureFit.Fit(rows, 2, 3, new FitOptions { CovarianceFloor = 1e-4, Seed = 1 });
        Assert.Equal<int>([0, 1, 2], fit.AxesAtFloor);
        for (int k = 0; k < 3; k++)
            Assert.Equal(fit.AxesAtFloor[k], fit.Mixture.Covariances[k].Variances.Count(v => Math.Abs(v - 1e-4) < 1e-9));
    }

    [Fact]
    public void FitRelativeFloorIsAShareOfEachColumnsVariance()
    {
        // A column of variance 1 beside a copy of it of variance 10^4: flat along one axis, and in units of the columns the floor's share is 10^-3.
        double[] column = FitData.Normals(100);
        double mean = column.Average(), variance = column.Average(x => (x - mean) * (x - mean));
        FitResult fit = GaussianMixtureFit.Fit([.. column.SelectMany(x => new[] { x, 100 * x })], 2, 1, new FitOptions { RelativeCovarianceFloor = 1e-3 });
        Assert.Equal<int>([1], fit.AxesAtFloor);
        // [[1, 1], [1, 1]] has the eigenvalues 2 and 0; raised to f it is [[1 + f/2, 1 - f/2], [1 - f/2, 1 + f/2]].
        double[] matrix = [.. fit.Mixture.Covariances[0].Matrix];
        Near(variance * (1 + 5e-4), matrix[0], 1e-9);
        Near(100 * variance * (1 - 5e-4), matrix[1], 1e-7);
        Near(1e4 * variance * (1 + 5e-4), matrix[3], 1e-5);
    }

    private static void Near(double expected, double actual, double tolerance)
        => Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{actual:R} is not {expected:R} within {tolerance:R}");
}
