using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads <c>[Component]</c>.</summary>
internal static class ComponentAttributeReader
{
    private static readonly (string Argument, CovarianceType Kind)[] s_covariances =
    [
        ("Variance", CovarianceType.Isotropic),
        ("Variances", CovarianceType.Diagonal),
        ("Covariance", CovarianceType.Full),
    ];

    /// <summary>A component; null where an argument cannot be read or the covariance is not given once.</summary>
    public static ComponentSpec? Read(AttributeData data, int index, string typeName, List<Issue> issues, CancellationToken cancellationToken)
    {
        AttributeValues values = new(data, cancellationToken);
        double weight = values.Double("weight");
        EquatableArray<double> mean = values.Doubles("mean");
        List<(string Argument, CovarianceType Kind, EquatableArray<double> Values)> given = [];
        foreach ((string argument, CovarianceType kind) in s_covariances)
        {
            if (!values.Has(argument)) continue;
            given.Add((argument, kind, kind == CovarianceType.Isotropic
                ? new EquatableArray<double>([values.Double(argument)])
                : values.Doubles(argument)));
        }
        if (!values.IsReadable) return null;
        if (given.Count == 1) return new ComponentSpec(weight, mean, given[0].Kind, given[0].Values);

        issues.Add(new Issue(
            DiagnosticIds.CovarianceNotGivenOnce,
            new Site(SitePart.Component, index, given.Count == 0 ? "" : given[1].Argument),
            typeName, $"{index}", given.Count == 0 ? "no covariance" : string.Join(" and ", given.Select(g => g.Argument))));
        return null;
    }
}
