using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Whether a project uses the host, to which generated code then introduces its models.</summary>
internal static class HostReference
{
    private const string Assembly = "FlowDsl.Hosting";

    private static readonly string[] s_namespace = ["FlowDsl", "Hosting", "Registry"], s_types = ["ModelRegistry", "ModelEntry", "SamplerEntry"];

    /// <summary>Whether the project references the host, and declares nothing that would be meant instead of its types.</summary>
    public static bool IsIn(Compilation compilation)
    {
        if (!compilation.ReferencedAssemblyNames.Any(static name => name.Name == Assembly)) return false;
        INamespaceSymbol? space = compilation.Assembly.GlobalNamespace;
        foreach (string part in s_namespace)
        {
            if (space.GetTypeMembers(part, 0).Any()) return false;
            space = space.GetMembers(part).OfType<INamespaceSymbol>().FirstOrDefault();
            if (space is null) return true;
        }
        return !s_types.Any(name => space.GetTypeMembers(name).Any());
    }
}
