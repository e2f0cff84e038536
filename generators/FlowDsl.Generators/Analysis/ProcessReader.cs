using FlowDsl.Analysis;

namespace FlowDsl.Generators;

/// <summary>The rules of processes, FLOW02xx.</summary>
internal static class ProcessReader
{
    /// <summary>The process; null where it is not valid.</summary>
    public static Process? Read(ModelSpec spec, List<Issue> issues)
    {
        ProcessSpec process = spec.Process;
        int before = issues.Count;
        switch (process.Kind)
        {
            case ProcessKind.OrnsteinUhlenbeck:
                CheckPositive(spec, "Beta", process.Beta, issues);
                CheckPositive(spec, "Sigma", process.Sigma, issues);
                CheckPositive(spec, "Horizon", process.Horizon, issues);
                break;
            case ProcessKind.VarianceExploding:
                CheckPositive(spec, "SigmaMax", process.Horizon, issues);
                break;
            case ProcessKind.LinearInterpolant:
                Check(spec, "Horizon", process.Horizon, process.Horizon is > 0 and <= 1, "positive and at most 1", issues);
                break;
        }
        if (issues.Count > before) return null;

        if (!(process.EarlyStop >= 0) || process.EarlyStop >= process.Horizon)
        {
            (string early, string horizon) = EndNames(process.Kind);
            issues.Add(new Issue(
                DiagnosticIds.EarlyStopOutOfRange, new Site(SitePart.Process, 0, early),
                spec.Type.DisplayName, early, PortableNumber.Format(process.EarlyStop), horizon, PortableNumber.Format(process.Horizon)));
            return null;
        }
        return process.Kind switch
        {
            ProcessKind.OrnsteinUhlenbeck => new OrnsteinUhlenbeckProcess(process.Beta, process.Horizon, process.EarlyStop, process.Sigma),
            ProcessKind.VarianceExploding => new VarianceExplodingProcess(process.EarlyStop, process.Horizon),
            ProcessKind.LinearInterpolant => new LinearInterpolantProcess(process.EarlyStop, process.Horizon),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), process.Kind, null),
        };
    }

    /// <summary>Whether the score exists where sampling stops.</summary>
    public static bool CheckEnd(ModelSpec spec, Mixture mixture, List<Issue> issues)
    {
        if (spec.Process.EarlyStop > 0) return true;
        int singular = Array.FindIndex(mixture.Covariances, IsSingular);
        if (singular < 0) return true;
        string early = EndNames(spec.Process.Kind).Early;
        issues.Add(new Issue(
            DiagnosticIds.SingularAtTimeZero, new Site(SitePart.Process, 0, early), spec.Type.DisplayName, early, $"{singular}"));
        return false;
    }

    /// <summary>What the attribute calls the two ends of the process.</summary>
    public static (string Early, string Horizon) EndNames(ProcessKind kind)
        => kind == ProcessKind.VarianceExploding ? ("SigmaMin", "SigmaMax") : ("EarlyStop", "Horizon");

    // Eigenvalues of a matrix that is singular as written come out as rounding, of either sign; variances as written are exact.
    private static bool IsSingular(Covariance covariance)
        => covariance.Basis is null ? covariance.Least == 0 : covariance.Least <= 1e-12 * covariance.Greatest;

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
