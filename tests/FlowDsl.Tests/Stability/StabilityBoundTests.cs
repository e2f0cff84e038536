using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Tests;

/// <summary>The bounds of ‖∇v‖ hold wherever they are finite, for mixtures of every class; where none exists they say so.</summary>
public class StabilityBoundTests
{
    private enum Class
    {
        SharedIsotropic,
        SharedDiagonal,
        SharedFull,
        UnequalIsotropic,
        OrderedDiagonal,
        OrderedFull,
        PartlyEqual,
        OutweighedDiagonal,
        OutweighedFull,
    }

    public static TheoryData<string> Classes => new(Enum.GetNames<Class>());

    [Theory]
    [MemberData(nameof(Classes))]
    public void GlobalBoundHolds(string name)
    {
        Class kind = Enum.Parse<Class>(name);
        double tightest = double.PositiveInfinity;
        for (int seed = 0; seed < 8; seed++)
        {
            var random = new Random(1000 * (int)kind + seed);
            Mixture mixture = Draw(kind, random);
            foreach (Process process in Models.Processes())
            {
                var model = new GaussianMixtureModel(mixture, process);
                Assert.Null(model.Stability.Crossing);
                foreach (double share in new[] { 0, 0.3, 0.6, 1 })
                {
                    double t = process.EarlyStop * Math.Pow(process.Horizon / process.EarlyStop, share);
                    double lipschitz = model.StabilityBound(t), oneSided = model.Stability.OneSidedBound(t);
                    Assert.True(double.IsFinite(lipschitz), $"{kind} {seed} {process.Description} t = {t}: {lipschitz}");
                    (double norm, double greatest) = Worst(model, t, random);
                    Assert.True(norm <= lipschitz * (1 + 1e-12), $"{kind} {seed} {process.Description} t = {t}: ‖∇v‖ = {norm:R} > {lipschitz:R}");
                    Assert.True(greatest <= oneSided + 1e-12 * lipschitz, $"{kind} {seed} {process.Description} t = {t}: λ(-∇v) = {greatest:R} > {oneSided:R}");
                    tightest = Math.Min(tightest, lipschitz / norm);
                }
            }
        }
        // The search finds points that come near the bound, else it could not tell a bound that is too small.
        Assert.InRange(tightest, 1 - 1e-12, kind is Class.SharedIsotropic or Class.SharedDiagonal or Class.SharedFull ? 1.05 : 2);
    }

