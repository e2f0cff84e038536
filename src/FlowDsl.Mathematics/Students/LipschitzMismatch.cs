using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics.Students;

/// <summary>Bounds how close a map with bounded Lipschitz constant can come to a mixture's exact flow map between two times.</summary>
/// <remarks>
/// <para>
/// On the line the exact map g takes the quantiles of one law to those of the other and Lip(g) = sup p_from(x)/p_to(g(x)). The best fit by a map f
/// with Lip(f) ≤ M is f = Mx - h, h the isotonic regression of Mx - g, which gives inf E|f - g|².
/// </para>
/// <para>
/// In several coordinates the map splits into parts whose errors add: a line if the means of a shared isotropic covariance lie on one, products,
/// coordinates of one Gaussian. The rest is bounded by its restrictions to lines along the principal axes of the means, on trajectories that a
/// compiler can afford.
/// </para>
/// </remarks>
internal sealed class LipschitzMismatch
{
    private readonly IMapPart[] _parts;
    private readonly double _meanSquare;

    private LipschitzMismatch(IMapPart[] parts, double meanSquare) => (_parts, _meanSquare) = (parts, meanSquare);

    /// <summary>
    /// Whether every part is a line or one Gaussian. Then <see cref="Lipschitz"/> is the exact constant, and <see cref="Floor"/> is a bound up to rounding.
    /// </summary>
    public bool IsExact => _parts.All(part => part is not TrajectoryPart);

    /// <summary>
    /// The Lipschitz constant of the exact map in the Euclidean norm; infinite beyond the range of double. If <see cref="IsExact"/> is false it is a
    /// lower bound, the steepest chord between neighbouring trajectories, and 0 if there are too many components and coordinates to follow any.
    /// </summary>
    public double Lipschitz => _parts.Max(part => part.Lipschitz);

    /// <summary>Computes the data that all bounds need.</summary>
    /// <param name="mixture">The data law.</param>
    /// <param name="process">The process.</param>
    /// <param name="from">The time at which the map starts, at most the horizon.</param>
    /// <param name="to">The time at which it ends, less than <paramref name="from"/> and at least the early stop.</param>
    /// <param name="cancellationToken">Checked before each part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The times are not in order within the process's own.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static LipschitzMismatch Of(Mixture mixture, Process process, double from, double to, CancellationToken cancellationToken = default)
    {
        if (!(from <= process.Horizon))
            throw new ArgumentOutOfRangeException(nameof(from), from, $"The start must be at most the horizon, {PortableNumber.Format(process.Horizon)}.");
        if (!(to >= process.EarlyStop && to < from))
            throw new ArgumentOutOfRangeException(
                nameof(to), to, $"The end must be at least the early stop, {PortableNumber.Format(process.EarlyStop)}, and less than the start, " +
                $"{PortableNumber.Format(from)}.");
        ProcessPoint end = process.At(to);
        double meanSquare = 0;
        for (int k = 0; k < mixture.Count; k++)
            meanSquare += mixture.Weights[k]
                * (mixture.Means[k].Sum(value => end.A * end.A * value * value) + mixture.Covariances[k].Variances.Sum(end.Spread));
        return new LipschitzMismatch([.. Parts(mixture, process, from, to, cancellationToken)], meanSquare);
    }

    /// <summary>
    /// A lower bound on E|f(x) - g(x)|²/E|g(x)|², x from the process's law at the start, for every map f with a bounded Lipschitz constant. If
    /// <see cref="IsExact"/> is false, the bound is statistical: the measured mean minus 2.4 standard errors.
    /// </summary>
    /// <param name="lipschitz">The bound M on f's Lipschitz constant in the Euclidean norm, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lipschitz"/> is negative or NaN.</exception>
    public double Floor(double lipschitz)
    {
        if (!(lipschitz >= 0)) throw new ArgumentOutOfRangeException(nameof(lipschitz), lipschitz, "A Lipschitz constant must be at least 0.");
        double sum = 0;
        foreach (IMapPart part in _parts) sum += lipschitz < part.Lipschitz ? part.Floor(lipschitz) : 0;
        return sum / _meanSquare;
    }

    /// <summary>
    /// The minimum number N of maps with Lipschitz constants of at most M whose composition might reach a relative mean squared error: a composition
    /// has at most M^N, and N is the smallest number with <see cref="Floor"/>(M^N) ≤ ε.
    /// </summary>
    /// <param name="lipschitz">M, at least 0.</param>
    /// <param name="relativeError">ε, at least 0.</param>
    /// <returns>N; null if no number suffices: compositions of maps with M ≤ 1 are no steeper than one map.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is negative or NaN.</exception>
    public int? MinSegments(double lipschitz, double relativeError)
    {
        if (!(relativeError >= 0)) throw new ArgumentOutOfRangeException(nameof(relativeError), relativeError, "A relative error must be at least 0.");
        if (Floor(lipschitz) <= relativeError) return 1;
        if (lipschitz <= 1) return null;
        int tooFew = 1, enough = 2;
        for (; !Suffices(enough); enough *= 2)
        {
            if (enough > int.MaxValue / 2) return null;
            tooFew = enough;
        }
        while (enough - tooFew > 1)
        {
            int middle = tooFew + (enough - tooFew) / 2;
            if (Suffices(middle)) enough = middle;
            else tooFew = middle;
        }
        return enough;

        bool Suffices(int segments) => Floor(PortableMath.Pow(lipschitz, segments)) <= relativeError;
    }

    private static IEnumerable<IMapPart> Parts(Mixture mixture, Process process, double from, double to, CancellationToken cancellationToken)
    {
        ProcessPoint start = process.At(from), end = process.At(to);
        if (MeansSpan.Find(mixture) is { } span)
        {
            if (!span.IsWhole) yield return Gaussian(mixture.Dimension - span.Axes.Length, mixture.Covariances[0]);
            mixture = span.Reduced;
        }
        MixtureBlock[] blocks = IndependentBlocks.Split(mixture);
        foreach (MixtureBlock block in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (block.Marginal.Dimension == 1)
            {
                yield return block.Marginal.Count == 1 ? Gaussian(1, block.Marginal.Covariances[0]) : new LinePart(block.Marginal, start, end);
            }
            else if (blocks.Length == 1)
            {
                yield return new TrajectoryPart(mixture, process, from, to);
            }
            else
            {
                // A single block may have axes that the whole mixture lacks.
                foreach (IMapPart part in Parts(block.Marginal, process, from, to, cancellationToken)) yield return part;
            }
        }

        GaussianPart Gaussian(int dimension, Covariance covariance)
            => new(dimension, Math.Sqrt(start.Spread(covariance.MinVariance)), Math.Sqrt(end.Spread(covariance.MinVariance)));
    }
}
