using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Mixtures of well separated components at random, as certificates meet them.</summary>
internal sealed class RandomMixtures(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int count) => _random.Next(count);

    public double Uniform() => _random.NextDouble();

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    public double[] Normals(int d) => [.. Enumerable.Range(0, d).Select(_ => Normal())];

    /// <summary>K components in d dimensions with variances about <paramref name="variance"/>: one isotropic for all, or a full one each.</summary>
    public Mixture Draw(int d, int count, double variance, bool full)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.1 + Uniform())];
        double total = weights.Sum();
        double[][] means = [.. weights.Select(_ => Normals(d).Select(x => 1.5 * x).ToArray())];
        Covariance[] covariances = [.. weights.Select(_ => full ? Full(d, variance) : Covariance.Isotropic(d, variance))];
        return new Mixture([.. weights.Select(w => w / total)], means, covariances);
    }

    private Covariance Full(int d, double variance)
    {
        double[] root = Normals(d * d), matrix = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = i == j ? 0.3 * variance : 0;
                for (int l = 0; l < d; l++) sum += variance / d * root[i * d + l] * root[j * d + l];
                matrix[i * d + j] = matrix[j * d + i] = sum;
            }
        }
        return Covariance.Full(d, matrix);
    }
}
