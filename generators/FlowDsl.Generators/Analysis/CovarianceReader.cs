using FlowDsl.Analysis;

namespace FlowDsl.Generators;

/// <summary>The rules of one component's covariance.</summary>
internal static class CovarianceReader
{
    /// <summary>How many values a covariance of a kind has.</summary>
    public static long Length(CovarianceKind kind, int dimension) => kind switch
    {
        CovarianceKind.Isotropic => 1,
        CovarianceKind.Diagonal => dimension,
        CovarianceKind.Full => (long)dimension * dimension,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The covariance; null where it is not valid.</summary>
    public static Covariance? Read(ModelSpec spec, int k, List<Issue> issues)
    {
        ComponentSpec component = spec.Components[k];
        string argument = component.Kind switch
        {
            CovarianceKind.Isotropic => "Variance",
            CovarianceKind.Diagonal => "Variances",
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
            case CovarianceKind.Isotropic:
                return AreVariances(spec, k, argument, values, issues) ? Covariance.Isotropic(spec.Dimension, values[0]) : null;
            case CovarianceKind.Diagonal:
                return AreVariances(spec, k, argument, values, issues) ? Covariance.Diagonal(values) : null;
            default:
                return Full(spec, k, values, issues);
        }
    }

    private static bool AreVariances(ModelSpec spec, int k, string argument, double[] values, List<Issue> issues)
    {
        int before = issues.Count;
        bool isArray = argument == "Variances";
        for (int j = 0; j < values.Length; j++)
        {
            if (values[j] >= 0 && !double.IsInfinity(values[j])) continue;
            issues.Add(new Issue(
                DiagnosticIds.VarianceOutOfRange, new Site(SitePart.Component, k, argument, isArray ? j : -1),
                spec.Type.DisplayName, $"{k}", isArray ? $"{argument}[{j}]" : argument, PortableNumber.Format(values[j])));
        }
        return issues.Count == before;
    }

    private static Covariance? Full(ModelSpec spec, int k, double[] matrix, List<Issue> issues)
    {
        int d = spec.Dimension, before = issues.Count;
        double largest = 0;
        for (int i = 0; i < matrix.Length; i++)
        {
            if (Numbers.IsFinite(matrix[i])) largest = Math.Max(largest, Math.Abs(matrix[i]));
            else NotSymmetric(i, $"has {PortableNumber.Format(matrix[i])} at ({i / d}, {i % d})");
        }
        if (issues.Count > before) return null;

        for (int i = 0; i < d; i++)
        {
            for (int j = i + 1; j < d; j++)
            {
                double upper = matrix[i * d + j], lower = matrix[j * d + i];
                if (Math.Abs(upper - lower) <= Covariance.SymmetryTolerance * largest) continue;
                NotSymmetric(j * d + i, $"has {PortableNumber.Format(upper)} at ({i}, {j}) but {PortableNumber.Format(lower)} at ({j}, {i})");
                // One pair says it; a matrix in the wrong order would have hundreds.
                return null;
            }
        }

        if (Covariance.TryFull(d, matrix, out double leastEigenvalue) is { } covariance) return covariance;
        issues.Add(new Issue(
            DiagnosticIds.CovarianceNotPositiveSemidefinite, new Site(SitePart.Component, k, "Covariance"),
            spec.Type.DisplayName, $"{k}", PortableNumber.Format(leastEigenvalue, 6)));
        return null;

        void NotSymmetric(int element, string what) => issues.Add(new Issue(
            DiagnosticIds.CovarianceNotSymmetric, new Site(SitePart.Component, k, "Covariance", element), spec.Type.DisplayName, $"{k}", what));
    }
}
