using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads <c>[ScoreNetwork]</c>.</summary>
internal static class ScoreNetworkAttributeReader
{
    /// <summary>The networks that can be read, under names that can be declared.</summary>
    public static EquatableArray<ScoreNetworkSpec> Read(
        List<AttributeData> attributes, NestedNames names, List<Issue> issues, CancellationToken cancellationToken)
    {
        List<ScoreNetworkSpec> networks = [];
        for (int i = 0; i < attributes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AttributeValues values = new(attributes[i], cancellationToken);
            string? name = SyntaxNames.Normalize(values.String("name"));
            ScoreNetworkSpec network = new(
                i,
                name ?? "",
                values.Double("Accuracy", 1e-4),
                values.Double("P", 2),
                values.Boolean("TimeDependent", true),
                values.Has("Time") ? values.Double("Time", double.NaN) : null);
            if (!values.IsReadable) continue;

            Issue? issue = names.Add(name, new Site(SitePart.ScoreNetwork, i, "name"), "score network");
            if (issue is null) networks.Add(network);
            else issues.Add(issue);
        }
        return new EquatableArray<ScoreNetworkSpec>(networks.ToArray());
    }
}
