using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Tests;

[Trait("Hardware", "Any")]
public class LipschitzMismatchTests
{
    private static readonly OrnsteinUhlenbeckProcess s_process = new();

    private static readonly Lazy<LipschitzMismatch> s_ring = new(() => Between(Ring()));

    // Relative mean squared errors of the best maps of Lipschitz constant 1, 2, 4, 8, 16 and 64, from bounded regression on a fine grid by another program;
    // its grid leaves a few per cent where M is large. The constants are e^Λ for equal weights, Λ = ½ log(λ_0/λ_T) + ½ (a_0² - a_T²)/(λ_0 λ_T), λ = a²σ² + s².
    [Theory]
    [InlineData(0.25, 0.5, 3.64604, new[] { 5.3e-2, 1.5e-3, 0, 0, 0, 0 })]
    [InlineData(0.04, 0.5, 30276.4, new[] { 1.4e-1, 4.7e-2, 1.6e-2, 5.6e-3, 1.9e-3, 2.2e-4 })]
    [InlineData(0.04, 0.9, 22811, new[] { 5.2e-2, 1.8e-2, 6.4e-3, 2.2e-3, 7.6e-4, 8.8e-5 })]
    [InlineData(0.0025, 0.5, 1.1475e47, new[] { 2.1e-1, 9.9e-2, 4.6e-2, 2.1e-2, 9.9e-3, 2.1e-3 })]
    public void OnTheLineIsTheBestFit(double variance, double weight, double lipschitz, double[] floors)
    {
        LipschitzMismatch mismatch = Between(Two(variance, weight));
        Assert.True(mismatch.IsExact);
        Assert.Equal(1, mismatch.Lipschitz / lipschitz, 3e-5);
        double[] constants = [1, 2, 4, 8, 16, 64];
        for (int i = 0; i < constants.Length; i++)
            Assert.True(Math.Abs(mismatch.Floor(constants[i]) - floors[i]) <= (i == 5 ? 0.06 : 0.03) * floors[i],
                $"M = {constants[i]}: {mismatch.Floor(constants[i])}");
    }

    // For mirrored components the reflection couples the worst pairs: inf E|f - g|² = E(|g| - M|x|)₊², here by the midpoint rule over exact quantiles, in
    // u with x = 8u³: great constants only leave what is next to 0.
    [Theory]
    [InlineData(0.25)]
    [InlineData(0.04)]
    [InlineData(0.0025)]
    public void OnTheLineIsBelowAndNearTheReflectionsBound(double variance)
    {
        LipschitzMismatch mismatch = Between(Two(variance, 0.5));
        var map = new QuantileMap([0.5, 0.5], [-1, 1], [variance, variance]);
        ProcessPoint from = s_process.At(3), to = s_process.At(1e-3);
        const int Steps = 1500;
        double[] constants = [1, 1.5, 2, 8, 32], sums = new double[constants.Length];
        for (int step = 0; step < Steps; step++)
        {
            double u = (step + 0.5) / Steps, x = 8 * u * u * u, width = 24 * u * u / Steps;
            double spread = from.Spread(variance), density = 0;
            foreach (double mean in new[] { -from.A, from.A })
                density += 0.5 * Math.Exp(-0.5 * (x - mean) * (x - mean) / spread) / Math.Sqrt(2 * Math.PI * spread);
            double g = map.Map(from.A, from.S2, to.A, to.S2, x);
            for (int i = 0; i < constants.Length; i++) sums[i] += 2 * width * density * Math.Pow(Math.Max(0, g - constants[i] * x), 2);
        }
        double meanSquare = to.A * to.A + to.Spread(variance);
        for (int i = 0; i < constants.Length; i++)
        {
            double truth = sums[i] / meanSquare, floor = mismatch.Floor(constants[i]);
            Assert.True(floor <= truth * (1 + 1e-4) + 1e-9 && floor >= 0.985 * truth - 1e-9, $"M = {constants[i]}: {floor}, not {truth}");
        }
    }

