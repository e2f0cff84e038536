using FlowDsl.Mathematics.Students;

namespace FlowDsl.Examples;

/// <summary>Lower bounds of the relative MSE of every map of Lipschitz constant at most Λ, for one of the one-step maps.</summary>
/// <remarks>
/// <para>
/// Two samples with the same noise z in different modes k are a|μ_k - μ_l| apart, and their images |μ_k - μ_l|. A map f of constant Λ spreads the K points
/// of one z by at most Λa√V about their mean, where the exact map has √V, V the variance of the means. The mean over k is itself a map of constant Λs of z,
/// where the exact one is σ0 z. So E|f - g|² ≥ (1 - Λa)₊² V + d(σ0 - Λs)₊².
/// </para>
/// <para>
/// Beyond Λ = 1/a pairs of modes with mirrored noise still bind: they are a|μ_k - μ_l| + 2sz apart, z standard normal, and for every coupling
/// E|f - g|² ≥ ¼E(|g(X) - g(Y)| - Λ|X - Y|)₊².
/// </para>
/// </remarks>
internal sealed class MismatchFloor(HalfLifeMap map)
{
    // The noise of mirrored pairs: beyond this many deviations nothing counts, and modes would mix.
    private const double Reach = 8;
    private const int Nodes = 1600;

    private readonly double _spread = map.SpreadOfMeans, _meanSquare = map.MeanSquare;
    private readonly double[] _distances = Distances(map);
    private readonly Lazy<LipschitzMismatch> _lines = new(() => LipschitzMismatch.Of(map.Model.Mixture, map.Model.Process, HalfLifeMap.Start, 0));

    /// <summary>The best of the bounds.</summary>
    /// <param name="lipschitz">Λ.</param>
    public double At(double lipschitz) => Math.Max(OnLines(lipschitz), Math.Max(SameNoise(lipschitz), MirroredNoise(lipschitz)));

    /// <summary>What FLOW0503 reports: along lines, which see one mode each where modes are far apart.</summary>
    public double OnLines(double lipschitz) => _lines.Value.Floor(lipschitz);

    /// <summary>By samples with the same noise in all modes.</summary>
    public double SameNoise(double lipschitz)
    {
        double between = Math.Max(0, 1 - lipschitz * map.Signal), within = Math.Max(0, map.Sigma - lipschitz * map.Deviation);
        return (between * between * _spread + map.Dimension * within * within) / _meanSquare;
    }

    /// <summary>By pairs of modes with mirrored noise, all pairs alike.</summary>
    public double MirroredNoise(double lipschitz)
    {
        double sum = 0, step = 2 * Reach / Nodes;
        for (int i = 0; i <= Nodes; i++)
        {
            double z = -Reach + i * step, weight = (i is 0 or Nodes ? 0.5 : 1) * step * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
            foreach (double distance in _distances)
            {
                double excess = Math.Abs(distance + 2 * map.Sigma * z) - lipschitz * Math.Abs(map.Signal * distance + 2 * map.Deviation * z);
                if (excess > 0) sum += weight * excess * excess;
            }
        }
        return 0.25 * sum / _distances.Length / _meanSquare;
    }

    /// <summary>The greatest Λ at which the bound is at least a relative MSE.</summary>
    public double BindsUntil(double relativeMse)
    {
        double low = 0, high = 16;
        for (int i = 0; i < 50; i++)
        {
            double middle = 0.5 * (low + high);
            if (At(middle) >= relativeMse) low = middle;
            else high = middle;
        }
        return low;
    }

    private static double[] Distances(HalfLifeMap map)
    {
        IReadOnlyList<IReadOnlyList<double>> means = [.. map.Model.Mixture.Means];
        return
        [
            .. from k in Enumerable.Range(0, means.Count)
               from l in Enumerable.Range(0, k)
               select Math.Sqrt(means[k].Zip(means[l], (a, b) => (a - b) * (a - b)).Sum()),
        ];
    }
}
