using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>What a project declares that could be meant instead of the types which generated code names (<see cref="KnownTypes"/>).</summary>
internal static class TypeConflicts
{
    private const string DefaultNamespace = "FlowDsl.Generated";

    /// <summary>
    /// The namespace of a file's own types: one in which the compilation has nothing that could be meant instead. They are local to the file, so that files
    /// share it.
    /// </summary>
    public static string HelperNamespace(Compilation compilation)
    {
        string name = DefaultNamespace;
        for (int copy = 2; !IsFree(compilation.GlobalNamespace, name); copy++) name = DefaultNamespace + copy;
        return name;
    }

    /// <summary>What the project declares that takes the place of a type which generated code names; null where nothing does.</summary>
    /// <param name="compilation">The project.</param>
    /// <param name="library">The assembly of the attributes.</param>
    public static string? FindReplaced(Compilation compilation, IAssemblySymbol library)
    {
        INamespaceSymbol root = compilation.Assembly.GlobalNamespace;
        // No alias can stand in for these two: as types they mean themselves wherever they are in scope.
        foreach (string word in new[] { "var", "_" })
            foreach (INamespaceSymbol? space in new[] { root, Step(root, "FlowDsl") })
                if (space?.GetTypeMembers(word, 0).FirstOrDefault() is { } type) return type.ToDisplayString();

        // A project that holds the library's own source declares these types rightfully.
        bool isLibrary = SymbolEqualityComparer.Default.Equals(library, compilation.Assembly);
        foreach (IGrouping<string, string> group in KnownTypes.All.GroupBy(type => type.Namespace, type => type.MetadataName))
        {
            if (isLibrary && group.Key.StartsWith("FlowDsl", StringComparison.Ordinal)) continue;
            INamespaceSymbol? space = root;
            foreach (string part in group.Key.Split('.'))
            {
                // The source's type of a name stands before another assembly's namespace, and the other way round.
                if (space.GetTypeMembers(part, 0).FirstOrDefault() is { } type) return type.ToDisplayString();
                space = Step(space, part);
                if (space is null) break;
            }
            if (space is null) continue;
            foreach (string metadataName in group)
            {
                int tick = metadataName.IndexOf('`');
                (string name, int arity) = tick < 0 ? (metadataName, 0) : (metadataName.Substring(0, tick), metadataName[tick + 1] - '0');
                if (space.GetTypeMembers(name, arity).FirstOrDefault(type => !type.IsFileLocal) is { } type) return type.ToDisplayString();
                if (arity == 0 && Step(space, name) is { } inner) return inner.ToDisplayString();
            }
        }
        return null;
    }

    private static bool IsFree(INamespaceSymbol root, string name)
    {
        INamespaceSymbol space = root;
        foreach (string part in name.Split('.'))
        {
            if (!space.GetTypeMembers(part).IsEmpty) return false;
            if (Step(space, part) is not { } next) return true;
            space = next;
        }
        // What earlier builds of other assemblies generated has names that no source can write.
        return space.GetMembers().All(member => member is INamedTypeSymbol && !member.CanBeReferencedByName);
    }

    private static INamespaceSymbol? Step(INamespaceSymbol space, string name) => space.GetMembers(name).OfType<INamespaceSymbol>().FirstOrDefault();
}