    [Fact]
    public void MirroredModesInManyCoordinatesAreALine()
    {
        double[] mean = [0.1, -0.7, 0.5, 0.2, 0.4583];
        double length = Math.Sqrt(mean.Sum(value => value * value));
        Covariance covariance = Covariance.Isotropic(5, 0.04);
        LipschitzMismatch mismatch = Between(new Mixture([0.5, 0.5], [mean, [.. mean.Select(value => -value)]], [covariance, covariance]));
        LipschitzMismatch line = Between(new Mixture([0.5, 0.5], [[length], [-length]], [Covariance.Isotropic(1, 0.04), Covariance.Isotropic(1, 0.04)]));
        double a2 = Math.Exp(-2e-3), spread = a2 * 0.04 + 1 - a2, share = (a2 * length * length + spread) / (a2 * length * length + 5 * spread);
        Assert.True(mismatch.IsExact);
        Assert.Equal(1, mismatch.Lipschitz / line.Lipschitz, 1e-9);
        Assert.Equal(1, mismatch.Floor(2) / (line.Floor(2) * share), 1e-9);
    }

    // One Gaussian: x ↦ c x with c = √(λ_0/λ_T) along each principal axis, of which M x leaves (c - M)² λ_T.
    [Fact]
    public void OneGaussianIsAStretch()
    {
        LipschitzMismatch mismatch = Between(new Mixture([1], [[1, 2]], [Covariance.Full(2, [2, 1, 1, 2])]));
        double aFrom = Math.Exp(-6), aTo = Math.Exp(-2e-3);
        double wideFrom = 3 * aFrom + 1 - aFrom, wideTo = 3 * aTo + 1 - aTo, stretch = Math.Sqrt(wideTo / wideFrom), meanSquare = 5 * aTo + wideTo + 1;
        Assert.Equal(stretch, mismatch.Lipschitz, 1e-12);
        Assert.Equal((stretch - 1.2) * (stretch - 1.2) * wideFrom / meanSquare, mismatch.Floor(1.2), 1e-12);
        Assert.Equal(0, mismatch.Floor(stretch * (1 + 1e-12)));
        Assert.Equal(1, mismatch.MinSegments(stretch + 1e-9, 0));
        Assert.Null(mismatch.MinSegments(0.9, 1e-3));
    }

    // A product of equal lines has the relative error of one.
    [Fact]
    public void AProductIsItsLines()
    {
        double[] weights = [.. Enumerable.Repeat(0.25, 4)];
        LipschitzMismatch square = Between(new Mixture(weights, [[-1, -1], [-1, 1], [1, -1], [1, 1]], [.. weights.Select(_ => Covariance.Isotropic(2, 0.04))]));
        LipschitzMismatch line = Between(Two(0.04, 0.5));
        Assert.True(square.IsExact);
        Assert.Equal(line.Floor(3), square.Floor(3), 1e-12);
        Assert.Equal(1, square.Lipschitz / line.Lipschitz, 1e-9);
    }

    // The sum over the two coordinates of the best fits along lines, from another program: midpoint rule on 800 × 120 points, 400 Runge-Kutta steps in
    // log(q + σ²).
    [Theory]
    [InlineData(1, 4.817e-1, 0.85)]
    [InlineData(4, 5.908e-2, 0.8)]
    [InlineData(8, 1.523e-2, 0.7)]
    [InlineData(16, 4.06e-3, 0.5)]
    [InlineData(32, 1.089e-3, 0.2)]
    public void ARingIsBelowTheSumOverLines(double lipschitz, double truth, double share)
    {
        LipschitzMismatch mismatch = s_ring.Value;
        Assert.False(mismatch.IsExact);
        Assert.InRange(mismatch.Floor(lipschitz), share * truth, truth);
        Assert.Equal(0, mismatch.Floor(mismatch.Lipschitz));
    }

    // The steepest place of the ring is its centre, where the flow stretches by e^36.7: chords of trajectories only tell that it is steep.
    [Fact]
    public void ARingIsSteep() => Assert.InRange(s_ring.Value.Lipschitz, 100, Math.Exp(36.7));

    [Fact]
    public void CrossingIsBoundedOnTrajectories()
    {
        LipschitzMismatch mismatch = Between(new Mixture([0.5, 0.5], [[-3, 0], [3, 0]], [Covariance.Diagonal([0.05, 0.6]), Covariance.Diagonal([0.6, 0.05])]));
        Assert.InRange(mismatch.Floor(1), 0.05, 1);
        Assert.True(mismatch.Floor(2) < mismatch.Floor(1));
    }

