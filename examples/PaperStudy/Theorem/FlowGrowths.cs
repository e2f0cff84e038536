using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>What whole flows do to small errors of their starts.</summary>
internal static class FlowGrowths
{
    // The forecast's samples are followed over as many steps as this.
    private const int ForecastSteps = 64;

    /// <summary>Two modes on the line, ±1 with variance 0.04: between them the one-sided bound is attained.</summary>
    public static GaussianMixtureModel TwoModes { get; } = new(
        new Mixture([0.5, 0.5], [[-1], [1]], [Covariance.Isotropic(1, 0.04), Covariance.Isotropic(1, 0.04)]), new OrnsteinUhlenbeckProcess());

    public static FlowGrowth Of(GaussianMixtureModel model)
    {
        (double to, double from) = (model.Process.EarlyStop, model.Process.Horizon);
        SamplerForecast? forecast = model.MeasureForecast(model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, ForecastSteps)));
        return new FlowGrowth(
            new Amplification(model).Integral(to, from) / Math.Log(10),
            model.Stability.OneSidedIntegral(to, from) / Math.Log(10),
            IsSymmetric(model.Mixture) ? Math.Log10(NormAtCentre(model)) : null,
            forecast is null ? null : Math.Log10(forecast.HighAmplification),
            forecast is null ? null : Math.Log10(forecast.MedianAmplification),
            model.Stability.ExpectedIntegral(to, from) / Math.Log(10));
    }

    // Opposite modes, each with its mirror image: 0 stays where it is, and is on the border of all pairs.
    private static bool IsSymmetric(Mixture mixture) => mixture.Means.All(
        mean => mixture.Means.Any(other => mean.Zip(other, (a, b) => Math.Abs(a + b)).Max() < 1e-12));

    private static double NormAtCentre(GaussianMixtureModel model)
    {
        int d = model.Dimension;
        double greatest = 0;
        // The mixtures with a centre are as wide along both axes, and there the derivative is a multiple of the identity.
        for (int axis = 0; axis < d; axis++)
        {
            double[] x = new double[d], direction = new double[d];
            direction[axis] = 1;
            model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, x, direction, x, direction);
            greatest = Math.Max(greatest, Math.Sqrt(direction.Sum(value => value * value)));
        }
        return greatest;
    }
}
