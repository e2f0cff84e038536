using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads <c>[Network]</c>.</summary>
internal static class NetworkAttributeReader
{
    /// <summary>The networks that can be read, under names that can be declared.</summary>
    public static EquatableArray<NetworkSpec> Read(List<AttributeData> attributes, NestedNames names, List<Issue> issues, CancellationToken cancellationToken)
    {
        List<NetworkSpec> networks = [];
        for (int i = 0; i < attributes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AttributeValues values = new(attributes[i], cancellationToken);
            string? name = SyntaxNames.Normalize(values.String("name"));
            NetworkSpec network = new(
                i,
                name ?? "",
                (Prediction)values.Enum("Prediction", (int)Prediction.Velocity),
                (NetworkTime)values.Enum("Time", (int)NetworkTime.Process),
                values.Double("TimeScale", 1),
                TrainingReader.Read(values, "Training", "TrainingSteps", NoiseSchedule.Process),
                values.Double("DataDeviation", 0.5));
            if (!values.IsReadable) continue;

            Issue? issue = names.Add(name, new Site(SitePart.Network, i, "name"), "network");
            if (issue is null) networks.Add(network);
            else issues.Add(issue);
        }
        return new EquatableArray<NetworkSpec>(networks.ToArray());
    }
}
