using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>The types of .NET and of the library that generated code names, and how it reaches them whatever a project calls its own.</summary>
/// <remarks>
/// Within the user's type every name is written in full, from <c>global::</c> on. A file's own types use aliases that are declared inside their namespace: these
/// stand before whatever the project has of the same name further out, a Vector or a Solver of its own. Nothing stands further in, because a project that
/// declares something in that namespace gets another one (<see cref="HelperNamespace"/>).
/// </remarks>
internal static class KnownTypes
{
    private const string DefaultNamespace = "FlowDsl.Generated";

    // Generic types have no alias. This namespace is the only one whose names are all known, so that Vector<T> is not in doubt.
    private const string Vectors = "System.Numerics";

    private static readonly (string Namespace, string[] Names)[] s_aliased =
    [
        ("System", ["Array"]),
        ("System.Runtime.CompilerServices", ["MethodImplOptions", "Unsafe"]),
        ("FlowDsl",
        [
            "Activation", "Chart", "GaussianMixtureModel", "Grid", "Precision", "SamplerDescriptor", "ScoreNetworkDescriptor", "SegmentStability", "Solver", "StudentDescriptor",
            "StudentForm", "Tracking",
        ]),
        ("FlowDsl.Analysis",
        [
            "AxisFunction", "ChartFrame", "CompanionProgram", "Covariance", "FlowProgram", "GridStandIn", "IComponentArithmetic", "LinearInterpolantProcess",
            "MeansSpan", "Mixture", "OrnsteinUhlenbeckProcess", "PortableMath", "Process", "ProcessPoint", "ScoreNetworkOptions", "StudentShape",
            "TableComponents", "VarianceExplodingProcess",
        ]),
        ("FlowDsl.Kernels",
        [
            "Activations", "Exp2Numbers", "IStudentProgram", "LinearCombination", "MixtureData", "NetworkMath", "SimdMath", "Softmax", "StudentDriver", "StudentMath", "StudentSegment",
        ]),
    ];

    // Where the name and the type's name differ. A project's own type may be called nuint, which is no keyword.
    private static readonly (string Alias, string Namespace, string Name)[] s_renamed =
    [
        ("MethodImpl", "System.Runtime.CompilerServices", "MethodImplAttribute"),
        ("nuint", "System", "UIntPtr"),
    ];

    // Written in full where they are used.
    private static readonly (string Namespace, string[] MetadataNames)[] s_qualified =
    [
        ("System", ["IProgress`1", "ReadOnlySpan`1", "Span`1"]),
        ("System.CodeDom.Compiler", ["GeneratedCode", "GeneratedCodeAttribute"]),
        (Vectors, ["Vector", "Vector`1"]),
        ("System.Threading", ["CancellationToken"]),
        ("FlowDsl",
        [
            "FlowError", "FlowSampling", "IFlowSampler`2", "IFlowStudent`1", "IGaussianMixture`1", "IScoreNetwork`1", "SamplingOptions", "StudentWeights",
        ]),
        ("FlowDsl.Kernels",
        [
            "BlockDriver", "CoefficientKernel`1", "ErrorTracking", "IBlockKernel`1", "INumbers`1", "IScoreProgram`1", "ITangentKernel`1", "PointFunctions", "RotatedKernel`2", "ScoreDriver",
            "ScoreKernel`2", "StudentKernel", "StudentKernel`1", "TableKernel`1", "TableProgram`1",
        ]),
    ];

    /// <summary>Every type that is named, as its namespace and its metadata name.</summary>
    public static IEnumerable<(string Namespace, string MetadataName)> All
        => s_aliased.Concat(s_qualified).SelectMany(group => group.Item2.Select(name => (group.Namespace, name)))
            .Concat(s_renamed.Select(type => (type.Namespace, type.Name)));

    /// <summary>The using directives that a text needs, for the first lines of its namespace.</summary>
    public static IEnumerable<string> Usings(string text)
    {
        if (Names(text, "Vector")) yield return $"using global::{Vectors};";
        foreach ((string space, string[] names) in s_aliased)
            foreach (string name in names)
                if (Names(text, name)) yield return $"using {name} = global::{space}.{name};";
        foreach ((string alias, string space, string name) in s_renamed)
            if (Names(text, alias)) yield return $"using {alias} = global::{space}.{name};";
    }

    /// <summary>
    /// The namespace of a file's own types: one in which the compilation has nothing that could be meant instead. They are local to the file, so that files share it.
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
        foreach (IGrouping<string, string> group in All.GroupBy(type => type.Namespace, type => type.MetadataName))
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

    /// <summary>Whether a text has a name as a whole word.</summary>
    private static bool Names(string text, string name)
    {
        for (int at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
            if (!IsPart(text, at - 1) && !IsPart(text, at + name.Length)) return true;
        return false;
    }

    private static bool IsPart(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');
}
