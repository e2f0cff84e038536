using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads <c>[FlowMap]</c>.</summary>
internal static class FlowMapAttributeReader
{
    /// <summary>The flow maps that can be read, under names that can be declared.</summary>
    public static EquatableArray<FlowMapSpec> Read(List<AttributeData> attributes, NestedNames names, List<Issue> issues, CancellationToken cancellationToken)
    {
        List<FlowMapSpec> maps = [];
        for (int i = 0; i < attributes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AttributeValues values = new(attributes[i], cancellationToken);
            string? name = SyntaxNames.Normalize(values.String("name"));
            FlowMapSpec map = new(
                i,
                name ?? "",
                values.Int32("Segments", 1),
                (Grid)values.Enum("Grid", (int)Grid.Auto),
                values.Double("Accuracy", 1e-6),
                (Precision)values.Enum("Precision", (int)Precision.Single));
            if (!values.IsReadable) continue;

            Issue? issue = names.Add(name, new Site(SitePart.FlowMap, i, "name"), "flow map");
            if (issue is null) maps.Add(map);
            else issues.Add(issue);
        }
        return new EquatableArray<FlowMapSpec>(maps.ToArray());
    }
}
