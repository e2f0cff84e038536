using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>A member that the generator adds to a type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The types of a method's parameters; null for what is no method.</param>
/// <param name="IsProperty">Whether it is a property, which takes the names of its accessors too.</param>
internal sealed record GeneratedMember(string Name, ITypeSymbol[]? Parameters, bool IsProperty)
{
    /// <summary>A nested type.</summary>
    public static GeneratedMember NestedType(string name) => new(name, null, IsProperty: false);

    /// <summary>The members by which a type implements an interface of the library, in the interface's order.</summary>
    public static IEnumerable<GeneratedMember> Of(INamedTypeSymbol contract)
    {
        foreach (ISymbol member in contract.GetMembers())
        {
            if (member is IPropertySymbol) yield return new GeneratedMember(member.Name, null, IsProperty: true);
            else if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method)
                yield return new GeneratedMember(member.Name, [.. method.Parameters.Select(parameter => parameter.Type)], IsProperty: false);
        }
    }
}

/// <summary>The members that the generator adds to an annotated type, and what of the user's is in their way: C#'s own rules of names.</summary>
internal sealed class GeneratedMembers
{
    /// <summary>Implemented explicitly, under a name that no other member has.</summary>
    private const string ExplicitMember = "Model";

    private const string Mixture = "FlowDsl.IGaussianMixture`1", Sampler = "FlowDsl.IFlowSampler`2", FieldSampler = "FlowDsl.IFieldSampler`1";
    private const string Student = "FlowDsl.IFlowStudent`1", ScoreNetwork = "FlowDsl.IScoreNetwork`1";

    /// <summary>The only member of a network's nested type.</summary>
    private const string Convention = "Convention";

    private readonly INamedTypeSymbol _type;
    private readonly IAssemblySymbol _library;
    private readonly GeneratedMember[] _members;

    /// <summary>Finds the members.</summary>
    /// <param name="type">The annotated type.</param>
    /// <param name="library">The assembly of the attributes.</param>
    public GeneratedMembers(INamedTypeSymbol type, IAssemblySymbol library)
    {
        (_type, _library) = (type, library);
        _members = [.. Of(Mixture).Where(member => member.Name != ExplicitMember)];
    }

    /// <summary>Whether a member, or an accessor of one, has a name.</summary>
    public bool Contains(string name) => _members.Any(member => Takes(member, name));

    /// <summary>
    /// Whether the nested type of a sampler, a student, a flow map, a score network or a network has a member of this name, which the type then cannot have.
    /// </summary>
    public bool IsNestedMember(string name, string kind) => kind switch
    {
        "network" => Takes(new GeneratedMember(Convention, null, IsProperty: true), name),
        "score network" => Of(ScoreNetwork).Any(member => Takes(member, name)),
        "flow map" => name == "Sample" || Of(Sampler).Any(member => Takes(member, name)),
        "student" => name == "Sample" || Of(Sampler).Concat(Of(Student)).Any(member => Takes(member, name)),
        _ => name == "Sample" || Of(Sampler).Concat(Of(FieldSampler)).Any(member => Takes(member, name)),
    };

    /// <summary>Reports generated members whose names are taken.</summary>
    public void Check(string typeName, SiteMap sites, List<Issue> issues)
    {
        foreach (GeneratedMember member in _members)
        {
            if (OwnerOf(member) is not var (owner, symbol)) continue;
            if (symbol is not null) sites.AddMember(symbol);
            issues.Add(new Issue(DiagnosticIds.MemberNameTaken, new Site(SitePart.Type, 0, symbol?.Name ?? ""), typeName, member.Name, "member", owner));
        }
    }

    /// <summary>What of the user's stands in a generated member's way, and its symbol where it is the type's own; null where nothing does.</summary>
    public (string Owner, ISymbol? Symbol)? OwnerOf(GeneratedMember member)
    {
        // CS0542, of accessors too.
        if (_type.Name == member.Name || (member.IsProperty && _type.Name == "get_" + member.Name)) return ("the type itself has that name", null);
        // CS0102.
        if (_type.TypeParameters.Any(parameter => parameter.Name == member.Name)) return ("a type parameter has that name", null);
        // CS8859, the one name that is reserved without a member.
        if (_type.IsRecord && member.Name == "Clone") return ("records may have no member of that name", null);

        foreach (ISymbol own in Named(member.Name))
        {
            if (!Collides(member, own)) continue;
            return (own.IsImplicitlyDeclared ? "a member that the compiler declares for it has that name" : "a member it declares has that name", own);
        }
        // CS0082: a property reserves both accessors, whichever it has.
        if (member.IsProperty && (Accessor("get_", 0) ?? Accessor("set_", 1)) is { } accessor)
            return ($"its accessor would have the name of the member '{accessor.Name}'", accessor);

        return Inherited(member) is { } inherited
            ? ($"it would hide the abstract member '{inherited.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)}'", null)
            : null;

        ISymbol? Accessor(string prefix, int count) => _type.GetMembers(prefix + member.Name)
            .FirstOrDefault(own => own is not IMethodSymbol method || (method.Arity == 0 && method.Parameters.Length == count));
    }

    private IEnumerable<GeneratedMember> Of(string contract) => _library.GetTypeByMetadataName(contract) is { } type ? GeneratedMember.Of(type) : [];

    private static bool Takes(GeneratedMember member, string name)
        => member.Name == name || (member.IsProperty && name.Length == member.Name.Length + 4 && name.EndsWith(member.Name, StringComparison.Ordinal)
            && (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)));

    /// <summary>The type's own members of a name; that of an indexer is <c>Item</c> or what its attribute says.</summary>
    private IEnumerable<ISymbol> Named(string name)
        => _type.GetMembers(name).Concat(_type.GetMembers().Where(member => member is IPropertySymbol { IsIndexer: true } && member.MetadataName == name));

    /// <summary>Whether two members of one name exclude each other (CS0102, CS0111).</summary>
    private static bool Collides(GeneratedMember member, ISymbol own) => member switch
    {
        // An overload, by the types of its parameters.
        { Parameters: { } parameters } when own is IMethodSymbol method => IsSameSignature(method, parameters),
        // Nested types may differ in the number of their type parameters alone.
        { Parameters: null, IsProperty: false } when own is INamedTypeSymbol type => type.Arity == 0,
        _ => true,
    };

    /// <summary>The nearest inherited member that a generated one hides, if it is abstract: that may not be (CS0533).</summary>
    private ISymbol? Inherited(GeneratedMember member)
    {
        for (INamedTypeSymbol? level = _type.BaseType; level is not null; level = level.BaseType)
        {
            foreach (ISymbol inherited in level.GetMembers(member.Name))
            {
                bool isHidden = inherited is not IMethodSymbol method || member.Parameters is not { } parameters || IsSameSignature(method, parameters);
                if (isHidden) return inherited.IsAbstract && inherited is not INamedTypeSymbol ? inherited : null;
            }
        }
        return null;
    }

    private static bool IsSameSignature(IMethodSymbol method, ITypeSymbol[] parameters)
        => method.Arity == 0
            && method.Parameters.Length == parameters.Length
            && method.Parameters.All(parameter => parameter.RefKind == RefKind.None)
            && method.Parameters.Zip(parameters, (own, generated) => SymbolEqualityComparer.Default.Equals(own.Type, generated)).All(isSame => isSame);
}
