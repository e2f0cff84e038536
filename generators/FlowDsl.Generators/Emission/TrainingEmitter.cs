using FlowDsl.Generators.Model;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints noise levels of training as the object that has them.</summary>
internal static class TrainingEmitter
{
    /// <summary>Prints one within a line.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="before">What stands before it.</param>
    /// <param name="training">The noise levels: other ones than those of a process.</param>
    /// <param name="after">What stands behind it.</param>
    public static void Write(SourceWriter writer, string before, TrainingSpec training, string after)
    {
        string head = $"{before}{KnownTypes.InFull("TrainingSchedule")}.";
        if (training.Betas.Count > 0) writer.Numbers($"{head}FromBetas(", training.Betas.ToArray(), $"){after}");
        else if (training.Kind == NoiseSchedule.Flow) writer.Line($"{head}Flow{after}");
        else writer.Line($"{head}{training.Kind}({string.Join(", ", Arguments(training))}){after}");
    }

    private static IEnumerable<string> Arguments(TrainingSpec training)
    {
        yield return $"steps: {Invariant.Text(training.Steps)}";
        if (training.Kind == NoiseSchedule.SquaredCosine) yield break;
        if (training.BetaStart is { } first) yield return $"betaStart: {Literals.Number(first)}";
        if (training.BetaEnd is { } last) yield return $"betaEnd: {Literals.Number(last)}";
    }
}
