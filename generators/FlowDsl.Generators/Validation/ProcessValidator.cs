using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of processes, FLOW02xx.</summary>
internal static class ProcessValidator
{
    /// <summary>The process; null where it is not valid.</summary>
    public static Process? Read(ModelSpec spec, List<Issue> issues)
    {
        ProcessSpec process = spec.Process;
        var declaration = ProcessDeclaration.Of(process.Kind);
        int before = issues.Count;
        CheckPositive(spec, "Beta", process.Beta, issues);
        CheckPositive(spec, "Sigma", process.Sigma, issues);
        if (double.IsInfinity(declaration.MaxHorizon)) CheckPositive(spec, declaration.Horizon, process.Horizon, issues);
        else
        {
            bool isValid = process.Horizon > 0 && process.Horizon <= declaration.MaxHorizon;
            Check(spec, declaration.Horizon, process.Horizon, isValid, $"positive and at most {PortableNumber.Format(declaration.MaxHorizon)}", issues);
        }
        if (issues.Count > before) return null;

        if (!(process.EarlyStop >= 0) || process.EarlyStop >= process.Horizon)
        {
            issues.Add(new Issue(
                DiagnosticIds.EarlyStopOutOfRange, new Site(SitePart.Process, 0, declaration.EarlyStop),
                spec.Type.DisplayName, declaration.EarlyStop, PortableNumber.Format(process.EarlyStop),
                declaration.Horizon, PortableNumber.Format(process.Horizon)));
            return null;
        }
        Process result = process.Kind switch
        {
            ProcessKind.OrnsteinUhlenbeck => new OrnsteinUhlenbeckProcess(process.Beta, process.Horizon, process.EarlyStop, process.Sigma),
            ProcessKind.VarianceExploding => new VarianceExplodingProcess(process.EarlyStop, process.Horizon),
            ProcessKind.LinearInterpolant => new LinearInterpolantProcess(process.EarlyStop, process.Horizon),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), process.Kind, "No such process."),
        };
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
        string early = ProcessDeclaration.Of(spec.Process.Kind).EarlyStop;
        issues.Add(new Issue(
            DiagnosticIds.SingularAtTimeZero, new Site(SitePart.Process, 0, early), spec.Type.DisplayName, early, $"{singular}"));
        return false;
    }

    // Eigenvalues of a matrix that is singular as written come out as rounding, of either sign; variances as written are exact.
    private static bool IsSingular(Covariance covariance)
        => covariance.Basis is null ? covariance.MinVariance == 0 : covariance.MinVariance <= 1e-12 * covariance.MaxVariance;

    private static void CheckPositive(ModelSpec spec, string argument, double value, List<Issue> issues)
        => Check(spec, argument, value, Numbers.IsPositiveFinite(value), "positive and finite", issues);

    private static void Check(ModelSpec spec, string argument, double value, bool isValid, string rule, List<Issue> issues)
    {
        if (isValid) return;
        issues.Add(new Issue(
            DiagnosticIds.ProcessParameterOutOfRange, new Site(SitePart.Process, 0, argument),
            spec.Type.DisplayName, argument, PortableNumber.Format(value), rule));
    }
}
