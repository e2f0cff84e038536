using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl;

/// <summary>
/// The noise levels that a network was trained on, and how it counts them: training steps of a variance-preserving process (a² + s² = 1), or the time of flow
/// matching (a + s = 1). The level is s/a, which k-diffusion and diffusers call sigma.
/// </summary>
/// <remarks>
/// As diffusers defines them: with β_0 … β_{N-1}, α̅_i = Π_{j≤i} (1 - β_j) and the level at training step i is √((1 - α̅_i)/α̅_i). Between two steps its
/// logarithm is linear in the step.
/// </remarks>
public sealed class TrainingSchedule : IEquatable<TrainingSchedule>
{
    /// <summary>The usual number of training steps.</summary>
    public const int UsualSteps = UsualBetas.Steps;

    private readonly string _name;
    private readonly double[] _logSigmas;

    private TrainingSchedule(string name, IEnumerable<double> betas)
    {
        _name = name;
        double product = 1;
        Sigmas = [.. betas.Select(beta =>
        {
            product *= 1 - beta;
            return Math.Sqrt((1 - product) / product);
        })];
        _logSigmas = [.. Sigmas.Select(sigma => Math.Log(sigma))];
    }

    /// <summary>Flow matching, x = (1 - t) x_0 + t ε: the time is t, from 0 to 1. A shift changes at which t one samples, not what t means.</summary>
    public static TrainingSchedule Flow { get; } = new("flow matching", []);

    /// <summary>The noise level of each training step, increasing; empty for <see cref="Flow"/>.</summary>
    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>Whether it is <see cref="Flow"/>.</summary>
    internal bool IsFlow => Sigmas.Count == 0;

    /// <summary>β in equal steps. The defaults are those of DDPM (Ho, Jain and Abbeel, arXiv:2006.11239).</summary>
    /// <param name="steps">N, at least 2.</param>
    /// <param name="betaStart">β_0, positive and less than 1.</param>
    /// <param name="betaEnd">β_{N-1}, from <paramref name="betaStart"/> to less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static TrainingSchedule Linear(int steps = UsualSteps, double betaStart = UsualBetas.LinearStart, double betaEnd = UsualBetas.LinearEnd)
    {
        Check(steps, betaStart, betaEnd);
        return new("linear betas", Even(steps, betaStart, betaEnd));
    }

    /// <summary>√β in equal steps. The defaults are those of Stable Diffusion (arXiv:2112.10752).</summary>
    /// <param name="steps">N, at least 2.</param>
    /// <param name="betaStart">β_0, positive and less than 1.</param>
    /// <param name="betaEnd">β_{N-1}, from <paramref name="betaStart"/> to less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static TrainingSchedule ScaledLinear(
        int steps = UsualSteps, double betaStart = UsualBetas.ScaledLinearStart, double betaEnd = UsualBetas.ScaledLinearEnd)
    {
        Check(steps, betaStart, betaEnd);
        return new("scaled linear betas", Even(steps, Math.Sqrt(betaStart), Math.Sqrt(betaEnd)).Select(root => root * root));
    }

    /// <summary>α̅ as a squared cosine, no β above 0.999 (Nichol and Dhariwal, arXiv:2102.09672): diffusers' squaredcos_cap_v2.</summary>
    /// <param name="steps">N, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are less than two steps.</exception>
    public static TrainingSchedule SquaredCosine(int steps = UsualSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        return new("a squared cosine", Enumerable.Range(0, steps).Select(i => Math.Min(1 - Signal(i + 1) / Signal(i), 0.999)));

        double Signal(int step)
        {
            double cosine = Math.Cos(((double)step / steps + 0.008) / 1.008 * Math.PI / 2);
            return cosine * cosine;
        }
    }

    /// <summary>Given betas, as diffusers' trained_betas.</summary>
    /// <param name="betas">β_0 … β_{N-1}, at least two, each positive and less than 1.</param>
    /// <exception cref="ArgumentException">There are less than two, or one is out of its range.</exception>
    public static TrainingSchedule FromBetas(IReadOnlyList<double> betas)
    {
        ArgumentNullException.ThrowIfNull(betas);
        if (betas.Count < 2) throw new ArgumentException($"There are {betas.Count} betas; there must be at least 2.", nameof(betas));
        for (int i = 0; i < betas.Count; i++)
            if (!(betas[i] > 0 && betas[i] < 1))
                throw new ArgumentException($"Beta {i} is {PortableNumber.Format(betas[i])}; it must be positive and less than 1.", nameof(betas));
        return new($"{betas.Count} given betas", betas);
    }

    /// <summary>The time of a noise level, fractional between two steps.</summary>
    /// <param name="sigma">s/a, at least 0; infinite where there is no signal. Beyond the levels of the training steps it is the first or last step.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is negative or NaN.</exception>
    public double TimeOf(double sigma)
    {
        if (!(sigma >= 0)) throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The noise level must be at least 0.");
        if (IsFlow) return double.IsInfinity(sigma) ? 1 : sigma / (1 + sigma);
        double level = Math.Log(sigma);
        if (level <= _logSigmas[0]) return 0;
        if (level >= _logSigmas[^1]) return _logSigmas.Length - 1;
        int found = Array.BinarySearch(_logSigmas, level);
        if (found >= 0) return found;
        int above = ~found;
        return above - 1 + (level - _logSigmas[above - 1]) / (_logSigmas[above] - _logSigmas[above - 1]);
    }

    /// <summary>The noise level at a time: the inverse of <see cref="TimeOf"/>.</summary>
    /// <param name="time">From 0 to the last training step, or to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of that range.</exception>
    public double SigmaOf(double time)
    {
        double last = IsFlow ? 1 : _logSigmas.Length - 1;
        if (!(time >= 0 && time <= last)) throw new ArgumentOutOfRangeException(nameof(time), time, $"The time must be between 0 and {last}.");
        if (IsFlow) return time / (1 - time);
        int below = (int)time;
        if (below == time) return Sigmas[below];
        double share = time - below;
        return Math.Exp((1 - share) * _logSigmas[below] + share * _logSigmas[below + 1]);
    }

    /// <summary>Whether two schedules have the same levels.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(TrainingSchedule? other) => other is not null && Sigmas.SequenceEqual(other.Sigmas);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrainingSchedule);

    /// <inheritdoc/>
    public override int GetHashCode() => IsFlow ? 0 : (Sigmas.Count, Sigmas[0], Sigmas[^1]).GetHashCode();

    /// <summary>The schedule in words.</summary>
    public override string ToString() => _name;

    private static IEnumerable<double> Even(int steps, double first, double last)
        => Enumerable.Range(0, steps).Select(i => first + (last - first) * i / (steps - 1));

    private static void Check(int steps, double betaStart, double betaEnd)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        if (!(betaStart > 0 && betaStart < 1))
            throw new ArgumentOutOfRangeException(nameof(betaStart), betaStart, "The first beta must be positive and less than 1.");
        if (!(betaEnd >= betaStart && betaEnd < 1))
            throw new ArgumentOutOfRangeException(nameof(betaEnd), betaEnd, "The last beta must be at least the first one and less than 1.");
    }
}
