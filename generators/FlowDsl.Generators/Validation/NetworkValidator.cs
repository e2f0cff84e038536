using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of networks, FLOW0701.</summary>
internal static class NetworkValidator
{
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
        foreach (TrainingProblem problem in network.Training.Check())
        {
            string argument = problem.Part switch
            {
                TrainingPart.Schedule => nameof(NetworkSpec.Training),
                TrainingPart.Steps => "TrainingSteps",
                _ => problem.Part.ToString(),
            };
            Report(argument, problem.Value, $"it must be {problem.Rule}", problem.Element);
        }
        if (network.Prediction == Prediction.Velocity && network.Training.IsDiscrete)
            Report(
                nameof(NetworkSpec.Prediction), "Velocity",
                "training steps have no rate between them: such networks predict Noise, Data, Score or VPrediction");
        if (network.Prediction == Prediction.Preconditioned && network.Training.IsOther)
            Report(nameof(NetworkSpec.Prediction), "Preconditioned", "it has a scale of its own; leave Training and Betas out");
        return issues.Count == before;

        void CheckDefined<T>(T value, string argument)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(typeof(T), value)) Report(argument, $"{value}", $"it must be one of {string.Join(", ", Enum.GetNames(typeof(T)))}");
        }

        void Report(string argument, string value, string rule, int element = -1) => issues.Add(new Issue(
            DiagnosticIds.NetworkInvalid, new Site(SitePart.Network, network.Index, argument, element),
            spec.Type.DisplayName, network.Name, argument, value, rule));
    }
}
