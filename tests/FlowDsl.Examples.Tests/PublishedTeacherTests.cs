using FlowDsl.Examples;

namespace FlowDsl.Tests;

/// <summary>The teachers of experiment 2. Within a mode the flow is affine: x → μ + c (x - aμ), with c in closed form for both.</summary>
public class PublishedTeacherTests
{
    private const int Steps = 10;

    private delegate void Flow(Span<float> states);

    /// <summary>c of Runge-Kutta 4 in ten equal steps down to t = 0, from its stability polynomial with the rate β(1/s² - 1) of each stage.</summary>
    [Theory]
    [InlineData(0.1, 0.1108)]
    [InlineData(0.01, -7.955)]
    [InlineData(0.001, -810.0)]
    [InlineData(0.0001, -81016)]
    public void ThePublishedOneOvershootsInItsLastStep(double sigma, double published)
    {
        double expected = 1;
        double h = Math.Log(2) / 10 / Steps;
        for (int n = 0; n < Steps; n++)
        {
            double start = (Steps - n) * h;
            // dx/dt = -rate x backward in time, rate = β (1/s² - 1).
            double k1 = -Rate(start), k2 = -Rate(start - h / 2) * (1 + h / 2 * k1);
            double k3 = -Rate(start - h / 2) * (1 + h / 2 * k2), k4 = -Rate(start - h) * (1 + h * k3);
            expected *= 1 + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
        Assert.Equal(1, expected / published, 1e-3);
        Assert.Equal(1, Gain(sigma, isConverged: false) / expected, 2e-3);

        double Rate(double t)
        {
            double a = Math.Exp(-5 * Math.Max(t, 0)), variance = a * a * sigma * sigma + 1 - a * a;
            return -5 * (1 - 1 / variance);
        }
    }

    /// <summary>σ0/s of the exact flow: its samples keep their quantile in the mode.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    [InlineData(0.0001)]
    public void TheConvergedOneContractsAsTheFlowDoes(double sigma)
        // At σ0 = 0.0001 a coordinate of 5 has half a percent of the deviation left in single precision.
        => Assert.Equal(1, Gain(sigma, isConverged: true) / (sigma / Math.Sqrt(0.5 * sigma * sigma + 0.5)), sigma < 0.001 ? 1e-2 : 1e-3);

    // From two points of the first mode, far from the others, an equal distance on both sides of its mean in one coordinate.
    private static double Gain(double sigma, bool isConverged)
    {
        double[] mean = PublishedMeans.Draw(0)[0];
        double a = Math.Sqrt(0.5), distance = Math.Sqrt(0.5 * sigma * sigma + 0.5);
        float[] states = new float[2 * mean.Length];
        for (int j = 0; j < mean.Length; j++) states[j] = states[mean.Length + j] = (float)(a * mean[j]);
        states[0] += (float)distance;
        states[mean.Length] -= (float)distance;
        double before = states[0] - states[mean.Length];
        ((Flow)((sigma, isConverged) switch
        {
            (0.1, false) => Modes01.Published.Integrate,
            (0.01, false) => Modes001.Published.Integrate,
            (0.001, false) => Modes0001.Published.Integrate,
            (0.0001, false) => Modes00001.Published.Integrate,
            (0.1, true) => Modes01.Converged.Integrate,
            (0.01, true) => Modes001.Converged.Integrate,
            (0.001, true) => Modes0001.Converged.Integrate,
            _ => Modes00001.Converged.Integrate,
        }))(states);
        return (states[0] - states[mean.Length]) / before;
    }
}
