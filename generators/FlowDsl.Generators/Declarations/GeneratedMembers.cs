using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>The members that the generator adds to an annotated type, and what of the user's may be in their way.</summary>
internal static class GeneratedMembers
{
    private const string In = "System.ReadOnlySpan<double>", Out = "System.Span<double>";

    /// <summary>Names, and the parameter types of methods: null for what allows no overload beside it.</summary>
    private static readonly (string Name, string[]? Parameters)[] s_members =
    [
        ("Dimension", null),
        ("ComponentCount", null),
        ("Model", null),
        ("LogDensity", ["double", In]),
        ("Score", ["double", In, Out]),
        ("Velocity", ["double", In, Out]),
        ("Responsibilities", ["double", In, Out]),
        ("PosteriorMean", ["double", In, Out]),
        ("JacobianVectorProduct", ["double", In, In, Out]),
        ("StabilityBound", ["double"]),
        ("ExpectedStability", ["double"]),
    ];

    // A type cannot have a member of its own name.
    private static readonly string[] s_samplerMembers = ["Descriptor", "Integrate", "IntegrateWithMargins"], s_studentMembers = ["Student", "CreateKernel"], s_networkMembers = ["Descriptor", "Score"];

    public static bool Contains(string name) => s_members.Any(member => member.Name == name);

    /// <summary>Whether the nested type of a sampler, or of a student, has a member of this name.</summary>
    public static bool IsNestedMember(string name, string kind) => kind switch
    {
        "score network" => s_networkMembers.Contains(name),
        "student" => s_samplerMembers.Contains(name) || s_studentMembers.Contains(name),
        _ => s_samplerMembers.Contains(name),
    };

    /// <summary>Reports generated members whose names are taken.</summary>
    public static void Check(INamedTypeSymbol type, string typeName, SiteMap sites, List<Issue> issues)
    {
        foreach ((string name, string[]? parameters) in s_members)
        {
            ISymbol? taken = type.GetMembers(name).FirstOrDefault(member => !IsOverload(member, parameters));
            string? owner = taken is not null ? "a member it declares" : OwnerOutside(name, type);
            if (owner is null) continue;
            if (taken is not null) sites.AddMember(taken);
            issues.Add(new Issue(DiagnosticIds.MemberNameTaken, new Site(SitePart.Type, 0, taken is null ? "" : name), typeName, name, "member", owner));
        }
    }

    /// <summary>What of the user's has the name of a nested type to be generated; null where nothing has.</summary>
    public static string? OwnerOf(string name, INamedTypeSymbol type)
        => type.GetMembers(name).IsEmpty ? OwnerOutside(name, type) : "a member it declares";

    private static string? OwnerOutside(string name, INamedTypeSymbol type)
        => type.Name == name ? "the type itself"
            : type.TypeParameters.Any(parameter => parameter.Name == name) ? "a type parameter"
            : null;

    private static bool IsOverload(ISymbol member, string[]? parameters)
        => parameters is not null
            && member is IMethodSymbol method
            && (method.Arity > 0
                || method.Parameters.Any(parameter => parameter.RefKind != RefKind.None)
                || !method.Parameters.Select(parameter => parameter.Type.ToDisplayString()).SequenceEqual(parameters));
}
