using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads one annotated declaration: symbols in, values out.</summary>
internal static class DeclarationReader
{
    /// <summary>What the generated code is written in: static abstract members, file-local types, 'allows ref struct'.</summary>
    private const LanguageVersion MinLanguageVersion = LanguageVersion.CSharp13;

    /// <summary>The declaration; null where another one speaks for its type.</summary>
    public static Declaration? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type
            || context.TargetNode is not TypeDeclarationSyntax syntax
            || context.Attributes[0].AttributeClass is not { } marker
            || !TypeReader.IsIdentified(type)
            || ModelAttributes.Of(type, marker) is not { } attributes
            || !IsFirst(attributes.Mixture, syntax))
        {
            return null;
        }

        SiteMap sites = new(syntax, attributes);
        List<Issue> issues = [];
        ModelSpec? spec = null;
        try
        {
            LanguageVersion? language = (syntax.SyntaxTree.Options as CSharpParseOptions)?.LanguageVersion;
            spec = ReadSpec(type, attributes, context.SemanticModel.Compilation, language, sites, issues, cancellationToken);
        }
        // A cancelled run must not be remembered as a result.
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            issues.Add(InternalError.ToIssue(TypeReader.DisplayName(type), exception));
        }
        return new Declaration(TypeReader.HintName(type), spec, new EquatableArray<Issue>(issues.ToArray()), sites);
    }

    private static ModelSpec? ReadSpec(
        INamedTypeSymbol type, ModelAttributes attributes, Compilation compilation, LanguageVersion? language, SiteMap sites,
        List<Issue> issues, CancellationToken cancellationToken)
    {
        string name = TypeReader.DisplayName(type);
        IAssemblySymbol library = attributes.Mixture.AttributeClass!.ContainingAssembly;
        TypeReader.CheckShape(type, issues, cancellationToken);
        if (language is { } version && version < MinLanguageVersion)
        {
            issues.Add(new Issue(
                DiagnosticIds.LanguageVersion, new Site(SitePart.Type), name, version.ToDisplayString(), MinLanguageVersion.ToDisplayString()));
        }
        if (TypeConflicts.FindReplaced(compilation, library) is { } replaced)
            issues.Add(new Issue(DiagnosticIds.KnownTypeReplaced, new Site(SitePart.Type), name, replaced));
        GeneratedMembers members = new(type, library);
        members.Check(name, sites, issues);

        AttributeValues mixture = new(attributes.Mixture, cancellationToken);
        int dimension = mixture.Int32("dimension");
        string? file = mixture.String("File");
        DataSpec? data = mixture.Has("Data") || mixture.Has("Variance") ? new DataSpec(mixture.String("Data"), mixture.Double("Variance")) : null;

        List<ComponentSpec> components = [];
        for (int k = 0; k < attributes.Components.Count; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ComponentAttributeReader.Read(attributes.Components[k], k, name, issues, cancellationToken) is { } component)
                components.Add(component);
        }
        ProcessSpec? process = ProcessAttributeReader.Read(attributes.Processes, name, issues, cancellationToken);

        // A sampler that is wrong is left out; anything else that is wrong leaves no model.
        bool isModel = issues.Count == 0 && mixture.IsReadable && components.Count == attributes.Components.Count;
        NestedNames names = new(type, name, members, cancellationToken);
        EquatableArray<SamplerSpec> samplers = SamplerAttributeReader.Read(attributes.Samplers, names, name, issues, cancellationToken);
        EquatableArray<StudentSpec> students = StudentAttributeReader.Read(attributes.Students, names, issues, cancellationToken);
        EquatableArray<ScoreNetworkSpec> networks = ScoreNetworkAttributeReader.Read(attributes.ScoreNetworks, names, issues, cancellationToken);
        EquatableArray<NetworkSpec> fields = NetworkAttributeReader.Read(attributes.Networks, names, issues, cancellationToken);
        EquatableArray<FlowMapSpec> maps = FlowMapAttributeReader.Read(attributes.FlowMaps, names, issues, cancellationToken);
        return isModel && process is not null
            ? new ModelSpec(
                TypeReader.Read(type, TypeConflicts.HelperNamespace(compilation)), dimension, file,
                new EquatableArray<ComponentSpec>(components.ToArray()), process, samplers, students, networks, fields, data, maps)
            : null;
    }

    // Partial declarations that repeat the attribute (CS0579) would each add the same source, and an exception would take the
    // code of every other type with it.
    private static bool IsFirst(AttributeData mixture, TypeDeclarationSyntax syntax)
        => mixture.ApplicationSyntaxReference is not { } reference
            || (reference.SyntaxTree == syntax.SyntaxTree && syntax.Span.Contains(reference.Span));
}