    [Fact]
    public void RegionalBoundHoldsInItsRegion()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            // Any covariances, crossing or not.
            int d = random.Next(1, 4);
            Mixture mixture = new(
                [0.3, 0.5, 0.2],
                [.. Enumerable.Range(0, 3).Select(_ => Vector(random, d, 1.5))],
                [.. Enumerable.Range(0, 3).Select(_ => random.Next(2) == 0
                    ? Full(random, d, 0.05, 1) : Covariance.Diagonal([.. Vector(random, d, 1).Select(v => 0.02 + v * v)]))]);
            foreach (Process process in Models.Processes())
            {
                var model = new GaussianMixtureModel(mixture, process);
                foreach (double share in new[] { 0, 0.4, 0.8, 1 })
                {
                    double t = process.EarlyStop * Math.Pow(process.Horizon / process.EarlyStop, share);
                    double bound = model.Stability.RegionalLipschitzBound(t), radius = 0;
                    Assert.True(double.IsFinite(bound));
                    // The radius that the concentration of Gaussian norms gives: √d + √(2 log 1000) standard deviations.
                    ProcessPoint point = process.At(t);
                    for (int k = 0; k < 3; k++)
                    {
                        double distance = point.A * Math.Sqrt(mixture.Means[k].Sum(v => v * v));
                        radius = Math.Max(radius, distance + Math.Sqrt(point.Spread(mixture.Covariances[k].MaxVariance)) * (Math.Sqrt(d) + 3.7169));
                    }
                    for (int i = 0; i < 60; i++)
                    {
                        double[] x = Vector(random, d, 1);
                        double norm = Math.Sqrt(x.Sum(v => v * v)), r = radius * (i % 3 == 0 ? 1 : Math.Pow(random.NextDouble(), 1.0 / d)) / norm;
                        for (int j = 0; j < d; j++) x[j] *= r;
                        Assert.True(Norm(model, t, x) <= bound * (1 + 1e-12), $"seed {seed} {process.Description} t = {t}");
                    }
                }
            }
        }
    }

    /// <summary>Nearly equal covariances: the components balance far away, where log(r_i/r_j) is in the thousands at its top.</summary>
    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    [InlineData(1e-9)]
    public void NearlyEqualVariancesAreBoundedFarOut(double gap)
    {
        Mixture mixture = Models.Isotropic([0.5, 0.5], [[0.0], [4.0]], 0.09, 0.09 * (1 + gap));
        var model = new GaussianMixtureModel(mixture, Models.Ou());
        var equal = new GaussianMixtureModel(Models.Isotropic([0.5, 0.5], [[0.0], [4.0]], 0.09), Models.Ou());
        foreach (double t in new[] { 1e-3, 0.1, 1 })
        {
            // log r_0/r_1 = -½ x²/narrow + ½ (x - 4a)²/wide - ½ log(narrow/wide) is 0 at two points, p x² - 2b x - c = 0:
            // between the means, and far out on the other side of the narrow one.
            double a = Math.Exp(-t), s2 = 1 - a * a, narrow = a * a * 0.09 + s2, wide = a * a * 0.09 * (1 + gap) + s2;
            double p = 1 / narrow - 1 / wide, b = -4 * a / wide, c = 16 * a * a / wide - Math.Log(narrow / wide);
            double far = (b - Math.Sqrt(b * b + p * c)) / p, inner = 0.5 * far, outer = 2 * far;
            double[] r = new double[2];
            // p cancels for small gaps; the responsibilities do not.
            for (int i = 0; i < 100; i++)
            {
                model.Responsibilities(t, [far = 0.5 * (inner + outer)], r);
                if (r[0] > r[1]) inner = far;
                else outer = far;
            }
            double norm = Norm(model, t, [far]), bound = model.StabilityBound(t);
            Assert.True(norm <= bound, $"t = {t}: {norm} > {bound}");
            Assert.InRange(bound / norm, 1, 1.2);
            // Between the means it is as for equal variances.
            Assert.True(bound >= 0.98 * equal.StabilityBound(t));
        }
    }

    [Fact]
    public void CrossingCovariancesHaveNone()
    {
        Process process = Models.Ou();
        var stability = new StabilityProfile(Models.Crossing(), process);
        Assert.Equal((0, 1), stability.Crossing);
        foreach (double t in new[] { 0.0, 1e-3, 0.05, 3 })
        {
            Assert.Equal(double.PositiveInfinity, stability.LipschitzBound(t));
            Assert.Equal(double.PositiveInfinity, stability.OneSidedBound(t));
            Assert.True(double.IsFinite(stability.RegionalLipschitzBound(t)));
        }

        // On the surface of equal responsibilities λ_max(-∇v) grows like ¼|(C_0⁻¹ - C_1⁻¹)x|²: it is there at |x| = 100 already.
        var model = new GaussianMixtureModel(Models.Crossing(), process);
        double a2 = Math.Exp(-0.1), c0 = a2 * 0.05 + 1 - a2, c1 = a2 * 0.6 + 1 - a2;
        double previous = 0;
        foreach (double scale in new[] { 1.0, 10, 100 })
        {
            // Symmetric under swapping the coordinates up to the sign of the means; the surface is near the diagonal.
            double low = 0.5 * scale, high = 1.5 * scale;
            double[] r = new double[2];
            for (int i = 0; i < 200; i++)
            {
                double middle = 0.5 * (low + high);
                model.Responsibilities(0.05, [middle, scale], r);
                if (r[0] > r[1]) low = middle;
                else high = middle;
            }
            double norm = Norm(model, 0.05, [low, scale]), formula = 0.25 * Math.Pow(1 / c0 - 1 / c1, 2) * (low * low + scale * scale);
            Assert.True(norm > previous);
            previous = norm;
            if (scale >= 10) Assert.InRange(norm / formula, 0.8, 1.3);
        }
    }

    [Fact]
    public void CrossingNamesThePair()
    {
        Covariance small = Covariance.Isotropic(2, 0.1), first = Covariance.Diagonal([0.5, 0.2]), second = Covariance.Diagonal([0.2, 0.5]);
        double[][] means = [[0, 0], [1, 0], [0, 1], [1, 1]];
        Assert.Equal((1, 3), Of(small, first, small, second));
        Assert.Equal((0, 2), Of(second, small, first, second));
        Assert.Null(Of(small, first, small, first));
        // Full covariances that differ by a rotation cross.
        Assert.Equal((1, 2), Of(small, Covariance.Full(2, [0.4, 0.1, 0.1, 0.3]), Covariance.Full(2, [0.4, -0.1, -0.1, 0.3]), small));
        // A singular difference is no definite one: v is unbounded along its kernel.
        Assert.Equal((0, 1), Of(first, Covariance.Diagonal([0.5, 0.3]), first, first));
        Covariance rankOne = Covariance.Full(2, [0.1 + 0.3 * 0.3, 0.3 * 0.7, 0.3 * 0.7, 0.1 + 0.7 * 0.7]);
        Assert.Equal((0, 1), Of(small, rankOne, small, small));

        (int, int)? Of(params Covariance[] covariances)
            => new StabilityProfile(new Mixture([0.25, 0.25, 0.25, 0.25], means, covariances), Models.Ou()).Crossing;
    }

    [Fact]
    public void AWiderComponentLiftsTheCrossing()
    {
        var stability = new StabilityProfile(Models.CrossingInWider(), Models.Ou());
        Assert.Null(stability.Crossing);
        Assert.True(double.IsFinite(stability.LipschitzBound(1e-3)));
        // Wider than one of the two is enough: the pair vanishes where either is outweighed.
        var oneOfTwo = new StabilityProfile(
            new Mixture(
                [0.3, 0.5, 0.2], [[1, 0], [-1, 0], [0.2, 0.3]],
                [Covariance.Diagonal([0.05, 0.6]), Covariance.Diagonal([0.6, 0.05]), Covariance.Diagonal([0.3, 0.9])]),
            Models.Ou());
        // The third is wider than the first but crosses the second, which nothing outweighs on their own surface.
        Assert.Equal((1, 2), oneOfTwo.Crossing);
    }

    [Fact]
    public void NothingStretchesWithoutNoiseOrSignal()
    {
        foreach (Mixture mixture in new[] { Models.Crossing(), Models.CrossingInWider(), Models.OrderedFull(), Models.Two(0.04) })
        {
            // v = 0 for VE at t = 0; ∇v = -I for the linear interpolant at t = 0 and I at t = 1.
            Assert.Equal(0, new StabilityProfile(mixture, new VarianceExplodingProcess(0, 80)).LipschitzBound(0));
            Assert.Equal(1, new StabilityProfile(mixture, new LinearInterpolantProcess(0)).LipschitzBound(0), 1e-15);
            Assert.Equal(1, new StabilityProfile(mixture, new LinearInterpolantProcess(0)).LipschitzBound(1), 1e-15);
        }
    }

    private static Mixture Draw(Class kind, Random random)
    {
        bool isOutweighed = kind is Class.OutweighedDiagonal or Class.OutweighedFull;
        int d = isOutweighed ? random.Next(2, 4) : random.Next(1, 4), count = isOutweighed ? 3 : random.Next(2, 5);
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.1 + random.NextDouble())];
        double total = weights.Sum();
        for (int k = 0; k < count; k++) weights[k] /= total;
        double[][] means = [.. Enumerable.Range(0, count).Select(_ => Vector(random, d, 1.2))];
        double least = 0.02 + 0.5 * random.NextDouble();
        double[] axes = [.. Enumerable.Range(0, d).Select(_ => 0.02 + random.NextDouble())];
        Covariance full = Full(random, d, 0.02, 1), other = Full(random, d, 0.02, 1);
        double[] mirrored = [.. axes.Reverse()];
        return new Mixture(weights, means, [.. Enumerable.Range(0, count).Select(k => kind switch
        {
            Class.SharedIsotropic => Covariance.Isotropic(d, least),
            Class.SharedDiagonal => Covariance.Diagonal(axes),
            Class.SharedFull => full,
            Class.UnequalIsotropic => Covariance.Isotropic(d, least * (1 + k)),
            Class.OrderedDiagonal => Covariance.Diagonal([.. axes.Select((v, j) => v * (1 + 0.3 * k) + 0.01 * j * k)]),
            Class.OrderedFull => Covariance.Full(d, Plus([.. full.Matrix], d, 0.4 * k, 0.05 * k)),
            Class.PartlyEqual => Covariance.Full(d, Plus([.. full.Matrix], d, 0, 0.2 * (k / 2))),
            Class.OutweighedDiagonal => k == 0 ? Covariance.Diagonal(axes) : k == 1 ? Covariance.Diagonal(mirrored) : Covariance.Isotropic(d, 1.3),
            _ => k == 0 ? full : k == 1 ? other : Covariance.Isotropic(d, 20),
        })]);
    }

    private static double[] Plus(double[] matrix, int d, double share, double diagonal)
    {
        double[] result = [.. matrix.Select(v => v * (1 + share))];
        for (int j = 0; j < d; j++) result[j * d + j] += diagonal;
        return result;
    }

    /// <summary>A random positive definite matrix with eigenvalues of at least <paramref name="least"/>.</summary>
    private static Covariance Full(Random random, int d, double least, double scale)
    {
        double[] root = Vector(random, d * d, scale / Math.Sqrt(d)), matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                for (int l = 0; l < d; l++) matrix[i * d + j] += root[i * d + l] * root[j * d + l] + (i == j && l == 0 ? least : 0);
        return Covariance.Full(d, matrix);
    }

    private static double[] Vector(Random random, int n, double scale)
    {
        double[] vector = new double[n];
        for (int i = 0; i < n; i++)
            vector[i] = scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return vector;
    }

    /// <summary>The greatest ‖∇v‖ and λ(-∇v) that a search finds: points where two components balance, far and near, improved by random moves.</summary>
    private static (double Norm, double Greatest) Worst(GaussianMixtureModel model, double t, Random random)
    {
        Mixture mixture = model.Mixture;
        int d = mixture.Dimension;
        ProcessPoint point = model.Process.At(t);
        double norm = 0, greatest = double.NegativeInfinity;
        double[] best = new double[d], responsibilities = new double[mixture.Count];
        for (int trial = 0; trial < 24; trial++)
        {
            int i = random.Next(mixture.Count), j = (i + 1 + random.Next(mixture.Count - 1)) % mixture.Count;
            double reach = Math.Pow(10, random.NextDouble() * 2 - 1);
            double[] from = Around(i), to = Around(j), x = new double[d];
            for (int step = 0; step < 40; step++)
            {
                for (int c = 0; c < d; c++) x[c] = 0.5 * (from[c] + to[c]);
                model.Responsibilities(t, x, responsibilities);
                (responsibilities[i] > responsibilities[j] ? x : from).CopyTo(from, 0);
                if (responsibilities[i] <= responsibilities[j]) x.CopyTo(to, 0);
            }
            Try(x);

            double[] Around(int k)
            {
                double[] start = Vector(random, d, reach * Math.Sqrt(point.Spread(mixture.Covariances[k].MaxVariance)));
                for (int c = 0; c < d; c++) start[c] += point.A * mixture.Means[k][c];
                return start;
            }
        }
        double size = Math.Sqrt(point.Spread(mixture.MinVariance));
        for (int move = 0; move < 40; move++)
        {
            double[] x = Vector(random, d, size * Math.Pow(0.8, move));
            for (int c = 0; c < d; c++) x[c] += best[c];
            Try(x);
        }
        return (norm, greatest);

        void Try(double[] x)
        {
            double[] eigenvalues = Models.JacobianEigenvalues(model, t, x);
            double value = Math.Max(Math.Abs(eigenvalues[0]), Math.Abs(eigenvalues[^1]));
            greatest = Math.Max(greatest, -eigenvalues[0]);
            if (value <= norm) return;
            norm = value;
            x.CopyTo(best, 0);
        }
    }

    private static double Norm(GaussianMixtureModel model, double t, double[] x)
    {
        double[] eigenvalues = Models.JacobianEigenvalues(model, t, x);
        return Math.Max(Math.Abs(eigenvalues[0]), Math.Abs(eigenvalues[^1]));
    }
}
