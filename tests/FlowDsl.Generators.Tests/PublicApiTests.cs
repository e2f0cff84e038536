using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Generators.Tests;

/// <summary>
/// What users and generated code can call. A line that goes or changes breaks programs that are compiled already, and code that an older generator
/// made; a line that comes is a promise. docs/contributing.md says how to accept either.
/// </summary>
public class PublicApiTests
{
    private static readonly SymbolDisplayFormat s_type = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_member = s_type
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeExplicitInterface | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithParameterOptions(
            SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeExtensionThis)
        .WithMiscellaneousOptions(s_type.MiscellaneousOptions | SymbolDisplayMiscellaneousOptions.UseErrorTypeSymbolName);

    [Fact]
    public Task Library() => Verifier.Verify(Surface("FlowDsl"));

    [Fact]
    public Task Mathematics() => Verifier.Verify(Surface("FlowDsl.Mathematics"));

    [Fact]
    public Task Training() => Verifier.Verify(Surface("FlowDsl.Training"));

    private static string Surface(string assembly)
    {
        MetadataReference[] references = [.. new[] { "FlowDsl", "FlowDsl.Mathematics", "FlowDsl.Training" }
            .Select(name => MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, name + ".dll")))];
        var compilation = CSharpCompilation.Create("Api", references: [.. Net100.References.All, .. references]);
        IAssemblySymbol symbol = references.Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>()
            .Single(candidate => candidate.Name == assembly);
        return string.Concat(Types(symbol.GlobalNamespace)
            .OrderBy(type => type.ToDisplayString(s_type), StringComparer.Ordinal).Select(Describe));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container)
    {
        foreach (INamespaceOrTypeSymbol member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
            {
                if (!IsVisible(type)) continue;
                yield return type;
            }
            foreach (INamedTypeSymbol inner in Types(member)) yield return inner;
        }
    }

    private static string Describe(INamedTypeSymbol type)
    {
        string kind = type.TypeKind switch
        {
            TypeKind.Class when type.IsStatic => "static class",
            TypeKind.Class => (type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "") + (type.IsRecord ? "record" : "class"),
            TypeKind.Struct => (type.IsReadOnly ? "readonly " : "") + (type.IsRefLikeType ? "ref " : "") + (type.IsRecord ? "record struct" : "struct"),
            _ => type.TypeKind.ToString().ToLowerInvariant(),
        };
        string[] bases = [.. new[] { type.BaseType }.OfType<INamedTypeSymbol>().Where(parent => parent.SpecialType == SpecialType.None)
            .Concat(type.Interfaces.OrderBy(parent => parent.ToDisplayString(s_type), StringComparer.Ordinal)).Select(parent => parent.ToDisplayString(s_type))];
        IEnumerable<string> members = type.GetMembers()
            .Where(member => IsVisible(member) && member is not INamedTypeSymbol and not IMethodSymbol { AssociatedSymbol: not null })
            .Where(member => type.TypeKind != TypeKind.Enum || member is IFieldSymbol)
            .Select(member => "    " + member.ToDisplayString(s_member) + Accessors(member))
            .Order(StringComparer.Ordinal);
        return string.Join('\n', [$"{kind} {type.ToDisplayString(s_type)}{(bases.Length > 0 ? " : " : "")}{string.Join(", ", bases)}", .. members]) + "\n";
    }

    private static string Accessors(ISymbol member)
        => member is IPropertySymbol property
            ? $" {{{(IsVisible(property.GetMethod) ? " get;" : "")}{(IsVisible(property.SetMethod) ? property.SetMethod!.IsInitOnly ? " init;" : " set;" : "")} }}"
            : "";

    private static bool IsVisible(ISymbol? symbol)
        => symbol?.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}
