using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>Reads the process attributes.</summary>
internal static class ProcessAttributeReader
{
    /// <summary>The process of a type without a process attribute. The numbers are the attribute's own defaults.</summary>
    public static ProcessSpec Default { get; } = new(ProcessKind.OrnsteinUhlenbeck, Horizon: 3, EarlyStop: 1e-3, Beta: 1, Sigma: 1);

    /// <summary>The process; null where it cannot be read or several are given.</summary>
    public static ProcessSpec? Read(
        List<(ProcessKind Kind, AttributeData Data)> attributes, string typeName, List<Issue> issues, CancellationToken cancellationToken)
    {
        if (attributes.Count == 0) return Default;
        for (int i = 1; i < attributes.Count; i++)
        {
            // The same attribute twice is the compiler's to tell (CS0579).
            if (attributes[i].Kind == attributes[0].Kind) continue;
            issues.Add(new Issue(
                DiagnosticIds.SeveralProcesses, new Site(SitePart.Process, i), typeName, $"{attributes[0].Kind}", $"{attributes[i].Kind}"));
        }
        return attributes.Count == 1 ? Read(attributes[0].Kind, new AttributeValues(attributes[0].Data, cancellationToken)) : null;
    }

    private static ProcessSpec? Read(ProcessKind kind, AttributeValues values)
    {
        ProcessSpec process = kind switch
        {
            ProcessKind.VarianceExploding => new ProcessSpec(kind, values.Double("SigmaMax", 80), values.Double("SigmaMin", 0.002), Beta: 1, Sigma: 1),
            ProcessKind.LinearInterpolant => new ProcessSpec(kind, values.Double("Horizon", 1), values.Double("EarlyStop", 1e-3), Beta: 1, Sigma: 1),
            _ => new ProcessSpec(
                kind,
                values.Double("Horizon", Default.Horizon),
                values.Double("EarlyStop", Default.EarlyStop),
                values.Double("Beta", Default.Beta),
                values.Double("Sigma", Default.Sigma)),
        };
        return values.IsReadable ? process : null;
    }
}
