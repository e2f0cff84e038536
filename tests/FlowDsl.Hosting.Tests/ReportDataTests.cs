using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Hosting.Reports.Gathering;
using FlowDsl.Mathematics;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>The numbers behind a report's figures, against formulas from elsewhere.</summary>
public class ReportDataTests
{
    private static readonly double[] s_identity = [1, 0, 0, 1];

    /// <summary>In a plane a picture's density is that of the model.</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(0.4)]
    [InlineData(3)]
    public void DensityOfAPlaneIsTheModels(double time)
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<Clover>();
        Densities densities = DensitiesOf(model);
        DensityGrid grid = densities.Grid(time, 41, CancellationToken.None);
        for (int i = 0; i < grid.X.Length; i += 5)
            for (int j = 0; j < grid.Y.Length; j += 5)
                AssertClose(model.LogDensity(time, [grid.X[i], grid.Y[j]]), grid.LogDensity[i * grid.Y.Length + j], 1e-11);
    }

    [Fact]
    public void DensityOfALineIsTheModels()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<Line>();
        DensityCurve curve = DensitiesOf(model).Curve(0.25, 61);
        for (int i = 0; i < curve.X.Length; i++) AssertClose(Math.Exp(model.LogDensity(0.25, [curve.X[i]])), curve.Density[i], 1e-11);
        // The window holds nearly everything: the trapezoid rule finds 1.
        double mass = Enumerable.Range(0, curve.X.Length).Sum(i => GridLines.Width(curve.X, i) * curve.Density[i]);
        Assert.InRange(mass, 0.99, 1.01);
    }

    /// <summary>The marginal in the plane of two axes is the mixture of UᵀN(μ, Σ)U, here by dense matrices.</summary>
    [Fact]
    public void MarginalIsThatOfTheProjectedComponents()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<Quintet>();
        PictureView view = PictureView.Of(model.Mixture, CancellationToken.None);
        Assert.False(view.IsWhole);
        AssertClose(1, PictureView.Dot(view.Axes[0].AsSpan(), view.Axes[0].AsSpan()), 1e-12);
        AssertClose(0, PictureView.Dot(view.Axes[0].AsSpan(), view.Axes[1].AsSpan()), 1e-12);
        Covariance[] covariances = [.. model.Mixture.Covariances.Select(own => Covariance.Full(2, Projected(own.Matrix.AsSpan(), view)))];
        double[][] means = [.. model.Mixture.Means.Select(mean => view.Project(mean.AsSpan()))];
        var plane = new GaussianMixtureModel(new Mixture([.. model.Mixture.Weights], means, covariances), model.Process);
        var viewed = new ViewedMixture(model.Mixture, view);
        foreach (double time in new[] { 0.01, 0.5, 20 })
            foreach ((double x, double y) in new[] { (0.1, 0.2), (-1, 0.7), (2, -3) })
                AssertClose(plane.LogDensity(time, [x, y]), viewed.LogDensity(model.Process.At(time), x, y), 1e-9);

        // They are the principal axes with the largest variances: no other direction has more than the first.
        Assert.InRange(view.VarianceShare, 2.0 / 5, 1);
        double first = VarianceAlong(model.Mixture, view.Axes[0].AsSpan());
        for (int j = 0; j < 5; j++) Assert.True(VarianceAlong(model.Mixture, [.. Enumerable.Range(0, 5).Select(i => i == j ? 1.0 : 0)]) <= first + 1e-12);
    }

    /// <summary>The smallest region of a standard Gaussian that holds a share p is a disc of radius √(-2 log(1 - p)).</summary>
    [Fact]
    public void ContoursOfAStandardGaussianAreCircles()
    {
        var mixture = new Mixture([1], [[0, 0]], [Covariance.Full(2, s_identity)]);
        // At this time hardly any noise has been added, and it keeps the variance 1.
        DensityGrid grid = DensitiesOf(new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess())).Grid(1e-3, 181, CancellationToken.None);
        double[] shares = [.. Shades.Shares];
        double[] levels = grid.Levels(shares);
        for (int i = 0; i < shares.Length; i++)
        {
            (double X, double Y)[] border = Assert.Single(Contours.Trace(grid.X, grid.Y, grid.LogDensity, levels[i]));
            double expected = Math.Sqrt(-2 * Math.Log(1 - shares[i]));
            Assert.All(border, point => Assert.InRange(Math.Sqrt(point.X * point.X + point.Y * point.Y), expected - 0.02, expected + 0.02));
            AssertClose(Math.PI * expected * expected, Area(border), 0.02);
        }
    }

    /// <summary>A ring has an outer border and, the other way round, an inner one.</summary>
    [Fact]
    public void HolesRunTheOtherWay()
    {
        double[] lines = [.. Enumerable.Range(0, 161).Select(i => -2 + i / 40.0)];
        double[] values = [.. lines.SelectMany(x => lines.Select(y => -Math.Abs(Math.Sqrt(x * x + y * y) - 1)))];
        double[] areas = [.. Contours.Trace(lines, lines, values, -0.25).Select(Area).Order()];
        Assert.Equal(2, areas.Length);
        AssertClose(-Math.PI * 0.75 * 0.75, areas[0], 1e-2);
        AssertClose(Math.PI * 1.25 * 1.25, areas[1], 1e-2);
    }

    /// <summary>Borders are closed even where the region reaches beyond the grid: the whole of it is then inside.</summary>
    [Fact]
    public void RegionBeyondTheGridEndsAtItsBorder()
    {
        double[] lines = [0, 1, 3];
        (double X, double Y)[] border = Assert.Single(Contours.Trace(lines, lines, [.. Enumerable.Repeat(1.0, 9)], 0));
        AssertClose(9, Area(border), 1e-7);
    }

    /// <summary>Of a normal law the share where the density is at least that of x is P(|X| ≤ |x|).</summary>
    [Fact]
    public void SharesOfANormalLawAreItsProbabilities()
    {
        double[] lines = GridLines.Along([(1, 0, 1)], -5, 5, 401);
        Assert.True(lines.SequenceEqual(lines.Order()) && lines[0] == -5 && lines[^1] == 5);
        double[] logs = [.. lines.Select(x => -0.5 * x * x)], masses = [.. lines.Select((x, i) => GridLines.Width(lines, i) * Math.Exp(-0.5 * x * x))];
        double[] shares = HighDensity.Shares(logs, masses);
        // From a table of the normal law.
        foreach ((double x, double expected) in new[] { (0.0, 0.0), (0.5, 0.382925), (1, 0.682689), (1.5, 0.866386), (2, 0.9545), (3, 0.9973) })
        {
            foreach (double place in new[] { x, -x })
            {
                int above = Math.Clamp(Array.FindIndex(lines, line => line >= place), 1, lines.Length - 1);
                double part = (place - lines[above - 1]) / (lines[above] - lines[above - 1]);
                Assert.InRange((1 - part) * shares[above - 1] + part * shares[above] - expected, -0.01, 0.01);
            }
        }
    }

    [Theory]
    [InlineData(3, 1e-3, true)]
    [InlineData(1, 0.2, false)]
    public void PlacesOfTimesAreInvertible(double horizon, double earlyStop, bool isLog)
    {
        var axis = TimeScale.For(new OrnsteinUhlenbeckProcess(horizon: horizon, earlyStop: earlyStop), [horizon, earlyStop]);
        Assert.Equal(isLog, axis.IsLog);
        Assert.Equal((0.0, 1.0), (axis.Place(horizon), axis.Place(earlyStop)));
        foreach (double place in new[] { 0, 0.1, 0.5, 0.9, 1 }) AssertClose(place, axis.Place(axis.TimeAt(place)), 1e-12);
        if (isLog) AssertClose(Math.Sqrt(horizon * earlyStop), axis.TimeAt(0.5), 1e-12);
    }

    /// <summary>An axis that ends at the data itself has a place for it.</summary>
    [Fact]
    public void ZeroStandsAtTheEndOfALogarithmicAxis()
    {
        var axis = TimeScale.For(new VarianceExplodingProcess(0, 80), [80, 1, 0.02, 0]);
        Assert.True(axis.IsLog && axis.EndsAtZero);
        Assert.Equal((1.0, 0.0), (axis.Place(0), axis.TimeAt(1)));
        Assert.InRange(axis.Place(0.02), 0.5, 0.999);
        Assert.Equal("0", Ticks.OfTime(axis)[^1].Label);
    }

    [Fact]
    public void TicksAreRoundNumbers()
    {
        Assert.Equal(["−2", "−1", "0", "1", "2"], Ticks.Linear(-2.3, 2.4, 6).Select(tick => tick.Label));
        Assert.Equal(["0", "0.2", "0.4", "0.6"], Ticks.Linear(0, 0.7, 5).Select(tick => tick.Label));
        Assert.Equal(["10⁻³", "10⁻²", "10⁻¹", "1"], Ticks.Logarithmic(1e-3, 1, 8).Where(tick => tick.Label.Length > 0).Select(tick => tick.Label));
        Assert.Equal(["8", "16", "32", "64"], Ticks.Doubling(7, 70).Select(tick => tick.Label));
        Assert.All(
            Ticks.Logarithmic(1e-12, 1e3, 5).Where(tick => tick.Label.Length > 0),
            tick => Assert.Equal(Math.Round(Math.Log10(tick.Value)), Math.Log10(tick.Value), 9));
        Assert.InRange(Ticks.Logarithmic(1e-12, 1e3, 5).Count(tick => tick.Label.Length > 0), 3, 6);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0123456, "0.0123")]
    [InlineData(-1.5, "−1.5")]
    [InlineData(1234, "1234")]
    [InlineData(1.234e-4, "1.23 × 10⁻⁴")]
    [InlineData(1e-3, "10⁻³")]
    [InlineData(2.5e12, "2.5 × 10¹²")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void NumbersAreSetAsInPrint(double value, string expected) => Assert.Equal(expected, Notation.Of(value));

    /// <summary>Paths lead where the exact flow takes the starts of samples, in the picture's unit.</summary>
    [Theory]
    [InlineData("Clover", false)]
    [InlineData("Quintet", true)]
    [InlineData("Line", false)]
    public void PathsEndWhereTheExactFlowDoes(string name, bool isScaled)
    {
        ModelReport report = Gather(name);
        GaussianMixtureModel model = report.Model;
        Assert.Equal(isScaled, report.Pictures.Unit.IsScaled);
        float[] starts = FlowSampling.DrawPrior<float>(model, report.Paths.Count, 1);
        int d = model.Dimension, columns = report.Pictures.View.Axes.Length;
        double[] end = new double[d];
        for (int i = 0; i < report.Paths.Count; i += 7)
        {
            model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, [.. starts.AsSpan(i * d, d).ToArray().Select(value => (double)value)], end);
            double[] expected = report.Pictures.View.Project(end);
            for (int j = 0; j < columns; j++)
            {
                double place = report.Paths.Points[^1][i * columns + j];
                AssertClose(expected[j], report.Pictures.Unit.ToState(model.Process.EarlyStop, j, place), 1e-6);
                // At the data itself the unit is nearly x.
                AssertClose(expected[j], place, 0.01);
            }
        }
        Assert.Equal(report.Paths.Times.OrderDescending(), report.Paths.Times);
    }

    /// <summary>In the picture's unit every law has the mean and the mean variance of the data, and the density integrates to 1.</summary>
    [Fact]
    public void ScaledLawsHaveTheSpreadOfTheData()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<Quintet>();
        var viewed = new ViewedMixture(model.Mixture, PictureView.Of(model.Mixture, CancellationToken.None));
        var scale = StateScale.For(model.Process, viewed);
        Assert.True(scale.IsScaled);
        DensityGrid grid = new Densities(viewed, model.Process, scale).Grids([20, 1, 0.01], 121, CancellationToken.None)[0];
        double mass = 0, square = 0;
        double[] mean = new double[2];
        for (int i = 0; i < grid.X.Length; i++)
        {
            for (int j = 0; j < grid.Y.Length; j++)
            {
                double part = GridLines.Width(grid.X, i) * GridLines.Width(grid.Y, j) * Math.Exp(grid.LogDensity[i * grid.Y.Length + j]);
                double x = grid.X[i] - scale.Centre[0], y = grid.Y[j] - scale.Centre[1];
                (mass, square, mean[0], mean[1]) = (mass + part, square + part * (x * x + y * y), mean[0] + part * x, mean[1] + part * y);
            }
        }
        AssertClose(1, mass, 0.01);
        AssertClose(0, mean[0], 0.01);
        AssertClose(0, mean[1], 0.01);
        AssertClose(viewed.Variance, 0.5 * square, 0.03 * viewed.Variance);
        AssertClose(3.5, scale.ToState(20, 1, scale.ToPicture(20, 1, 3.5)), 1e-12);
    }

    /// <summary>The table's figures are those of the library, from the same starts.</summary>
    [Fact]
    public void ErrorsAreThoseOfTheComparison()
    {
        ModelReport report = Gather("Clover");
        FlowComparison expected = FlowComparison.Create(GaussianMixtureModel.From<Clover>(), 600, 1)
            .Add<Clover.Euler16, float>().Add<Clover.Ddim16, float>().Add<Clover.Heun4, float>().Add<Clover.Heun12, float>().Add<Clover.Dpm3M20, float>()
            .Add<Clover.Rk4x12, double>();
        Assert.Equal(expected.Samplers, report.Samplers.Select(sampler => sampler.Compared));
        // 600 are fewer than the points of a figure: their errors give the same mean and median.
        SamplerResult heun = report.Samplers[2];
        Assert.Equal(600, heun.Samples!.Errors.Length);
        double[] sorted = [.. heun.Samples.Errors.Order()];
        AssertClose(0.5 * (sorted[299] + sorted[300]), heun.Compared!.MedianError, 1e-9);
    }

    [Fact]
    public void StabilityIsTheProfiles()
    {
        ModelReport report = Gather("Clover");
        StabilityProfile profile = report.Model.Stability;
        for (int i = 0; i < report.Stability.Times.Length; i += 16)
        {
            double time = report.Stability.Times[i];
            Assert.Equal(
                (profile.LipschitzBound(time), profile.RegionalLipschitzBound(time), profile.OneSidedBound(time),
                    profile.ExpectedNorm(time), profile.ExpectedGrowth(time)),
                (report.Stability.Bound[i], report.Stability.Regional[i], report.Stability.OneSided[i],
                    report.Stability.Expected[i], report.Stability.Growth[i]));
        }
        Assert.Equal((profile.SpeciationTime, profile.DangerWindow), (report.Stability.SpeciationTime, report.Stability.DangerWindow));
    }

    private static ModelReport Gather(string name)
    {
        ModelEntry entry = ModelRegistry.Models.First(model => model.Name == $"FlowDsl.Tests.Hosted.{name}");
        return ReportGathering.Gather(entry, new ReportRequest(600, 1, DateTimeOffset.UnixEpoch, name), new FinishedCount(), CancellationToken.None);
    }

    private static Densities DensitiesOf(GaussianMixtureModel model)
    {
        var viewed = new ViewedMixture(model.Mixture, PictureView.Of(model.Mixture, CancellationToken.None));
        return new(viewed, model.Process, StateScale.For(model.Process, viewed));
    }

    private static double[] Projected(ReadOnlySpan<double> matrix, PictureView view)
    {
        double[] result = new double[4];
        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 2; b++)
                for (int i = 0; i < 5; i++)
                    for (int j = 0; j < 5; j++) result[2 * a + b] += view.Axes[a][i] * matrix[5 * i + j] * view.Axes[b][j];
        result[1] = result[2];
        return result;
    }

    private static double VarianceAlong(Mixture mixture, ReadOnlySpan<double> axis)
    {
        double mean = 0, square = 0;
        for (int k = 0; k < mixture.Count; k++)
        {
            double centre = PictureView.Dot(mixture.Means[k].AsSpan(), axis), variance = 0;
            for (int i = 0; i < 5; i++)
                for (int j = 0; j < 5; j++) variance += axis[i] * mixture.Covariances[k].Matrix[5 * i + j] * axis[j];
            mean += mixture.Weights[k] * centre;
            square += mixture.Weights[k] * (variance + centre * centre);
        }
        return square - mean * mean;
    }

    /// <summary>The signed area within a border: positive if it runs against the clock.</summary>
    private static double Area((double X, double Y)[] border)
    {
        double sum = 0;
        for (int i = 0; i < border.Length; i++)
        {
            (double x, double y) = border[i];
            (double nextX, double nextY) = border[(i + 1) % border.Length];
            sum += x * nextY - y * nextX;
        }
        return 0.5 * sum;
    }

    private static void AssertClose(double expected, double actual, double tolerance)
        => Assert.InRange(actual, expected - tolerance * Math.Max(1, Math.Abs(expected)), expected + tolerance * Math.Max(1, Math.Abs(expected)));
}
