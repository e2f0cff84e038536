using System.Globalization;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics;

/// <summary>
/// The noise levels that a network was trained on, and how it counts them: training steps of a variance-preserving process (a² + s² = 1), or the time of flow
/// matching (a + s = 1). The level is s/a, which k-diffusion and diffusers call sigma.
/// </summary>
/// <remarks>
/// As diffusers defines them: with β_0 … β_{N-1}, α̅_i = Π_{j≤i} (1 - β_j) and the level at training step i is √((1 - α̅_i)/α̅_i). Between two steps its
/// logarithm is linear in the step. <see cref="VariancePreservingProcess"/> is the process in that time.
/// </remarks>
public sealed class TrainingSchedule : IEquatable<TrainingSchedule>
{
    /// <summary>The usual number of training steps.</summary>
    public const int UsualSteps = UsualBetas.Steps;

    private readonly string _name;
    private readonly double[] _logSigmas;

    private TrainingSchedule(NoiseSchedule kind, string name, string words, IReadOnlyList<double> betas)
    {
        (Kind, _name, Words, Betas) = (kind, name, words, [.. betas]);
        double[] sigmas = new double[betas.Count];
        // 1 - α̅ as a sum of positive terms: the first levels would lose digits to the difference.
        double signal = 1, noise = 0;
        for (int i = 0; i < sigmas.Length; i++)
        {
            noise += betas[i] * signal;
            signal *= 1 - betas[i];
            sigmas[i] = Math.Sqrt(noise / signal);
        }
        Sigmas = sigmas;
        _logSigmas = [.. sigmas.Select(PortableMath.Log)];
    }

    /// <summary>Flow matching, x = (1 - t) x_0 + t ε: the time is t, from 0 to 1. A shift changes at which t one samples, not what t means.</summary>
    public static TrainingSchedule Flow { get; } = new(NoiseSchedule.Flow, "flow matching", "flow matching", []);

    /// <summary>The noise level of each training step, increasing; empty for <see cref="Flow"/>.</summary>
    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>β_0 … β_{N-1}; empty for <see cref="Flow"/>.</summary>
    internal IReadOnlyList<double> Betas { get; }

    /// <summary>Which one it is; <see cref="NoiseSchedule.Process"/> for given betas.</summary>
    internal NoiseSchedule Kind { get; }

    /// <summary>Whether it is <see cref="Flow"/>.</summary>
    internal bool IsFlow => Sigmas.Count == 0;

    /// <summary>The last time: N - 1, or 1.</summary>
    internal double LastTime => IsFlow ? 1 : Sigmas.Count - 1;

    /// <summary>The schedule with its numbers.</summary>
    internal string Words { get; }

    /// <summary>The first training step whose level is not a number above that of the step before; null if there is none.</summary>
    internal int? FirstUnresolvedStep
    {
        get
        {
            for (int i = 0; i < _logSigmas.Length; i++)
            {
                double level = _logSigmas[i];
                if (double.IsNaN(level) || double.IsInfinity(level) || (i > 0 && !(level > _logSigmas[i - 1]))) return i;
            }
            return null;
        }
    }

    /// <summary>β in equal steps. The defaults are those of DDPM (Ho, Jain and Abbeel, arXiv:2006.11239).</summary>
    /// <param name="steps">N, from 2 to 1000000.</param>
    /// <param name="betaStart">β_0, positive and less than 1.</param>
    /// <param name="betaEnd">β_{N-1}, from <paramref name="betaStart"/> to less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static TrainingSchedule Linear(int steps = UsualSteps, double betaStart = UsualBetas.LinearStart, double betaEnd = UsualBetas.LinearEnd)
    {
        Check(NoiseSchedule.Linear, steps, betaStart, betaEnd);
        const string name = "linear betas";
        return new(NoiseSchedule.Linear, name, Numbered(steps, name, betaStart, betaEnd), Even(steps, betaStart, betaEnd));
    }

