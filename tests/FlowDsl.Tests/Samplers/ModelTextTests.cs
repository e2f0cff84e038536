using System.Globalization;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>What a user sees who prints an object: its figures, in every culture the same, and no names of types.</summary>
public class ModelTextTests
{
    [Fact]
    public void AMixturePrintsItsComponents()
        => Assert.Equal(
            """
            Mixture of 3 Gaussians in 2 dimensions, mean variance 0.3875:
              weight 0.25, mean (1, -0.5), variance 0.05
              weight 0.25, mean (0, 2), variances (0.1, 0.30001)
              weight 0.5, mean (0.1, 0.8), full covariance with principal variances (0.49662, 0.80338)
            """.ReplaceLineEndings("\n"),
            new Mixture(
                [0.25, 0.25, 0.5], [[1, -0.5], [0, 2], [0.1, 0.8]],
                [Covariance.Isotropic(2, 0.05), Covariance.Diagonal([0.1, 0.30001234]), Covariance.Full(2, [0.6, 0.145, 0.145, 0.7])]).ToString());

    [Fact]
    public void ALargeMixturePrintsTheFirstComponentsAndCoordinates()
    {
        double[][] means = [.. Enumerable.Range(0, 20).Select(k => Enumerable.Range(0, 12).Select(j => (double)(k + j)).ToArray())];
        string[] lines = Models.Isotropic([.. Enumerable.Repeat(0.05, 20)], means, 1).ToString().Split('\n');
        Assert.Equal(18, lines.Length);
        Assert.Equal("  weight 0.05, mean (0, 1, 2, 3, 4, 5, 6, 7, …), variance 1", lines[1]);
        Assert.Equal("  and 4 more", lines[17]);
    }

    [Fact]
    public void AModelPrintsItsMixtureAndProcess()
        => Assert.Equal(
            """
            Mixture of 2 Gaussians in 1 dimension, mean variance 0.04:
              weight 0.5, mean -1, variance 0.04
              weight 0.5, mean 1, variance 0.04
            Process x_t = a x_0 + s ε: Ornstein-Uhlenbeck, a = exp(-t), s² = 1 - exp(-2t); sampled from t = 3 to t = 0.001.
            """.ReplaceLineEndings("\n"),
            new GaussianMixtureModel(Models.Two(0.04), Models.Ou()).ToString());

    [Fact]
    public void ASchedulePrintsItsTimes()
    {
        GridTimes schedule = new GaussianMixtureModel(Models.Two(0.04), Models.Ou()).CreateSchedule(Grid.Uniform, 3, Solver.Heun);
        Assert.Equal("Uniform: t = 3 2.0003 1.0007 0.001", schedule.ToString());
    }

    [Fact]
    public void AForecastPrintsARowASegment()
    {
        var model = new GaussianMixtureModel(Models.Two(0.04), Models.Ou());
        SamplerForecast forecast = model.MeasureForecast(model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 4)))!;
        string[] lines = forecast.ToString().Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("Forecast, on 512 exact trajectories: relative MSE ", lines[0], StringComparison.Ordinal);
        Assert.Equal("segment  stretch 50 %     99 %  step error  downstream", lines[1]);
        Assert.StartsWith("      3", lines[5], StringComparison.Ordinal);
        Assert.StartsWith("stretch ", forecast.Segments[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFitPrintsHowWellItFits()
    {
        double[] points = [.. Enumerable.Range(0, 60).Select(i => (i % 2 == 0 ? -3 : 3) + 0.5 * Math.Sin(i))];
        string[] lines = GaussianMixtureFit.Fit(points, 1, 2).ToString().Split('\n');
        Assert.Matches(
            "^Mean log-likelihood -[0-9.]+ of 60 points, BIC [0-9.]+, AIC [0-9.]+, 5 free parameters; [0-9]+ steps?, (not )?converged\\.$", lines[0]);
        Assert.StartsWith("Mixture of 2 Gaussians in 1 dimension", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void ABudgetsSegmentsAndErrorsPrintTheirFigures()
    {
        Assert.Equal(
            "t = 3 to 1.5: local error 0.001, amplified ×2 to 0.002 (to first order 0.0021), share 0.25, error so far 0.004",
            new SegmentBudget(3, 1.5, 0.001, 0.002, 0.0021, 0.25, 0.004).ToString());
        Assert.Equal(
            "estimate 0.0123, bound ∞, amplification NaN, branch margin 0.5", new FlowError(0.01234, double.PositiveInfinity, double.NaN, 0.5).ToString());
        Assert.Equal("t = 3 to 1.5: ∫L 1, ∫μ ∞, ∫μ⁺ 0.5, ∫E‖∇v‖ 0.25", new SegmentStability(3, 1.5, 1, double.PositiveInfinity, 0.5, 0.25).ToString());
        Assert.Equal("t = 0.656 to 0.0224", new TimeWindow(0.6561, 0.02239).ToString());
        Assert.Equal("accuracy 0.1 in L^2(p_t) at all times", new ScoreNetworkOptions(0.1).ToString());
        Assert.Equal("accuracy 0.05 for every x at t = 0.5", new ScoreNetworkOptions(0.05, double.PositiveInfinity, 0.5).ToString());
        Assert.Equal("relative MSE 0.1, on other trajectories 0.2; of Angle 0.25", new PilotErrors(10, 0.1, 0.2, Grid.Angle, 0.25).ToString());
    }

    [Fact]
    public void EveryCulturePrintsTheSame()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        object[] objects =
        [
            model, model.Mixture, model.Process, model.Mixture.Covariances[0], model.CreateSchedule(Grid.Angle, 4, Solver.Heun),
            model.MeasureForecast(model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 2)))!, SegmentStability.Table(model, [3, 1.5, 0.001])[0],
            new FlowError(0.5, 1.25, 1e-7, 2), new SegmentBudget(3, 1.5, 1e-3, 2e-3, 3e-3, 0.5, 0.1), new TimeWindow(0.5, 0.25),
        ];
        string[] texts = [.. objects.Select(value => value.ToString()!)];
        Assert.All(texts, text => Assert.DoesNotContain("FlowDsl.", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain("System.", text, StringComparison.Ordinal));
        CultureInfo before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NegativeSign) = (",", "~");
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.Equal(texts, objects.Select(value => value.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
