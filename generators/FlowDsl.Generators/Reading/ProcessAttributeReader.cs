using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Processes;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads the process attributes.</summary>
internal static class ProcessAttributeReader
{
    /// <summary>The process; null where it cannot be read or several are given.</summary>
    public static ProcessSpec? Read(
        List<(ProcessDefinition Kind, AttributeData Data)> attributes, string typeName, List<Issue> issues, CancellationToken cancellationToken)
    {
        if (attributes.Count == 0) return ProcessSpec.Default(ProcessDefinition.Default);
        for (int i = 1; i < attributes.Count; i++)
        {
            // The compiler reports the same attribute twice (CS0579).
            if (attributes[i].Kind == attributes[0].Kind) continue;
            issues.Add(new Issue(
                DiagnosticIds.SeveralProcesses, new Site(SitePart.Process, i), typeName, attributes[0].Kind.Name, attributes[i].Kind.Name));
        }
        return attributes.Count == 1 ? Read(attributes[0].Kind, new AttributeValues(attributes[0].Data, cancellationToken)) : null;
    }

    private static ProcessSpec? Read(ProcessDefinition kind, AttributeValues values)
    {
        var process = new ProcessSpec(
            kind,
            new EquatableArray<double>([.. kind.Parameters.Select(own => values.Double(own.Name, own.Default))]),
            kind.HasSchedule ? TrainingReader.Read(values, "Schedule", "Steps", NoiseSchedule.Linear) : null);
        return values.IsReadable ? process : null;
    }
}