    /// <summary>√β in equal steps. The defaults are those of Stable Diffusion (arXiv:2112.10752).</summary>
    /// <param name="steps">N, from 2 to 1000000.</param>
    /// <param name="betaStart">β_0, positive and less than 1.</param>
    /// <param name="betaEnd">β_{N-1}, from <paramref name="betaStart"/> to less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static TrainingSchedule ScaledLinear(
        int steps = UsualSteps, double betaStart = UsualBetas.ScaledLinearStart, double betaEnd = UsualBetas.ScaledLinearEnd)
    {
        Check(NoiseSchedule.ScaledLinear, steps, betaStart, betaEnd);
        double[] roots = Even(steps, Math.Sqrt(betaStart), Math.Sqrt(betaEnd));
        const string name = "scaled linear betas";
        return new(NoiseSchedule.ScaledLinear, name, Numbered(steps, name, betaStart, betaEnd), [.. roots.Select(root => root * root)]);
    }

    /// <summary>α̅ as a squared cosine, no β above 0.999 (Nichol and Dhariwal, arXiv:2102.09672): diffusers' squaredcos_cap_v2.</summary>
    /// <param name="steps">N, from 2 to 1000000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is out of its range.</exception>
    public static TrainingSchedule SquaredCosine(int steps = UsualSteps)
    {
        Check(NoiseSchedule.SquaredCosine, steps, betaStart: null, betaEnd: null);
        return new(
            NoiseSchedule.SquaredCosine, "a squared cosine", $"{steps.ToString(CultureInfo.InvariantCulture)} betas of a squared cosine",
            [.. Enumerable.Range(0, steps).Select(i => Math.Min(1 - Signal(i + 1) / Signal(i), 0.999))]);

        double Signal(int step)
        {
            double cosine = PortableMath.Cos(((double)step / steps + 0.008) / 1.008 * Math.PI / 2);
            return cosine * cosine;
        }
    }

    /// <summary>Given betas, as diffusers' trained_betas.</summary>
    /// <param name="betas">β_0 … β_{N-1}, at least two, each positive and less than 1.</param>
    /// <exception cref="ArgumentException">There are less than two, or one is out of its range.</exception>
    public static TrainingSchedule FromBetas(IReadOnlyList<double> betas)
    {
        if (betas is null) throw new ArgumentNullException(nameof(betas));
        if (TrainingRules.CheckBetas(betas).FirstOrDefault() is { } problem)
        {
            string subject = problem.Element < 0 ? $"The list is {problem.Value}" : $"Beta {problem.Element} is {problem.Value}";
            throw new ArgumentException($"{subject}; it must be {problem.Rule}.", nameof(betas));
        }
        return new(NoiseSchedule.Process, $"{betas.Count} given betas", Numbered(betas.Count, "given betas", betas[0], betas[betas.Count - 1]), betas);
    }

    /// <summary>The time of a noise level, fractional between two steps.</summary>
    /// <param name="sigma">s/a, at least 0; infinite where there is no signal. Beyond the levels of the training steps it is the first or last step.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is negative or NaN.</exception>
    public double TimeOf(double sigma)
    {
        if (!(sigma >= 0)) throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The noise level must be at least 0.");
        if (IsFlow) return double.IsInfinity(sigma) ? 1 : sigma / (1 + sigma);
        int last = _logSigmas.Length - 1;
        double level = PortableMath.Log(sigma);
        if (level <= _logSigmas[0]) return 0;
        if (level >= _logSigmas[last]) return last;
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
        if (!(time >= 0 && time <= LastTime))
            throw new ArgumentOutOfRangeException(nameof(time), time, $"The time must be between 0 and {PortableNumber.Format(LastTime)}.");
        if (IsFlow) return time / (1 - time);
        int below = (int)time;
        if (below == time) return Sigmas[below];
        double share = time - below;
        return PortableMath.Exp((1 - share) * _logSigmas[below] + share * _logSigmas[below + 1]);
    }

    /// <summary>Whether two schedules have the same levels.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(TrainingSchedule? other) => other is not null && Sigmas.SequenceEqual(other.Sigmas);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrainingSchedule);

    /// <inheritdoc/>
    public override int GetHashCode() => IsFlow ? 0 : (Sigmas.Count, Sigmas[0], Sigmas[Sigmas.Count - 1]).GetHashCode();

    /// <summary>The schedule in words.</summary>
    public override string ToString() => _name;

    /// <summary>The rate of log(s/a) at a time; at a training step that of the interval below, into which sampling goes.</summary>
    /// <param name="time">From 0 to the last training step.</param>
    internal double LogRate(double time)
    {
        int above = Math.Max(1, (int)Math.Ceiling(time));
        return _logSigmas[above] - _logSigmas[above - 1];
    }

    private static double[] Even(int steps, double first, double last)
        => [.. Enumerable.Range(0, steps).Select(i => first + (last - first) * i / (steps - 1))];

    private static string Numbered(int steps, string noun, double first, double last)
        => $"{steps.ToString(CultureInfo.InvariantCulture)} {noun} from {PortableNumber.Format(first)} to {PortableNumber.Format(last)}";

    private static void Check(NoiseSchedule kind, int steps, double? betaStart, double? betaEnd)
    {
        if (TrainingRules.Check(kind, steps, betaStart, betaEnd, []).FirstOrDefault() is not { } problem) return;
        string argument = char.ToLowerInvariant(problem.Part.ToString()[0]) + problem.Part.ToString().Substring(1);
        throw new ArgumentOutOfRangeException(argument, $"{argument} is {problem.Value}; it must be {problem.Rule}.");
    }
}
