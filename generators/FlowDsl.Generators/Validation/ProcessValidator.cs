using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of processes, FLOW02xx.</summary>
internal static class ProcessValidator
{
    /// <summary>The process; null where it is not valid.</summary>
    public static Process? Read(ModelSpec spec, List<Issue> issues)
    {
        (ProcessDefinition kind, EquatableArray<double> values, TrainingSpec? training) = spec.Process;
        if (training is not null)
        {
            if (!CheckTraining(spec, training, issues)) return null;
            kind = kind.On(training.Schedule);
        }
        IReadOnlyList<ProcessProblem> problems = kind.Check(values);
        foreach (ProcessProblem problem in problems)
        {
            issues.Add(new Issue(
                problem.Parameter == kind.EarlyStop ? DiagnosticIds.EarlyStopOutOfRange : DiagnosticIds.ProcessParameterOutOfRange,
                new Site(SitePart.Process, 0, problem.Parameter.Name),
                spec.Type.DisplayName, problem.Parameter.Name, PortableNumber.Format(problem.Value), problem.Rule));
        }
        if (problems.Count > 0) return null;
        Process result = kind.Create(values);
        if (result.Unresolved is not { } unresolved) return result;
        issues.Add(new Issue(
            DiagnosticIds.ProcessUnresolved, new Site(SitePart.Process, 0, unresolved.Parameter), spec.Type.DisplayName, unresolved.Description));
        return null;
    }

    /// <summary>Whether the score exists where sampling stops.</summary>
    public static bool CheckEnd(ModelSpec spec, Mixture mixture, Process process, List<Issue> issues)
    {
        if (!process.StopsAtData) return true;
        int singular = 0;
        while (singular < mixture.Count && !IsSingular(mixture.Covariances[singular])) singular++;
        if (singular == mixture.Count) return true;
        string early = spec.Process.Kind.EarlyStop.Name;
        issues.Add(new Issue(
            DiagnosticIds.SingularAtTimeZero, new Site(SitePart.Process, 0, early), spec.Type.DisplayName, early, $"{singular}"));
        return false;
    }

    private static bool CheckTraining(ModelSpec spec, TrainingSpec training, List<Issue> issues)
    {
        int before = issues.Count;
        foreach (TrainingProblem problem in training.Check())
            Report(problem.Part, problem.Value, problem.Rule, problem.Element);
        if (issues.Count == before && training is { Betas.Count: 0, Kind: NoiseSchedule.Process or NoiseSchedule.Flow })
            Report(TrainingPart.Schedule, $"{training.Kind}", "Linear, ScaledLinear or SquaredCosine, unless Betas are given", -1);
        if (issues.Count == before && VariancePreservingProcess.Problem(training.Schedule) is { } unresolved)
            issues.Add(new Issue(
                DiagnosticIds.ProcessUnresolved, new Site(SitePart.Process, 0, training.Betas.Count > 0 ? nameof(TrainingSpec.Betas) : "Schedule"),
                spec.Type.DisplayName, unresolved));
        return issues.Count == before;

        void Report(TrainingPart part, string value, string rule, int element) => issues.Add(new Issue(
            DiagnosticIds.ProcessParameterOutOfRange, new Site(SitePart.Process, 0, part.ToString(), element),
            spec.Type.DisplayName, part.ToString(), value, rule));
    }

    // Eigenvalues of a matrix that is singular as written come out as rounding, of either sign; variances as written are exact.
    private static bool IsSingular(Covariance covariance)
        => covariance.Basis is null ? covariance.MinVariance == 0 : covariance.MinVariance <= 1e-12 * covariance.MaxVariance;
}
