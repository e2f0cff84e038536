using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Fitting;

/// <summary>Sums over the points of a fit: masses, means and scatters of its components. Their bits do not depend on the number of threads.</summary>
/// <param name="points">Row-major n×d.</param>
/// <param name="pointWeights">v: how often each point counts, positive; null to count each once.</param>
/// <param name="d">The number of coordinates.</param>
/// <param name="count">K.</param>
/// <param name="type">The form of the covariances.</param>
/// <param name="responsibilities">r: K×n values, which the fit updates.</param>
/// <param name="maxThreads">The maximum number of threads; -1 for one per processor.</param>
internal sealed class PointMoments(
    double[] points, double[]? pointWeights, int d, int count, CovarianceType type, double[] responsibilities, int maxThreads)
{
    // Sums over points are split into parts that depend only on the number of points, so that threads do not change the bits.
    private const int MinPart = 2048, MaxParts = 16;

    private readonly int _n = points.Length / d;

    /// <summary>Σ_i v_i.</summary>
    public double TotalWeight { get; } = Total(pointWeights, points.Length / d);

    /// <summary>The number of values of a covariance.</summary>
    public int ShapeLength => type switch
    {
        CovarianceType.Isotropic => 1,
        CovarianceType.Diagonal => d,
        _ => d * d,
    };

    /// <summary>v_i.</summary>
    public double Weight(int i) => pointWeights is null ? 1 : pointWeights[i];

    /// <summary>x_i.</summary>
    public ReadOnlySpan<double> Row(int i) => points.AsSpan(i * d, d);

    /// <summary>The n values r_ik of a component.</summary>
    public Span<double> Responsibilities(int k) => responsibilities.AsSpan(k * _n, _n);

    /// <summary>Σ_i v_i r_ik, and the means Σ_i v_i r_ik x_i / Σ_i v_i r_ik.</summary>
    /// <param name="masses">Receives the K sums.</param>
    /// <param name="means">Receives the K means; 0 where a mass is 0.</param>
    public void Locate(double[] masses, double[][] means)
    {
        int parts = PartCount;
        double[] sums = new double[count * parts * (d + 1)];
        ParallelWork.ForEach(count * parts, 2.0 * _n * count * d, maxThreads, task =>
        {
            Span<double> sum = sums.AsSpan(task * (d + 1), d + 1);
            ReadOnlySpan<double> shares = Responsibilities(task / parts);
            (int from, int to) = Part(task % parts);
            for (int i = from; i < to; i++)
            {
                if (shares[i] == 0) continue;
                double share = shares[i] * Weight(i);
                sum[d] += share;
                Vectors.AddScaled(share, Row(i), sum[..d]);
            }
        });
        for (int k = 0; k < count; k++)
        {
            Span<double> first = sums.AsSpan(k * parts * (d + 1), d + 1);
            for (int part = 1; part < parts; part++) Vectors.AddScaled(1, sums.AsSpan((k * parts + part) * (d + 1), d + 1), first);
            double mass = masses[k] = first[d];
            means[k] = new double[d];
            for (int j = 0; mass > 0 && j < d; j++) means[k][j] = first[j] / mass;
        }
    }

    /// <summary>Σ_i v_i r_ik (x_i - μ_k)(x_i - μ_k)ᵀ in the shape of the covariance type.</summary>
    /// <param name="means">The K means.</param>
    /// <param name="scatters">Receives the K sums.</param>
    public void Scatter(double[][] means, double[][] scatters)
    {
        int parts = PartCount;
        double[][] sums = new double[count * parts][];
        ParallelWork.ForEach(count * parts, (double)_n * count * ShapeLength, maxThreads, task =>
        {
            (int from, int to) = Part(task % parts);
            sums[task] = ScatterOf(Responsibilities(task / parts), means[task / parts], from, to);
        });
        for (int k = 0; k < count; k++) scatters[k] = Sum(sums.AsSpan(k * parts, parts));
    }

    private double[] ScatterOf(ReadOnlySpan<double> shares, double[] mean, int from, int to)
    {
        if (type is CovarianceType.Full or CovarianceType.Tied)
        {
            var sum = new WeightedScatter(d);
            for (int i = from; i < to; i++)
                if (shares[i] != 0) sum.Add(shares[i] * Weight(i), Row(i), mean);
            return sum.ToMatrix();
        }
        double[] scatter = new double[ShapeLength];
        for (int i = from; i < to; i++)
        {
            if (shares[i] == 0) continue;
            double share = shares[i] * Weight(i);
            ReadOnlySpan<double> point = Row(i);
            for (int j = 0; j < d; j++)
            {
                double deviation = point[j] - mean[j];
                if (type == CovarianceType.Isotropic) scatter[0] += share * deviation * deviation / d;
                else scatter[j] += share * deviation * deviation;
            }
        }
        return scatter;
    }

    /// <summary>The sum over k of the scatters.</summary>
    /// <remarks>
    /// With y_i = Σ_k r_ik μ_k it is Σ_i v_i (x_i - y_i)(x_i - y_i)ᵀ + Σ_{k&lt;l} a_kl (μ_k - μ_l)(μ_k - μ_l)ᵀ with a_kl = Σ_i v_i r_ik r_il: one outer
    /// product per point instead of K, and only positive terms, so that nothing cancels. It is used where it takes fewer operations.
    /// </remarks>
    /// <param name="means">The K means.</param>
    public double[] Within(double[][] means)
    {
        double pairs = 0.5 * count * (count - 1);
        if (_n * (double)count * d * d <= _n * (d * d + 2.0 * count * d + 2 * pairs) + pairs * d * d)
        {
            double[][] scatters = new double[count][];
            Scatter(means, scatters);
            return Sum(scatters);
        }
        int parts = PartCount;
        double[][] sums = new double[parts][], overlaps = new double[parts][];
        ParallelWork.ForEach(parts, (double)_n * d * (d + count), maxThreads, part =>
        {
            var sum = new WeightedScatter(d);
            double[] overlap = overlaps[part] = new double[count * count];
            double[] expected = new double[d];
            (int from, int to) = Part(part);
            for (int i = from; i < to; i++)
            {
                Array.Clear(expected);
                for (int k = 0; k < count; k++)
                {
                    double share = responsibilities[k * _n + i];
                    if (share == 0) continue;
                    Vectors.AddScaled(share, means[k], expected);
                    if (share == 1) continue;
                    for (int l = 0; l < k; l++) overlap[k * count + l] += Weight(i) * share * responsibilities[l * _n + i];
                }
                sum.Add(Weight(i), Row(i), expected);
            }
            sums[part] = sum.ToMatrix();
        });
        double[] overlap = Sum(overlaps);
        var between = new WeightedScatter(d);
        for (int k = 0; k < count; k++)
            for (int l = 0; l < k; l++)
                if (overlap[k * count + l] > 0) between.Add(overlap[k * count + l], means[k], means[l]);
        return Sum([Sum(sums), between.ToMatrix()]);
    }

    private int PartCount => Math.Clamp(_n / MinPart, 1, MaxParts);

    private (int From, int To) Part(int part) => ((int)((long)_n * part / PartCount), (int)((long)_n * (part + 1) / PartCount));

    private static double[] Sum(ReadOnlySpan<double[]> parts)
    {
        double[] sum = (double[])parts[0].Clone();
        foreach (double[] part in parts[1..]) Vectors.AddScaled(1, part, sum);
        return sum;
    }

    /// <summary>The covariance of all points, in the shape of the covariance type.</summary>
    public double[] Overall()
    {
        double[] ones = new double[_n], mean = new double[d];
        ones.AsSpan().Fill(1);
        for (int i = 0; i < _n; i++) Vectors.AddScaled(Weight(i) / TotalWeight, Row(i), mean);
        return Scaled(ScatterOf(ones, mean, 0, _n), 1 / TotalWeight);
    }

    /// <summary>The values times a factor.</summary>
    /// <param name="values">The values.</param>
    /// <param name="factor">The factor.</param>
    public static double[] Scaled(double[] values, double factor)
    {
        double[] scaled = new double[values.Length];
        for (int i = 0; i < values.Length; i++) scaled[i] = values[i] * factor;
        return scaled;
    }

    private static double Total(double[]? weights, int n)
    {
        double total = 0;
        for (int i = 0; i < n; i++) total += weights is null ? 1 : weights[i];
        return total;
    }
}
