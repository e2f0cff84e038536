using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of one component's covariance.</summary>
internal static class CovarianceValidator
{
    /// <summary>How many values a covariance of a kind has.</summary>
    public static long Length(CovarianceType kind, int dimension) => kind switch
    {
        CovarianceType.Isotropic => 1,
        CovarianceType.Diagonal => dimension,
        CovarianceType.Full => (long)dimension * dimension,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The covariance; null where it is not valid or not to be made.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="k">Which component's.</param>
    /// <param name="isMade">Whether the covariance itself is wanted, not only its problems: it then has the right length for the dimension.</param>
    /// <param name="issues">Receives what is wrong.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Covariance? Read(ModelSpec spec, int k, bool isMade, List<Issue> issues, CancellationToken cancellationToken)
    {
        ComponentSpec component = spec.Components[k];
        string argument = component.Kind switch
        {
            CovarianceType.Isotropic => "Variance",
            CovarianceType.Diagonal => "Variances",
            _ => "Covariance",
        };
        long length = Length(component.Kind, spec.Dimension);
        if (component.Covariance.Count != length)
        {
            issues.Add(new Issue(
                DiagnosticIds.CovarianceLength, new Site(SitePart.Component, k, argument),
                spec.Type.DisplayName, $"{k}", argument, $"{component.Covariance.Count}", $"{length}"));
            return null;
        }

        double[] values = component.Covariance.ToArray();
        switch (component.Kind)
        {
            case CovarianceType.Isotropic:
                return AreVariances(spec, k, argument, values, issues) && isMade ? Covariance.Isotropic(spec.Dimension, values[0]) : null;
            case CovarianceType.Diagonal:
                return AreVariances(spec, k, argument, values, issues) ? Covariance.Diagonal(values) : null;
            default:
                return Full(spec, k, values, issues, cancellationToken);
        }
    }

    private static bool AreVariances(ModelSpec spec, int k, string argument, double[] values, List<Issue> issues)
    {
        int before = issues.Count;
        bool isArray = argument == "Variances";
        for (int j = 0; j < values.Length; j++)
        {
            var site = new Site(SitePart.Component, k, argument, isArray ? j : -1);
            string name = isArray ? $"{argument}[{j}]" : argument;
            if (!(values[j] >= 0) || double.IsInfinity(values[j]))
                issues.Add(new Issue(DiagnosticIds.VarianceOutOfRange, site, spec.Type.DisplayName, $"{k}", name, PortableNumber.Format(values[j])));
            else if (SupportedRange.OfVariance(values[j]) is { } size)
                issues.Add(new Issue(DiagnosticIds.MixtureOutOfRange, site, spec.Type.DisplayName, $"{k}", name, size));
        }
        return issues.Count == before;
    }

    private static Covariance? Full(ModelSpec spec, int k, double[] matrix, List<Issue> issues, CancellationToken cancellationToken)
    {
        int d = spec.Dimension;
        if (Covariance.TryFull(d, matrix, out CovarianceProblem? problem, cancellationToken) is { } covariance) return covariance;
        switch (problem!.Fault)
        {
            case CovarianceFault.NotFinite:
                // All of these are said; of pairs that differ the first one, as a matrix in the wrong order would have hundreds.
                for (int i = 0; i < matrix.Length; i++)
                    if (!Numbers.IsFinite(matrix[i])) NotSymmetric(i, $"has {PortableNumber.Format(matrix[i])} at ({i / d}, {i % d})");
                break;
            case CovarianceFault.OutOfRange:
                issues.Add(new Issue(DiagnosticIds.MixtureOutOfRange, new Site(SitePart.Component, k, "Covariance"), spec.Type.DisplayName, $"{k}",
                    "covariance", problem.Size));
                break;
            case CovarianceFault.NotSymmetric:
                (int row, int column) = (problem.Row, problem.Column);
                NotSymmetric(
                    column * d + row,
                    $"has {PortableNumber.Format(problem.Value)} at ({row}, {column}) but {PortableNumber.Format(problem.Mirrored)} at ({column}, {row})");
                break;
            case CovarianceFault.NotPositiveSemidefinite:
                issues.Add(new Issue(
                    DiagnosticIds.CovarianceNotPositiveSemidefinite, new Site(SitePart.Component, k, "Covariance"),
                    spec.Type.DisplayName, $"{k}", PortableNumber.Format(problem.Value, 6)));
                break;
            default:
                throw new InvalidOperationException($"A covariance with the fault {problem.Fault} is not reported.");
        }
        return null;

        void NotSymmetric(int element, string what) => issues.Add(new Issue(
            DiagnosticIds.CovarianceNotSymmetric, new Site(SitePart.Component, k, "Covariance", element), spec.Type.DisplayName, $"{k}", what));
    }
}
