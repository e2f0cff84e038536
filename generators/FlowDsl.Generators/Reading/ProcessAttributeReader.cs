using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads the process attributes.</summary>
internal static class ProcessAttributeReader
{
    /// <summary>The process of a type without a process attribute. The numbers are the attribute's own defaults.</summary>
    public static ProcessSpec Default { get; } = ProcessDeclaration.Of(ProcessKind.OrnsteinUhlenbeck).Default;

    /// <summary>The process; null where it cannot be read or several are given.</summary>
    public static ProcessSpec? Read(
        List<(ProcessKind Kind, AttributeData Data)> attributes, string typeName, List<Issue> issues, CancellationToken cancellationToken)
    {
        if (attributes.Count == 0) return Default;
        for (int i = 1; i < attributes.Count; i++)
        {
            // The compiler reports the same attribute twice (CS0579).
            if (attributes[i].Kind == attributes[0].Kind) continue;
            issues.Add(new Issue(
                DiagnosticIds.SeveralProcesses, new Site(SitePart.Process, i), typeName, $"{attributes[0].Kind}", $"{attributes[i].Kind}"));
        }
        return attributes.Count == 1 ? Read(attributes[0].Kind, new AttributeValues(attributes[0].Data, cancellationToken)) : null;
    }

    private static ProcessSpec? Read(ProcessKind kind, AttributeValues values)
    {
        var declaration = ProcessDeclaration.Of(kind);
        ProcessSpec own = declaration.Default;
        // What an attribute does not have has the default's value.
        var process = new ProcessSpec(
            kind,
            values.Double(declaration.Horizon, own.Horizon),
            values.Double(declaration.EarlyStop, own.EarlyStop),
            values.Double("Beta", own.Beta),
            values.Double("Sigma", own.Sigma));
        return values.IsReadable ? process : null;
    }
}