    [Fact]
    public void TooMuchToFollowHasNoBound()
    {
        var random = new Random(1);
        Mixture mixture = new(
            [.. Enumerable.Repeat(1.0 / 256, 256)],
            [.. Enumerable.Range(0, 256).Select(_ => Enumerable.Range(0, 128).Select(_ => random.NextDouble()).ToArray())],
            [.. Enumerable.Range(0, 256).Select(k => Covariance.Isotropic(128, 0.01 + 1e-4 * k))]);
        Assert.Equal(0, Between(mixture).Floor(0.1));
    }

    [Fact]
    public void SegmentsAreThoseOfThePower()
    {
        LipschitzMismatch mismatch = Between(Two(0.04, 0.5));
        // 1.6e-2 with one map of constant 4, 1.9e-3 with two and 2.2e-4 with three; all errors vanish from 4^8 > 30276 on.
        Assert.Equal(1, mismatch.MinSegments(4, 2e-2));
        Assert.Equal(2, mismatch.MinSegments(4, 1e-2));
        Assert.Equal(3, mismatch.MinSegments(4, 1e-3));
        Assert.Equal(8, mismatch.MinSegments(4, 0));
        Assert.Equal(1, mismatch.MinSegments(1, 0.2));
        Assert.Null(mismatch.MinSegments(1, 0.1));
        Assert.Null(mismatch.MinSegments(0.5, 0.1));
        // At most log 30276.4 / log 1.001; somewhat less, as hardly a point lies where the map is steepest.
        Assert.InRange(mismatch.MinSegments(1.001, 0)!.Value, 10000, 10324);
    }

    [Fact]
    public void ModesFarApartHaveNoFiniteConstant()
    {
        LipschitzMismatch mismatch = Between(new Mixture([0.5, 0.5], [[-100], [100]], [Covariance.Isotropic(1, 0.01), Covariance.Isotropic(1, 0.01)]));
        Assert.Equal(double.PositiveInfinity, mismatch.Lipschitz);
        // x is ±5 with variance 1 at the start and ±100 at the end: E(100 - |x|)²/100².
        Assert.Equal(0.903, mismatch.Floor(1), 2e-3);
        Assert.Equal(0, mismatch.Floor(double.PositiveInfinity));
    }

    [Fact]
    public void OfOtherProcessesAndSegments()
    {
        Mixture mixture = Two(0.04, 0.5);
        // In the coordinates x/a all processes have the same map, between the same noise-to-signal ratios.
        var exploding = new VarianceExplodingProcess(0.1, 5);
        var linear = new LinearInterpolantProcess(0.1 / 1.1);
        LipschitzMismatch one = LipschitzMismatch.Of(mixture, exploding, 5, 0.1), other = LipschitzMismatch.Of(mixture, linear, 5 / 6.0, 0.1 / 1.1);
        double scale = 6 / 1.1;
        Assert.Equal(1, one.Lipschitz * scale / other.Lipschitz, 1e-9);
        Assert.Equal(one.Floor(0.7), other.Floor(0.7 * scale), 1e-9);
        Assert.True(LipschitzMismatch.Of(mixture, linear, 1, 0.1 / 1.1).Floor(1) > 0.05);
        Assert.True(LipschitzMismatch.Of(Ring(), linear, 1, 0.5).Floor(0) > 0.05);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(3, 3)]
    [InlineData(3, 1e-4)]
    [InlineData(double.NaN, 1)]
    public void OfTimesOutOfOrderThrows(double from, double to)
        => Assert.Throws<ArgumentOutOfRangeException>(() => LipschitzMismatch.Of(Two(0.04, 0.5), s_process, from, to));

    [Fact]
    public void FloorInvalidThrows()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Between(Two(0.04, 0.5)).Floor(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Between(Two(0.04, 0.5)).MinSegments(2, double.NaN));
    }

    private static LipschitzMismatch Between(Mixture mixture) => LipschitzMismatch.Of(mixture, s_process, 3, 1e-3);

    private static Mixture Two(double variance, double weight)
        => new([weight, 1 - weight], [[1], [-1]], [Covariance.Isotropic(1, variance), Covariance.Isotropic(1, variance)]);

    private static Mixture Ring()
    {
        double[] weights = [.. Enumerable.Repeat(0.125, 8)];
        double[][] means = [.. Enumerable.Range(0, 8).Select(k => new[] { 4 * Math.Cos(k * Math.PI / 4), 4 * Math.Sin(k * Math.PI / 4) })];
        return new(weights, means, [.. weights.Select(_ => Covariance.Isotropic(2, 0.09))]);
    }
}
