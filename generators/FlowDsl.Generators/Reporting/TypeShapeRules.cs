using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>The shape of the annotated type.</summary>
internal static class TypeShapeRules
{
    public static readonly DiagnosticDescriptor NotPartial = new(
        id: DiagnosticIds.NotPartial,
        title: "The annotated type is not partial",
        messageFormat: "'{0}' carries [GaussianMixture] but is not partial; add the 'partial' modifier to its declaration",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NotPartial));

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = new(
        id: DiagnosticIds.ContainingTypeNotPartial,
        title: "A containing type is not partial",
        messageFormat: "'{0}' is nested in '{1}', which is not partial; add the 'partial' modifier to '{1}'",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ContainingTypeNotPartial));

    public static readonly DiagnosticDescriptor StaticType = new(
        id: DiagnosticIds.StaticType,
        title: "The annotated type is static",
        messageFormat: "'{0}' is static and cannot implement 'IGaussianMixture<TSelf>'; declare a non-static class, a record or a struct",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.StaticType));

    public static readonly DiagnosticDescriptor RefStruct = new(
        id: DiagnosticIds.RefStruct,
        title: "The annotated type is a ref struct",
        messageFormat: "'{0}' is a ref struct and cannot be the type argument of 'IGaussianMixture<TSelf>'; declare a class, a record or a struct",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.RefStruct));

    public static readonly DiagnosticDescriptor FileLocalType = new(
        id: DiagnosticIds.FileLocalType,
        title: "The annotated type is local to its file",
        messageFormat: "'{0}' cannot be extended from another file because '{1}' is file-local; remove the 'file' modifier",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FileLocalType));

    public static readonly DiagnosticDescriptor MemberNameTaken = new(
        id: DiagnosticIds.MemberNameTaken,
        title: "A generated member's name is taken",
        messageFormat: "'{0}' cannot have the generated {2} '{1}' because {3}; rename one of the two",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.MemberNameTaken));

    public static readonly DiagnosticDescriptor NoMixture = new(
        id: DiagnosticIds.NoMixture,
        title: "The type has no mixture",
        messageFormat: "[{1}] on '{0}' does nothing without [GaussianMixture]; add [GaussianMixture(d)] with the components, or remove it",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NoMixture));

    public static readonly DiagnosticDescriptor NameHidesAttributeWord = new(
        id: DiagnosticIds.NameHidesAttributeWord,
        title: "A sampler's name hides what the attributes mean",
        messageFormat: "The {2} '{1}' of '{0}' would be what its attributes mean by '{1}', which is something else; give it another name",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NameHidesAttributeWord));

    public static readonly DiagnosticDescriptor KnownTypeReplaced = new(
        id: DiagnosticIds.KnownTypeReplaced,
        title: "The project replaces what generated code needs",
        messageFormat: "The code generated for '{0}' cannot be compiled beside '{1}', which this project declares in place of what that code needs; rename it",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.KnownTypeReplaced));

    public static readonly DiagnosticDescriptor TypeNameTooLong = new(
        id: DiagnosticIds.TypeNameTooLong,
        title: "The type's name is too long",
        messageFormat: "The full name of '{0}' is {1} bytes long; members that name it need names of their own, so it must have no more than {2}",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.TypeNameTooLong));

    public static readonly DiagnosticDescriptor WrongPrecision = new(
        id: DiagnosticIds.WrongPrecision,
        title: "The sampler has another precision",
        messageFormat: "'{0}' is a sampler of {1}, not of {2}; write {1}{3}",
        category: "TypeShape",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.WrongPrecision));
}
