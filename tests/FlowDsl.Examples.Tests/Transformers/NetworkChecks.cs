using FlowDsl.Examples.Transformers;

namespace FlowDsl.Tests.Transformers;

/// <summary>Checks of a network's passes against the same network in double precision.</summary>
internal static class NetworkChecks
{
    /// <summary>Reproducible numbers in (-1, 1).</summary>
    public static double[] Draw(int count, ulong seed) => [.. Enumerable.Range(0, count).Select(i => (double)(float)(2 * NormalSource.Uniform(seed, i) - 1))];

    /// <summary>The difference of results, relative to their greatest.</summary>
    public static double ResultError(IStudyNetwork network, double[] parameters, double[][] samples, Func<double[], double[], double[]> naive)
    {
        network.Load(ToSingle(parameters));
        float[] results = new float[samples.Length * network.Dimension];
        network.CreatePass().Apply(ToSingle([.. samples.SelectMany(x => x)]), results);
        double[] expected = [.. samples.SelectMany(x => naive(parameters, x))];
        return expected.Zip(results, (a, b) => Math.Abs(a - b)).Max() / expected.Max(Math.Abs);
    }

    /// <summary>
    /// The difference of the gradient of Σ v y to central differences of the naive network, relative to the gradient's length. v is random.
    /// </summary>
    public static double GradientError(IStudyNetwork network, double[] parameters, double[][] samples, Func<double[], double[], double[]> naive)
    {
        // The differences of double precision have errors of 1e-10 at this distance.
        const double Distance = 1e-5;
        // Some parameters of each kind.
        const int Stride = 5;
        double[] factors = Draw(samples.Length * network.Dimension, 77);
        network.Load(ToSingle(parameters));
        INetworkPass pass = network.CreatePass();
        float[] gradient = new float[network.ParameterCount], results = new float[factors.Length];
        // Twice: the second must be added.
        for (int i = 0; i < 2; i++)
        {
            pass.Apply(ToSingle([.. samples.SelectMany(x => x)]), results);
            pass.Backpropagate(ToSingle(factors), gradient);
        }
        double difference = 0, length = 0;
        for (int i = 0; i < parameters.Length; i += Stride)
        {
            double slope = (Loss(i, Distance) - Loss(i, -Distance)) / (2 * Distance);
            difference += (slope - gradient[i] / 2) * (slope - gradient[i] / 2);
            length += slope * slope;
        }
        return Math.Sqrt(difference / length);

        double Loss(int parameter, double shift)
        {
            double[] moved = [.. parameters];
            moved[parameter] += shift;
            return samples.SelectMany(x => naive(moved, x)).Zip(factors, (y, v) => y * v).Sum();
        }
    }

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);
}
