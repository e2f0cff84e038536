using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>Errors of score networks against the exact score, on samples of p_t.</summary>
internal static class Measurement
{
    /// <summary>The root mean square of |network - score| and of |score| at a time.</summary>
    public static (double Error, double Score) At(ScoreNetwork network, GaussianMixtureModel model, double t, int samples)
    {
        var random = new Random(1);
        int d = model.Dimension;
        double[] exact = new double[d];
        double error = 0, score = 0;
        for (int i = 0; i < samples; i++)
        {
            double[] x = Draw(model, t, random);
            double[] output = network.Layers.Evaluate(network.Options.Time is null ? [.. x, t] : x);
            model.Score(t, x, exact);
            for (int j = 0; j < d; j++)
            {
                error += (output[j] - exact[j]) * (output[j] - exact[j]);
                score += exact[j] * exact[j];
            }
        }
        return (Math.Sqrt(error / samples), Math.Sqrt(score / samples));
    }

    /// <summary>The greatest error over twenty times.</summary>
    public static double Worst(ScoreNetwork network, GaussianMixtureModel model, int samples)
    {
        (double from, double to) = (model.Process.EarlyStop, model.Process.Horizon);
        double[] times = network.Options.Time is { } only ? [only] : [.. Enumerable.Range(0, 20).Select(i => from + (to - from) * Math.Pow(i / 19.0, 3))];
        return times.Max(t => At(network, model, t, samples).Error);
    }

    private static double[] Draw(GaussianMixtureModel model, double t, Random random)
    {
        Mixture mixture = model.Mixture;
        ProcessPoint point = model.Process.At(t);
        int k = 0;
        for (double u = random.NextDouble() - mixture.Weights[0]; u > 0 && k < mixture.Count - 1; u -= mixture.Weights[k]) k++;
        // All mixtures of this example are isotropic.
        double deviation = Math.Sqrt(point.Spread(mixture.Covariances[k].MinVariance));
        return [.. mixture.Means[k].Select(mean => point.A * mean + deviation * Normal(random))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
