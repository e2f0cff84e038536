namespace FlowDsl.Tests.Data;

/// <summary>The point functions of data sets against those of the same mixture with all components listed, and against closed forms.</summary>
public class DataPointTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(3.0)]
    public void TheyAreThoseOfTheListedMixture(double t)
    {
        const int d = 5;
        double[] rows = DataSets.Noise(40 * d, 1);
        GaussianMixtureModel data = DataSets.ModelOf(rows, d, 0.04), listed = DataSets.Listed(data);
        double[] x = DataSets.Noise(d, 2), direction = DataSets.Noise(d, 3);
        Assert.Equal(listed.LogDensity(t, x), data.LogDensity(t, x), 1e-11 * Math.Abs(listed.LogDensity(t, x)));
        Same(d, value => listed.Score(t, x, value), value => data.Score(t, x, value));
        Same(d, value => listed.Velocity(t, x, value), value => data.Velocity(t, x, value));
        Same(d, value => listed.PosteriorMean(t, x, value), value => data.PosteriorMean(t, x, value));
        Same(40, value => listed.Responsibilities(t, x, value), value => data.Responsibilities(t, x, value));
        Same(d, value => listed.JacobianVectorProduct(t, x, direction, value), value => data.JacobianVectorProduct(t, x, direction, value));
    }

    [Fact]
    public void FarAwayTheNearestRowIsLeft()
    {
        GaussianMixtureModel data = DataSets.ModelOf([0, 0, 1, 0], 2, 0.01);
        double[] mean = new double[2];
        data.PosteriorMean(1e-3, [1e6, 0], mean);
        // One Gaussian: μ + a v/λ (x - aμ).
        double a = Math.Exp(-1e-3), spread = a * a * 0.01 + 1 - a * a;
        Assert.Equal(1 + a * 0.01 / spread * (1e6 - a), mean[0], 1e-6);
    }

    [Fact]
    public void BoundsOfTheJacobianHoldForAllPoints()
    {
        const int d = 3;
        GaussianMixtureModel data = DataSets.ModelOf(DataSets.Noise(30 * d, 4), d, 0.02), listed = DataSets.Listed(data);
        foreach (double t in new[] { 0.02, 0.1, 0.5, 2 })
            Assert.True(data.StabilityBound(t) >= listed.StabilityBound(t) * (1 - 1e-9), $"at t = {t}: {data.StabilityBound(t)} < {listed.StabilityBound(t)}");
        Assert.True(double.IsNaN(data.ExpectedStability(1)));
    }

    [Fact]
    public void GridsOfMomentsExistAndOthersSayWhy()
    {
        GaussianMixtureModel data = DataSets.ModelOf(DataSets.Digits, DataSets.DigitDimension, 0.01);
        foreach (Grid grid in new[] { Grid.Auto, Grid.GaussianOptimal, Grid.Edm, Grid.UniformLogSnr, Grid.Uniform, Grid.LogVariance })
        {
            double[] times = data.CreateTimes(grid, 8);
            Assert.Equal(9, times.Length);
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        }
        Assert.Contains("GaussianOptimal", Assert.Throws<ArgumentException>(() => data.CreateTimes(Grid.Optimal, 8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBestGridOfOneGaussianIsThatOfTheListedMixture()
    {
        GaussianMixtureModel data = DataSets.ModelOf(DataSets.Digits[..(300 * DataSets.DigitDimension)], DataSets.DigitDimension, 0.01);
        double[] expected = DataSets.Listed(data).CreateTimes(Grid.GaussianOptimal, 6), actual = data.CreateTimes(Grid.GaussianOptimal, 6);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 0.02 * expected[i]);
    }

    private static void Same(int length, Action<double[]> expected, Action<double[]> actual)
    {
        double[] truth = new double[length], value = new double[length];
        expected(truth);
        actual(value);
        double size = Math.Sqrt(truth.Sum(own => own * own));
        for (int i = 0; i < length; i++) Assert.Equal(truth[i], value[i], 1e-10 * size);
    }
}
