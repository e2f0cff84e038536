using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of networks, FLOW0701.</summary>
internal static class NetworkValidator
{
    private const int MaxSteps = 1_000_000;

    private const string BetaRule = "it must be positive and less than 1";

    /// <summary>Whether a network is valid.</summary>
    /// <param name="spec">Its model.</param>
    /// <param name="network">The network.</param>
    /// <param name="issues">Receives what is wrong.</param>
    public static bool Check(ModelSpec spec, NetworkSpec network, List<Issue> issues)
    {
        int before = issues.Count;
        CheckDefined(network.Prediction, nameof(NetworkSpec.Prediction));
        CheckDefined(network.Time, nameof(NetworkSpec.Time));
        if (!Numbers.IsFinite(network.TimeScale) || network.TimeScale == 0)
            Report(nameof(NetworkSpec.TimeScale), PortableNumber.Format(network.TimeScale), "it must be finite and not 0");
        if (!Numbers.IsPositiveFinite(network.DataDeviation))
            Report(nameof(NetworkSpec.DataDeviation), PortableNumber.Format(network.DataDeviation), "it must be positive and finite");
        CheckTraining(network.Training, Report);
        if (network.Prediction == Prediction.Velocity && network.Training.IsDiscrete)
            Report(
                nameof(NetworkSpec.Prediction), "Velocity", "training steps have no rate between them: such networks predict Noise, Data, Score or VPrediction");
        if (network.Prediction == Prediction.Preconditioned && network.Training.IsOther)
            Report(nameof(NetworkSpec.Prediction), "Preconditioned", "it has a scale of its own; leave Training and Betas out");
        return issues.Count == before;

        void CheckDefined<T>(T value, string argument)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(typeof(T), value)) Report(argument, $"{value}", $"it must be one of {string.Join(", ", Enum.GetNames(typeof(T)))}");
        }

        void Report(string argument, string value, string rule) => issues.Add(new Issue(
            DiagnosticIds.NetworkInvalid, new Site(SitePart.Network, network.Index, argument), spec.Type.DisplayName, network.Name, argument, value, rule));
    }

    private static void CheckTraining(TrainingSpec training, Action<string, string, string> report)
    {
        if (!Enum.IsDefined(typeof(NoiseSchedule), training.Kind))
            report("Training", $"{training.Kind}", $"it must be one of {string.Join(", ", Enum.GetNames(typeof(NoiseSchedule)))}");
        else if (training.Betas.Count > 0 && training.Kind != NoiseSchedule.Process)
            report("Training", $"{training.Kind}", "keep it or Betas, not both");
        if (training.Steps is < 2 or > MaxSteps) report("TrainingSteps", $"{training.Steps}", $"it must be between 2 and {MaxSteps}");
        if (training.BetaStart is { } first && !IsBeta(first)) report("BetaStart", PortableNumber.Format(first), BetaRule);
        if (training.BetaEnd is { } last && !IsBeta(last)) report("BetaEnd", PortableNumber.Format(last), BetaRule);
        else if (First(training) > Last(training))
            report("BetaEnd", PortableNumber.Format(Last(training)), $"it must be at least BetaStart, {PortableNumber.Format(First(training))}");
        if (training.Betas.Count == 1) report("Betas", "a single number", "there must be at least 2");
        for (int i = 0; i < training.Betas.Count; i++)
            if (!IsBeta(training.Betas[i])) report("Betas", $"{PortableNumber.Format(training.Betas[i])} at {i}", BetaRule);
    }

    private static double First(TrainingSpec training)
        => training.BetaStart ?? (training.Kind == NoiseSchedule.ScaledLinear ? UsualBetas.ScaledLinearStart : UsualBetas.LinearStart);

    private static double Last(TrainingSpec training)
        => training.BetaEnd ?? (training.Kind == NoiseSchedule.ScaledLinear ? UsualBetas.ScaledLinearEnd : UsualBetas.LinearEnd);

    private static bool IsBeta(double value) => value > 0 && value < 1;
}
