using System.Collections.Immutable;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Emission;

/// <summary>A mixture and its process in words, for documentation.</summary>
internal static class MixtureText
{
    // Components that the remarks list one by one; a reader of more wants the tables.
    private const int ListedComponents = 16;

    public static IEnumerable<string> Explain(ResolvedModel model)
    {
        Mixture mixture = model.Mixture;
        Process process = model.Process;
        if (model.Data is { } data)
        {
            string dimensions = mixture.Dimension == 1 ? "1 dimension" : $"{mixture.Dimension} dimensions";
            yield return $"<para>The {Literals.Short(data.Moments.Count)} rows of data in {dimensions}, each a Gaussian "
                + $"of variance {Literals.Short(mixture.MeanVariance)}, all of one weight. "
                + $"They are read at run time from a file with the SHA-256 {data.Sha256}.</para>";
            yield return $"<para>No row is farther than {Literals.Short(data.Moments.Radius)} from their mean; from a row to its nearest other one it is "
                + $"{Literals.Short(data.Nearest[0])} to {Literals.Short(data.Nearest[2])}, {Literals.Short(data.Nearest[1])} for half of them.</para>";
            yield return ProcessOf(process);
            yield break;
        }
        yield return $"<para>Mixture of {mixture.Count} Gaussian{(mixture.Count == 1 ? "" : "s")} in {mixture.Dimension} "
            + $"dimension{(mixture.Dimension == 1 ? "" : "s")}, mean variance {Literals.Short(mixture.MeanVariance)}:</para>";
        foreach (string line in List(mixture)) yield return line;
        if (mixture.Adjustment is { } adjustment) yield return $"<para>Adjusted by what single precision can be off: {adjustment}.</para>";
        yield return ProcessOf(process);
    }

    private static string ProcessOf(Process process)
        => $"<para>Process x_t = a x_0 + s ε: {process.Description}; sampled from t = {Literals.Short(process.Horizon)} to t = "
            + $"{Literals.Short(process.EarlyStop)}.</para>";

    /// <summary>The components as a list.</summary>
    public static IEnumerable<string> List(Mixture mixture)
    {
        yield return "<list type=\"bullet\">";
        for (int k = 0; k < Math.Min(mixture.Count, ListedComponents); k++)
            yield return $"<item>{Describe(mixture, k)}</item>";
        if (mixture.Count > ListedComponents) yield return $"<item>and {mixture.Count - ListedComponents} more</item>";
        yield return "</list>";
    }

    /// <summary>A component in words.</summary>
    public static string Describe(Mixture mixture, int k)
    {
        const int listed = 8;
        Covariance covariance = mixture.Covariances[k];
        string shape = covariance.IsIsotropic ? $"variance {Literals.Short(covariance.MinVariance)}"
            : covariance.Basis is null ? $"variances {List(covariance.Variances)}"
            : $"full covariance with principal variances {List(covariance.Variances)}";
        return $"weight {Literals.Short(mixture.Weights[k])}, mean {List(mixture.Means[k])}, {shape}";

        static string List(ImmutableArray<double> values)
            => values.Length == 1 ? Literals.Short(values[0]) : "(" + string.Join(", ", values.Take(listed).Select(Literals.Short))
                + (values.Length > listed ? ", …" : "") + ")";
    }
}
