using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>The components of a mixture: weights, means, covariances.</summary>
internal static class ComponentTable
{
    private const int MostRows = 20, MostValues = 8;

    /// <summary>Writes the table.</summary>
    public static string Of(Mixture mixture) => NumberTable.Of(
        mixture.Count > MostRows ? $"The first {MostRows} of {Notation.Count(mixture.Count)} components" : mixture.Count == 1 ? "The component" : "Components",
        ["k", "weight", "<mean", "<covariance"],
        Enumerable.Range(0, Math.Min(mixture.Count, MostRows)).Select(k => new[]
        {
            Notation.Count(k + 1), Notation.Of(mixture.Weights[k], 4), Vector(mixture.Means[k]), Describe(mixture.Covariances[k]),
        }));

    private static string Describe(Covariance covariance)
    {
        int d = covariance.Dimension;
        if (covariance.IsIsotropic) return d == 1 ? Notation.Of(covariance.MinVariance, 4) : $"{Notation.Of(covariance.MinVariance, 4)} I";
        if (covariance.Basis is null) return $"diag {Vector(covariance.Variances)}";
        // A small matrix can be read; of a large one the principal variances say more.
        if (d > 3) return $"full, principal variances {Vector(covariance.Variances)}";
        IEnumerable<int> axes = Enumerable.Range(0, d);
        return "[" + string.Join("; ", axes.Select(i => string.Join(", ", axes.Select(j => Notation.Of(covariance.Matrix[i * d + j], 4))))) + "]";
    }

    private static string Vector(ImmutableArray<double> values)
        => values.Length == 1 ? Notation.Of(values[0], 4)
            : "(" + string.Join(", ", values.Take(MostValues).Select(value => Notation.Of(value, 4))) + (values.Length > MostValues ? ", …)" : ")");
}
