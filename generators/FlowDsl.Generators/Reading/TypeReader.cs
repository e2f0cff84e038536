using System.Text;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads how an annotated type can be opened again, and whether it can.</summary>
internal static class TypeReader
{
    // Metadata ends names at 1,023 bytes. The longest is that of the accessor of Model: IGaussianMixture<...> with this name in it.
    private const int MaximumBytes = 900;

    /// <summary>
    /// Whether generated code can be found by the type's metadata name: false for a declaration whose name is not typed yet,
    /// and for the second of two types that claim one name (a class and a struct, say), an error that the compiler reports.
    /// </summary>
    public static bool IsIdentified(INamedTypeSymbol type)
    {
        foreach (INamedTypeSymbol level in Chain(type))
        {
            if (level.Name.Length == 0) return false;
            INamespaceOrTypeSymbol container = (INamespaceOrTypeSymbol?)level.ContainingType ?? level.ContainingNamespace;
            INamedTypeSymbol? first = container.GetTypeMembers(level.Name, level.Arity).FirstOrDefault(other => other.MetadataName == level.MetadataName);
            if (!SymbolEqualityComparer.Default.Equals(first, level)) return false;
        }
        return Namespaces(type).All(part => part.Length > 0);
    }

    /// <summary>How to open the type again, and how to call it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="helperNamespace">The namespace of what is generated beside it.</param>
    public static TypeSpec Read(INamedTypeSymbol type, string helperNamespace) => new(
        string.Join(".", Namespaces(type).Select(SyntaxNames.Escape)),
        new EquatableArray<string>(Containing(type).Select(Header).ToArray()),
        Header(type),
        Reference(type),
        DisplayName(type),
        HintName(type),
        helperNamespace,
        IsReachable(type));

    public static string DisplayName(INamedTypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>The full metadata name: no two types of a compilation share it.</summary>
    public static string HintName(INamedTypeSymbol type)
        => string.Concat(Namespaces(type).Select(part => part + ".")) + string.Join("+", Chain(type).Select(level => level.MetadataName));

    /// <summary>Reports why a type cannot be extended.</summary>
    public static void CheckShape(INamedTypeSymbol type, List<Issue> issues, CancellationToken cancellationToken)
    {
        string name = DisplayName(type);
        INamedTypeSymbol[] chain = Chain(type);
        Site identifier = new(SitePart.Type);

        // One reason is enough for a type; the order is from what cannot be mended by another.
        if (chain.FirstOrDefault(level => level.IsFileLocal) is { } fileLocal)
            issues.Add(new Issue(DiagnosticIds.FileLocalType, Level(chain, fileLocal), name, DisplayName(fileLocal)));
        else if (type.IsStatic)
            issues.Add(new Issue(DiagnosticIds.StaticType, identifier, name));
        else if (type.IsRefLikeType)
            issues.Add(new Issue(DiagnosticIds.RefStruct, identifier, name));
        else if (!IsPartial(type, cancellationToken))
            issues.Add(new Issue(DiagnosticIds.NotPartial, identifier, name));

        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes > MaximumBytes) issues.Add(new Issue(DiagnosticIds.TypeNameTooLong, identifier, name, $"{bytes}", $"{MaximumBytes}"));

        foreach (INamedTypeSymbol level in Containing(type))
            if (!IsPartial(level, cancellationToken))
                issues.Add(new Issue(DiagnosticIds.ContainingTypeNotPartial, Level(chain, level), name, DisplayName(level)));
    }

    private static bool IsReachable(INamedTypeSymbol type) => Chain(type).All(level
        => level.Arity == 0 && level.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal);

    private static Site Level(INamedTypeSymbol[] chain, INamedTypeSymbol level)
    {
        int index = Array.IndexOf(chain, level);
        return index == chain.Length - 1 ? new Site(SitePart.Type) : new Site(SitePart.ContainingType, index);
    }

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken)
        => type.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration
            && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    // Constraints are not repeated: the parts of a partial type that have none take those of the part that has.
    private static string Header(INamedTypeSymbol type)
    {
        string keyword = (type.IsRecord, type.TypeKind) switch
        {
            (true, TypeKind.Struct) => "record struct",
            (true, _) => "record",
            (_, TypeKind.Struct) => "struct",
            (_, TypeKind.Interface) => "interface",
            _ => "class",
        };
        return $"partial {keyword} {Name(type)}";
    }

    private static string Name(INamedTypeSymbol type)
    {
        string name = SyntaxNames.Escape(type.Name);
        return type.TypeParameters.IsEmpty
            ? name
            : $"{name}<{string.Join(", ", type.TypeParameters.Select(parameter => SyntaxNames.Escape(parameter.Name)))}>";
    }

    /// <summary>
    /// The type from within: in full, because an alias or a base's member may have its name. Where types around it have type parameters, though, these are what
    /// its own members may hide: then its name alone, unless a base's member has it.
    /// </summary>
    private static string Reference(INamedTypeSymbol type)
        => Containing(type).Any(level => level.Arity > 0) && !Bases(type).Any(level => level.GetTypeMembers(type.Name, type.Arity).Length > 0)
            ? Name(type)
            : "global::" + string.Join(".", Namespaces(type).Select(SyntaxNames.Escape).Concat(Chain(type).Select(Name)));

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? level = type.BaseType; level is not null; level = level.BaseType) yield return level;
    }

    private static IEnumerable<INamedTypeSymbol> Containing(INamedTypeSymbol type) => Chain(type).Take(Chain(type).Length - 1);

    /// <summary>The types around a type and itself, outermost first.</summary>
    private static INamedTypeSymbol[] Chain(INamedTypeSymbol type)
    {
        List<INamedTypeSymbol> chain = [];
        for (INamedTypeSymbol? level = type; level is not null; level = level.ContainingType) chain.Insert(0, level);
        return chain.ToArray();
    }

    private static List<string> Namespaces(INamedTypeSymbol type)
    {
        List<string> names = [];
        for (INamespaceSymbol? level = type.ContainingNamespace; level is { IsGlobalNamespace: false }; level = level.ContainingNamespace)
            names.Insert(0, level.Name);
        return names;
    }
}
