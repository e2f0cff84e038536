using CsCheck;
using FlowDsl.Fitting;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

public class GaussianMixtureFitTests
{
    public static TheoryData<CovarianceType> Types => new(Enum.GetValues<CovarianceType>());

    // Components more than 10 standard deviations apart: every point's component is certain, so that the estimates are those of
    // the classified sample, whose standard errors are closed-form (Anderson, An Introduction to Multivariate Statistical
    // Analysis, chapter 3). One seed, fixed; of the about 20 comparisons at 5 standard errors a fresh seed would fail one in 10^5 times.
    [Theory]
    [MemberData(nameof(Types))]
    public void FitRecoversAWellSeparatedMixture(CovarianceType type)
    {
        const int n = 20_000;
        Covariance[] covariances = type switch
        {
            CovarianceType.Isotropic => [Covariance.Isotropic(2, 0.25), Covariance.Isotropic(2, 1), Covariance.Isotropic(2, 0.5)],
            CovarianceType.Diagonal => [Covariance.Diagonal([0.25, 1]), Covariance.Diagonal([1, 0.1]), Covariance.Diagonal([0.5, 0.5])],
            CovarianceType.Tied => [.. Enumerable.Repeat(Covariance.Full(2, [1, 0.6, 0.6, 0.5]), 3)],
            _ => [Covariance.Full(2, [1, 0.6, 0.6, 0.5]), Covariance.Full(2, [0.3, -0.2, -0.2, 0.9]), Covariance.Full(2, [1, 0, 0, 1])],
        };
        var truth = new Mixture([0.2, 0.3, 0.5], [[-20, 0], [0, 30], [15, -10]], covariances);
        double[] rows = Draw(truth, n, seed: 7);

        FitResult fit = GaussianMixtureFit.Fit(rows, 2, 3, new FitOptions { CovarianceType = type, Restarts = 3 });

        Assert.True(fit.Converged);
        for (int k = 0; k < 3; k++)
        {
            double weight = truth.Weights[k];
            Near(weight, fit.Mixture.Weights[k], 5 * Math.Sqrt(weight * (1 - weight) / n));
            double[] expected = [.. truth.Covariances[k].Matrix], actual = [.. fit.Mixture.Covariances[k].Matrix];
            for (int i = 0; i < 2; i++)
            {
                Near(truth.Means[k][i], fit.Mixture.Means[k][i], 5 * Math.Sqrt(expected[i * 2 + i] / (n * weight)));
                for (int j = 0; j < 2; j++)
                {
                    double entry = expected[i * 2 + j], variances = expected[i * 3] * expected[j * 3];
                    Near(entry, actual[i * 2 + j], 5 * Math.Sqrt((entry * entry + variances) / (n * weight)));
                }
            }
        }
        Assert.All(fit.Mixture.Covariances, c => Assert.Equal(type switch
        {
            CovarianceType.Isotropic => CovarianceType.Isotropic,
            CovarianceType.Diagonal => CovarianceType.Diagonal,
            _ => CovarianceType.Full,
        }, c.Type));

        // The maximum of the likelihood lies above the truth's by half a chi-squared of p degrees of freedom (Wilks): p/2 ± 5 deviations.
        double gain = fit.LogLikelihood - NaiveLogLikelihood(truth, rows);
        Assert.InRange(gain, 0, fit.ParameterCount / 2.0 + 5 * Math.Sqrt(fit.ParameterCount / 2.0));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitNeverLosesLikelihood(CovarianceType type)
    {
        Gen.Select(Points, Gen.Int[1, 4], Gen.OneOf(1e-3, 0.3, 5), Gen.ULong)
            .Where(drawn => drawn.Item1.DistinctBy(p => string.Join(' ', p)).Count() >= drawn.Item2)
            .Sample((points, count, floor, seed) =>
        {
            int d = points[0].Length;
            double[] rows = [.. points.SelectMany(p => p)];
            FitResult fit = GaussianMixtureFit.Fit(rows, d, count, new FitOptions
            {
                CovarianceType = type,
                CovarianceFloor = floor,
                Restarts = 2,
                Seed = seed,
                Tolerance = 0,
                MaxIterations = 60,
            });

            for (int i = 1; i < fit.LogLikelihoodHistory.Count; i++)
                Assert.True(fit.LogLikelihoodHistory[i] >= fit.LogLikelihoodHistory[i - 1] - 1e-10 * (1 + Math.Abs(fit.LogLikelihood)),
                    $"step {i}: {fit.LogLikelihoodHistory[i - 1]:R} -> {fit.LogLikelihoodHistory[i]:R}");
            Assert.Equal(fit.LogLikelihood, fit.LogLikelihoodHistory[^1]);
            Near(1, fit.Mixture.Weights.Sum(), 1e-12);
            Assert.True(fit.Mixture.MinVariance >= floor * (1 - 1e-9), $"the least variance is {fit.Mixture.MinVariance:R}");
            double naive = NaiveLogLikelihood(fit.Mixture, rows);
            Near(naive, fit.LogLikelihood, 1e-9 * (1 + Math.Abs(naive)));
        }, iter: 300);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitOneComponentIsTheSampleMeanAndCovariance(CovarianceType type)
    {
        Points.Where(points => points.Any(p => !p.SequenceEqual(points[0]))).Sample(points =>
        {
            int d = points[0].Length, n = points.Length;
            FitOptions options = new() { CovarianceType = type, CovarianceFloor = 1e-9, Restarts = 1 };
            FitResult fit = GaussianMixtureFit.Fit([.. points.SelectMany(p => p)], d, 1, options);
            double[] mean = [.. Enumerable.Range(0, d).Select(j => points.Average(p => p[j]))];
            double[] covariance = new double[d * d];
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) covariance[i * d + j] = points.Average(p => (p[i] - mean[i]) * (p[j] - mean[j]));
            double spherical = Enumerable.Range(0, d).Average(i => covariance[i * d + i]);

            Assert.True(fit.Converged);
            Assert.Equal<double>([1.0], fit.Mixture.Weights);
            for (int i = 0; i < d; i++)
            {
                Near(mean[i], fit.Mixture.Means[0][i], 1e-12);
                for (int j = 0; j < d; j++)
                {
                    double expected = type switch
                    {
                        CovarianceType.Isotropic => i == j ? spherical : 0,
                        CovarianceType.Diagonal => i == j ? covariance[i * d + i] : 0,
                        _ => covariance[i * d + j],
                    };
                    // Flat directions are raised to the floor.
                    Near(expected, fit.Mixture.Covariances[0].Matrix[i * d + j], 1e-10 + 1e-9);
                }
            }
        }, iter: 200);
    }

    [Fact]
    public void FitTiedIsThePooledCovariance()
    {
        Mixture two = new([0.4, 0.6], [[0, 0], [40, 0]], [Covariance.Full(2, [1, 0.5, 0.5, 1]), Covariance.Full(2, [2, -0.5, -0.5, 1])]);
        double[] rows = Draw(two, 500, seed: 3);
        FitResult fit = GaussianMixtureFit.Fit(rows, 2, 2, new FitOptions { CovarianceType = CovarianceType.Tied });

        double[] pooled = new double[4];
        foreach (IGrouping<bool, double[]> cluster in rows.Chunk(2).GroupBy(p => p[0] > 20))
            for (int m = 0; m < 4; m++)
                pooled[m] += cluster.Sum(p => (p[m / 2] - cluster.Average(q => q[m / 2])) * (p[m % 2] - cluster.Average(q => q[m % 2]))) / 500;
        Assert.Same(fit.Mixture.Covariances[0], fit.Mixture.Covariances[1]);
        for (int m = 0; m < 4; m++) Near(pooled[m], fit.Mixture.Covariances[0].Matrix[m], 1e-12);
        Assert.Contains("\"tied\"", MixtureJson.Write(fit.Mixture));
    }

    [Fact]
    public void FitOverlappingTiedIsAFixedPoint()
    {
        double[] rows = Draw(new Mixture([0.4, 0.6], [[0, 0], [3, 0]], [.. Enumerable.Repeat(Covariance.Full(2, [1, 0.5, 0.5, 1]), 2)]), 400, seed: 5);
        FitOptions options = new() { CovarianceType = CovarianceType.Tied, Tolerance = 1e-14, MaxIterations = 5000 };
        Mixture fitted = GaussianMixtureFit.Fit(rows, 2, 2, options).Mixture;
        double[] pooled = new double[4];
        foreach (double[] point in rows.Chunk(2))
        {
            double[] terms = [.. Enumerable.Range(0, 2).Select(k => fitted.Weights[k] * NaiveDensity([.. fitted.Means[k]], fitted.Covariances[k], point))];
            for (int k = 0; k < 2; k++)
                for (int m = 0; m < 4; m++)
                    pooled[m] += terms[k] / terms.Sum() * (point[m / 2] - fitted.Means[k][m / 2]) * (point[m % 2] - fitted.Means[k][m % 2]) / 400;
        }
        for (int m = 0; m < 4; m++) Near(pooled[m], fitted.Covariances[0].Matrix[m], 1e-6);
    }

    [Fact]
    public void FitComponentsAreOrderedByTheirMeans()
    {
        double[] rows = Draw(new Mixture([0.2, 0.3, 0.5], [[5, 0], [-5, 9], [-5, -9]], [.. Enumerable.Repeat(Covariance.Isotropic(2, 0.01), 3)]), 300, seed: 1);
        for (ulong seed = 0; seed < 5; seed++)
        {
            FitOptions options = new() { CovarianceType = CovarianceType.Isotropic, Restarts = 3, Seed = seed };
            Mixture mixture = GaussianMixtureFit.Fit(rows, 2, 3, options).Mixture;
            double[] means = [.. Enumerable.Range(0, 3).Select(k => mixture.Means[k][0])];
            Assert.True(means[0] < means[1] && means[1] < means[2]);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitIsDeterministic(CovarianceType type)
    {
        double[] rows = Draw(new Mixture([0.5, 0.5], [[0, 0], [2, 1]], [Covariance.Isotropic(2, 1), Covariance.Isotropic(2, 1)]), 100, seed: 2);
        var options = new FitOptions { CovarianceType = type, Seed = 42, MaxIterations = 50 };
        FitResult first = GaussianMixtureFit.Fit(rows, 2, 3, options), second = GaussianMixtureFit.Fit(rows, 2, 3, options);
        Assert.Equal(MixtureJson.Write(first.Mixture), MixtureJson.Write(second.Mixture));
        Assert.Equal(first.LogLikelihoodHistory, second.LogLikelihoodHistory);
    }

    [Fact]
    public void FitMoreRestartsAreNoWorse()
    {
        Mixture four = new([0.25, 0.25, 0.25, 0.25], [[0], [3], [6], [9]], [.. Enumerable.Repeat(Covariance.Isotropic(1, 0.5), 4)]);
        double[] rows = Draw(four, 200, seed: 4);
        double previous = double.NegativeInfinity;
        foreach (int restarts in new[] { 1, 3, 9 })
        {
            double logLikelihood = GaussianMixtureFit.Fit(rows, 1, 4, new FitOptions { Restarts = restarts, CovarianceFloor = 0.01 }).LogLikelihood;
            Assert.True(logLikelihood >= previous);
            previous = logLikelihood;
        }
    }

    [Fact]
    public void FitAFarOriginCostsNoDigits()
    {
        Mixture two = new([0.5, 0.5], [[0], [8]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 2)]);
        double[] rows = [.. Draw(two, 200, seed: 6).Select(x => Math.Round(x * 1024) / 1024)];
        FitResult near = GaussianMixtureFit.Fit(rows, 1, 2), far = GaussianMixtureFit.Fit([.. rows.Select(x => x + 1e9)], 1, 2);
        // The rows are exact at both places; what differs is the rounding of their centre, 1e-7.
        Near(near.LogLikelihood, far.LogLikelihood, 1e-9 * Math.Abs(near.LogLikelihood));
        for (int k = 0; k < 2; k++) Near(near.Mixture.Means[k][0], far.Mixture.Means[k][0] - 1e9, 1e-6);
    }

    [Theory]
    [InlineData(CovarianceType.Full, 2 + 6 + 9)]
    [InlineData(CovarianceType.Tied, 2 + 6 + 3)]
    [InlineData(CovarianceType.Diagonal, 2 + 6 + 6)]
    [InlineData(CovarianceType.Isotropic, 2 + 6 + 3)]
    public void FitCountsParametersForTheCriteria(CovarianceType type, int parameters)
    {
        double[] rows = Draw(new Mixture([1], [[0, 0]], [Covariance.Isotropic(2, 1)]), 60, seed: 8);
        FitResult fit = GaussianMixtureFit.Fit(rows, 2, 3, new FitOptions { CovarianceType = type, Restarts = 1, MaxIterations = 5 });
        Assert.Equal(parameters, fit.ParameterCount);
        Near(parameters * Math.Log(60) - 2 * fit.LogLikelihood, fit.Bic, 1e-9);
        Near(2 * parameters - 2 * fit.LogLikelihood, fit.Aic, 1e-9);
        Near(fit.LogLikelihood / 60, fit.MeanLogLikelihood, 1e-12);
        Assert.Equal(60, fit.PointCount);
        Assert.Equal(fit.Iterations + 1, fit.LogLikelihoodHistory.Count);
    }

    [Fact]
    public void FitTooFewIterationsHasNotConverged()
    {
        double[] rows = Draw(new Mixture([0.5, 0.5], [[0], [2]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1)]), 100, seed: 9);
        FitResult fit = GaussianMixtureFit.Fit(rows, 1, 2, new FitOptions { MaxIterations = 3 });
        Assert.False(fit.Converged);
        Assert.Equal(3, fit.Iterations);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitAsManyComponentsAsPointsIsBounded(CovarianceType type)
    {
        FitResult fit = GaussianMixtureFit.Fit([0, 0, 1, 5, 9, 2, 4, 4], 2, 4, new FitOptions { CovarianceType = type, CovarianceFloor = 0.5 });
        Assert.True(double.IsFinite(fit.LogLikelihood));
        Assert.True(fit.Mixture.MinVariance >= 0.5 * (1 - 1e-12));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FitManyCoincidentPoints(CovarianceType type)
    {
        double[] rows = [.. Enumerable.Range(0, 60).SelectMany(i => new double[] { i % 3, i % 3 == 1 ? 1 : 0 })];
        FitResult fit = GaussianMixtureFit.Fit(rows, 2, 3, new FitOptions { CovarianceType = type, CovarianceFloor = 1e-4 });
        Assert.All(fit.Mixture.Weights, w => Near(1.0 / 3, w, 1e-9));
        // A third of the points on each of three means, at the floor: log 1/3 - log 2π·1e-4 each.
        Near(60 * (Math.Log(1.0 / 3) - Math.Log(2 * Math.PI * 1e-4)), fit.LogLikelihood, 1e-6);
    }

    [Fact]
    public void FitIdenticalPointsTakeTheFloor()
    {
        FitResult fit = GaussianMixtureFit.Fit([0.1, 7, 0.1, 7, 0.1, 7], 2, 1, new FitOptions { CovarianceFloor = 0.25 });
        Assert.Equal<double>([0.1, 7], fit.Mixture.Means[0]);
        Assert.Equal<double>([0.25, 0, 0, 0.25], fit.Mixture.Covariances[0].Matrix);
    }

    [Fact]
    public void RunReseedsAComponentThatLostItsPoints()
    {
        double[] points = [-3, -2.5, -2, -3.1, 2, 2.5, 3, 2.2];
        var machine = new ExpectationMaximization(points, 1, 2, CovarianceType.Full, 1e-3);
        Assert.True(machine.Start([0.5, 0.5], [[0], [1e6]], [[4], [1]]));
        Assert.True(machine.Run(200, 1e-12, null, CancellationToken.None));
        Assert.True(machine.Converged);
        Near(0.5, machine.Weights[0], 1e-3);
        Near(5.1, Math.Abs(machine.Means[0][0] - machine.Means[1][0]), 0.05);
        Assert.True(machine.History.Count <= machine.Iterations);
        for (int i = 1; i < machine.History.Count; i++) Assert.True(machine.History[i] >= machine.History[i - 1] - 1e-12);
    }

    [Fact]
    public void FitReportsProgress()
    {
        double[] rows = Draw(new Mixture([0.5, 0.5], [[0], [6]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1)]), 100, seed: 10);
        var reports = new List<FitProgress>();
        FitResult fit = GaussianMixtureFit.Fit(rows, 1, 2, new FitOptions { Restarts = 3 }, new Reports(reports.Add));
        Assert.Equal([0, 1, 2], reports.Select(r => r.Restart).Distinct());
        Assert.All(reports, r => Assert.Equal(3, r.Restarts));
        Assert.All(reports, r => Assert.True(r.BestLogLikelihood >= r.LogLikelihood));
        Assert.Equal(fit.LogLikelihood, reports[^1].BestLogLikelihood);
        Assert.Equal(0, reports[0].Iteration);
    }

    [Fact]
    public void FitCancelledThrows()
    {
        double[] rows = Draw(new Mixture([0.5, 0.5], [[0], [2]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1)]), 100, seed: 11);
        Assert.ThrowsAny<OperationCanceledException>(() => GaussianMixtureFit.Fit(rows, 1, 2, cancellationToken: new CancellationToken(true)));

        using var source = new CancellationTokenSource();
        int reported = 0;
        var progress = new Reports(r =>
        {
            reported++;
            if (r.Iteration == 2) source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => GaussianMixtureFit.Fit(rows, 1, 2, progress: progress, cancellationToken: source.Token));
        Assert.Equal(3, reported);
    }

    // Columns: the rows, d, K, the options, a part of the message.
    public static TheoryData<double[], int, int, FitOptions?, string> Invalid => new()
    {
        { [1, 2, 3], 2, 1, null, "3 values, which is not a multiple of the dimension 2" },
        { [1, 2], 0, 1, null, "The dimension is 0; it must be at least 1" },
        { [1, 2], 1, 0, null, "The number of components is 0; it must be at least 1" },
        { [1, 2, 3, double.NaN, 5, 6], 2, 1, null, "row 1, column 1 is NaN; every value must be finite" },
        { [1, 2, double.PositiveInfinity, 4], 2, 1, null, "row 1, column 0 is " },
        { [], 1, 1, null, "There are 0 points; 1 components need at least 1" },
        { [1, 2], 2, 2, null, "There is 1 point; 2 components need at least 2" },
        { [1, 2, 1, 2, 1, 2], 1, 3, null, "The 6 points have only 2 distinct values; 3 components need at least 3" },
        { [1, 1, 1], 1, 2, null, "The 3 points have only 1 distinct value; 2 components need at least 2" },
        { [3, 4, 3, 4], 2, 1, new FitOptions { CovarianceFloor = 0 }, "All points are identical, so the likelihood has no maximum while CovarianceFloor is 0" },
        { [3, 4, 5, 4, 6, 4], 2, 1, new FitOptions { CovarianceFloor = 0, CovarianceType = CovarianceType.Diagonal }, "Column 1 is constant" },
        { [1, 1, 2, 2, 3, 3, 5, 5], 2, 1, new FitOptions { CovarianceFloor = 0 }, "CovarianceFloor is 0, in squared units of the data; raise it" },
        { [1, 1, 2, 2, 3, 3, 5, 5], 2, 1, new FitOptions { RelativeCovarianceFloor = 0 }, "RelativeCovarianceFloor is 0; raise it" },
        { [3, 4, 3, 4], 2, 1, null, "All points are identical, so that they have no scale; set CovarianceFloor" },
        { [0, 1e-200], 1, 1, null, "The values of column 0 differ by less than 1e-50" },
        { [0, 1], 1, 2, new FitOptions { CovarianceFloor = 0, CovarianceType = CovarianceType.Isotropic },
            "In each of the 10 restarts a covariance became singular" },
        { [1e200, -1e200], 1, 1, null, "row 0, column 0 is 1E+200; it must be at most 1e50 in size: use other units" },
        { [1e-160, 2e-160, 4e-160], 1, 1, new FitOptions { CovarianceFloor = 0 }, "The values of column 0 differ by less than 1e-50" },
        { [1, 1e-170, 2, 3e-170, 4, 2e-170], 2, 1, new FitOptions { CovarianceFloor = 0 }, "The values of column 1 differ by less than 1e-50" },
        { [1, 2], 1, 1, new FitOptions { CovarianceFloor = -1 }, "FitOptions.CovarianceFloor is -1; it must be finite and at least 0" },
        { [1, 2], 1, 1, new FitOptions { CovarianceFloor = double.NaN }, "FitOptions.CovarianceFloor is NaN" },
        { [1, 2], 1, 1, new FitOptions { RelativeCovarianceFloor = 2 }, "FitOptions.RelativeCovarianceFloor is 2; it must be between 0 and 1" },
        { [1, 2], 1, 1, new FitOptions { MaxThreads = 0 }, "FitOptions.MaxThreads is 0; it must be at least 1, or -1" },
        { [1, 2], 1, 1, new FitOptions { Initial = One(2) }, "FitOptions.Initial has 1 component in 2 dimensions; it must have 1 in 1" },
        { [1, 2], 1, 1, new FitOptions { Tolerance = double.NaN }, "FitOptions.Tolerance is NaN" },
        { [1, 2], 1, 1, new FitOptions { MaxIterations = 0 }, "FitOptions.MaxIterations is 0; it must be at least 1" },
        { [1, 2], 1, 1, new FitOptions { Restarts = 0 }, "FitOptions.Restarts is 0; it must be at least 1" },
        { [1, 2], 1, 1, new FitOptions { CovarianceType = (CovarianceType)9 }, "FitOptions.CovarianceType is 9; it must be Full, Tied, Diagonal or Isotropic" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void FitInvalidNamesTheProblem(double[] rows, int dimension, int count, FitOptions? options, string problem)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(() => GaussianMixtureFit.Fit(rows, dimension, count, options));
        Assert.Contains(problem, exception.Message);
        Assert.NotNull(exception.ParamName);
    }

    private static Mixture One(int d) => new([1], [new double[d]], [Covariance.Isotropic(d, 1)]);

    private sealed class Reports(Action<FitProgress> action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => action(value);
    }

    // Up to 40 points of up to 3 coordinates on a coarse lattice, so that coincident, collinear and coplanar points are common.
    private static readonly Gen<double[][]> Points =
        from d in Gen.Int[1, 3]
        from n in Gen.Int[2, 40]
        from points in Gen.Int[-6, 6].Select(i => 0.5 * i).Array[d].Array[n]
        select points;

    private static double[] Draw(Mixture mixture, int n, int seed)
    {
        var random = new Random(seed);
        int d = mixture.Dimension;
        double[] rows = new double[n * d];
        for (int i = 0; i < n; i++)
        {
            double u = random.NextDouble();
            int k = 0;
            while (k < mixture.Count - 1 && (u -= mixture.Weights[k]) >= 0) k++;
            double[] factor = SymmetricMatrix.Cholesky([.. mixture.Covariances[k].Matrix], d);
            double[] normal =
                [.. Enumerable.Range(0, d).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
            for (int a = 0; a < d; a++)
                rows[i * d + a] = mixture.Means[k][a] + Enumerable.Range(0, a + 1).Sum(b => factor[a * d + b] * normal[b]);
        }
        return rows;
    }

    private static double NaiveLogLikelihood(Mixture mixture, double[] rows)
        => rows.Chunk(mixture.Dimension).Sum(point => Math.Log(
            Enumerable.Range(0, mixture.Count).Sum(k => mixture.Weights[k] * NaiveDensity([.. mixture.Means[k]], mixture.Covariances[k], point))));

    // The textbook formula by Gaussian elimination of [Σ | x - μ], sharing nothing with the code under test.
    private static double NaiveDensity(double[] mean, Covariance covariance, double[] point)
    {
        int d = mean.Length;
        double[,] a = new double[d, d + 1];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++) a[i, j] = covariance.Matrix[i * d + j];
            a[i, d] = point[i] - mean[i];
        }
        double determinant = 1;
        for (int i = 0; i < d; i++)
        {
            determinant *= a[i, i];
            for (int r = 0; r < d; r++)
            {
                if (r == i) continue;
                double factor = a[r, i] / a[i, i];
                for (int j = i; j <= d; j++) a[r, j] -= factor * a[i, j];
            }
        }
        double squared = 0;
        for (int i = 0; i < d; i++) squared += (point[i] - mean[i]) * a[i, d] / a[i, i];
        return Math.Exp(-squared / 2) / Math.Sqrt(Math.Pow(2 * Math.PI, d) * determinant);
    }

    private static void Near(double expected, double actual, double tolerance)
        => Assert.True(Math.Abs(expected - actual) <= tolerance, $"{actual:R} is not {expected:R} within {tolerance:R}");
}
