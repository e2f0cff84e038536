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
        (ProcessDefinition kind, EquatableArray<double> values) = spec.Process;
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
    public static bool CheckEnd(ModelSpec spec, Mixture mixture, List<Issue> issues)
    {
        if (spec.Process.EarlyStop > 0) return true;
        int singular = 0;
        while (singular < mixture.Count && !IsSingular(mixture.Covariances[singular])) singular++;
        if (singular == mixture.Count) return true;
        string early = spec.Process.Kind.EarlyStop.Name;
        issues.Add(new Issue(
            DiagnosticIds.SingularAtTimeZero, new Site(SitePart.Process, 0, early), spec.Type.DisplayName, early, $"{singular}"));
        return false;
    }

    // Eigenvalues of a matrix that is singular as written come out as rounding, of either sign; variances as written are exact.
    private static bool IsSingular(Covariance covariance)
        => covariance.Basis is null ? covariance.MinVariance == 0 : covariance.MinVariance <= 1e-12 * covariance.MaxVariance;
}
