using System.Globalization;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Processes;

/// <summary>What declared training steps must be.</summary>
internal static class TrainingRules
{
    /// <summary>The maximum number of training steps.</summary>
    public const int MaxSteps = 1_000_000;

    private const string BetaRule = "positive and less than 1";

    /// <summary>What is wrong with a declaration.</summary>
    /// <param name="kind">The schedule; <see cref="NoiseSchedule.Process"/> with betas too.</param>
    /// <param name="steps">N.</param>
    /// <param name="betaStart">The first β; null for the usual one.</param>
    /// <param name="betaEnd">The last β; null for the usual one.</param>
    /// <param name="betas">All of them; empty for a named schedule.</param>
    public static IEnumerable<TrainingProblem> Check(NoiseSchedule kind, int steps, double? betaStart, double? betaEnd, IReadOnlyList<double> betas)
    {
        if (!Enum.IsDefined(typeof(NoiseSchedule), kind))
            yield return new(TrainingPart.Schedule, $"{kind}", $"one of {string.Join(", ", Enum.GetNames(typeof(NoiseSchedule)))}");
        else if (betas.Count > 0 && kind != NoiseSchedule.Process)
            yield return new(TrainingPart.Schedule, $"{kind}", "left out where Betas are given");
        if (steps is < 2 or > MaxSteps)
            yield return new(
                TrainingPart.Steps, steps.ToString(CultureInfo.InvariantCulture), $"between 2 and {MaxSteps.ToString(CultureInfo.InvariantCulture)}");
        double first = betaStart ?? UsualBetas.First(kind), last = betaEnd ?? UsualBetas.Last(kind);
        if (!IsBeta(first)) yield return new(TrainingPart.BetaStart, PortableNumber.Format(first), BetaRule);
        if (!IsBeta(last)) yield return new(TrainingPart.BetaEnd, PortableNumber.Format(last), BetaRule);
        else if (first > last) yield return new(TrainingPart.BetaEnd, PortableNumber.Format(last), $"at least BetaStart, {PortableNumber.Format(first)}");
        if (betas.Count == 0) yield break;
        foreach (TrainingProblem problem in CheckBetas(betas)) yield return problem;
    }

    /// <summary>What is wrong with a list of betas.</summary>
    /// <param name="betas">The betas.</param>
    public static IEnumerable<TrainingProblem> CheckBetas(IReadOnlyList<double> betas)
    {
        if (betas.Count < 2) yield return new(TrainingPart.Betas, betas.Count == 0 ? "empty" : "a single number", "a list of at least 2");
        for (int i = 0; i < betas.Count; i++)
            if (!IsBeta(betas[i])) yield return new(TrainingPart.Betas, PortableNumber.Format(betas[i]), BetaRule, i);
    }

    private static bool IsBeta(double value) => value > 0 && value < 1;
}

/// <summary>The parts of a declaration of training steps, by their names in constructors; attributes have names of their own.</summary>
internal enum TrainingPart
{
    Schedule,
    Steps,
    BetaStart,
    BetaEnd,
    Betas,
}

/// <summary>Why numbers do not make training steps. Constructors throw this; the generator reports it at its place.</summary>
/// <param name="Part">The part of the declaration.</param>
/// <param name="Value">Its value as text.</param>
/// <param name="Rule">What it must be, as words that follow "must be".</param>
/// <param name="Element">The element of a list, or -1.</param>
internal sealed record TrainingProblem(TrainingPart Part, string Value, string Rule, int Element = -1);
