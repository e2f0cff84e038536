using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl.Tests;

/// <summary>Samples for the tests of metrics.</summary>
internal static class MetricData
{
    /// <summary>n×d values that another language computes as easily: sin(1.7i + 0.9j + 0.3ij).</summary>
    public static double[] Waves(int n, int d) => [.. Grid(n, d, (i, j) => Math.Sin(1.7 * i + 0.9 * j + 0.3 * i * j))];

    /// <summary>Others: 0.8 cos(1.1i - 0.4j) + 0.3.</summary>
    public static double[] Ripples(int n, int d) => [.. Grid(n, d, (i, j) => 0.8 * Math.Cos(1.1 * i - 0.4 * j) + 0.3)];

    /// <summary>Samples of N(mean, deviation² I), the mean the same in every coordinate.</summary>
    public static double[] Normals(int n, int d, ulong seed, double mean = 0, double deviation = 1)
    {
        double[] samples = new double[n * d];
        for (int i = 0; i < n; i++) NormalSource.Fill(seed, i, samples.AsSpan(i * d, d));
        for (int i = 0; i < samples.Length; i++) samples[i] = mean + deviation * samples[i];
        return samples;
    }

    /// <summary>A mixture at time 0, where the law is the mixture itself.</summary>
    public static GaussianMixtureModel AtRest(Mixture mixture) => new(mixture, Models.Ou(earlyStop: 0));

    /// <summary>N(0, I) at time 0.</summary>
    public static GaussianMixtureModel Standard(int d) => AtRest(Models.Isotropic([1], [new double[d]], 1));

    /// <summary>Two full covariances; the numbers of several tests are of this one.</summary>
    public static GaussianMixtureModel TwoFull() => AtRest(new Mixture(
        [0.3, 0.7], [[0.9, -0.4], [-1.1, 0.2]], [Covariance.Full(2, [0.2, 0.05, 0.05, 0.15]), Covariance.Full(2, [0.3, 0.1, 0.1, 0.25])]));

    /// <summary>How many of the seeds 1, 2, … give an interval that holds the truth.</summary>
    public static int Held(int seeds, double truth, Func<ulong, MetricEstimate> estimate)
        => Enumerable.Range(1, seeds).Count(seed => estimate((ulong)seed).Holds(truth));

    private static IEnumerable<double> Grid(int n, int d, Func<int, int, double> value)
        => Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(0, d).Select(j => value(i, j)));
}
