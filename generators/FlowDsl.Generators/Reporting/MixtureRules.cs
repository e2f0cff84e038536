using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>The mixture: components and files.</summary>
internal static class MixtureRules
{
    public static readonly DiagnosticDescriptor DimensionTooSmall = new(
        id: DiagnosticIds.DimensionTooSmall,
        title: "The dimension is not positive",
        messageFormat: "The dimension of '{0}' is {1}; it must be at least 1",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.DimensionTooSmall));

    public static readonly DiagnosticDescriptor NoComponents = new(
        id: DiagnosticIds.NoComponents,
        title: "The mixture has no components",
        messageFormat: "'{0}' has no components; add [Component] attributes, or name a .mixture.json file in the File property of [GaussianMixture]",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NoComponents));

    public static readonly DiagnosticDescriptor MeanLength = new(
        id: DiagnosticIds.MeanLength,
        title: "A mean has the wrong length",
        messageFormat: "The mean of component {1} of '{0}' has {2} values; it must have {3}, the dimension",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.MeanLength));

    public static readonly DiagnosticDescriptor WeightOutOfRange = new(
        id: DiagnosticIds.WeightOutOfRange,
        title: "A weight is not positive and finite",
        messageFormat: "The weight of component {1} of '{0}' is {2}; it must be positive and finite",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.WeightOutOfRange));

    public static readonly DiagnosticDescriptor WeightSum = new(
        id: DiagnosticIds.WeightSum,
        title: "The weights do not sum to 1",
        messageFormat: "The weights of '{0}' sum to {1}; divide each by the sum: they must sum to 1 within {2}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.WeightSum));

    public static readonly DiagnosticDescriptor MeanNotFinite = new(
        id: DiagnosticIds.MeanNotFinite,
        title: "A mean is not finite",
        messageFormat: "Coordinate {2} of the mean of component {1} of '{0}' is {3}; it must be finite",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.MeanNotFinite));

    public static readonly DiagnosticDescriptor CovarianceNotGivenOnce = new(
        id: DiagnosticIds.CovarianceNotGivenOnce,
        title: "Not exactly one covariance is given",
        messageFormat: "Component {1} of '{0}' gives {2}; give exactly one of Variance, Variances and Covariance",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.CovarianceNotGivenOnce));

    public static readonly DiagnosticDescriptor CovarianceLength = new(
        id: DiagnosticIds.CovarianceLength,
        title: "A covariance has the wrong length",
        messageFormat: "{2} of component {1} of '{0}' has {3} values; it must have {4}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.CovarianceLength));

    public static readonly DiagnosticDescriptor VarianceOutOfRange = new(
        id: DiagnosticIds.VarianceOutOfRange,
        title: "A variance is negative or not finite",
        messageFormat: "{2} of component {1} of '{0}' is {3}; it must be finite and at least 0",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.VarianceOutOfRange));

    public static readonly DiagnosticDescriptor CovarianceNotSymmetric = new(
        id: DiagnosticIds.CovarianceNotSymmetric,
        title: "A covariance is not symmetric or not finite",
        messageFormat: "The covariance of component {1} of '{0}' {2}; it must be symmetric with finite entries",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.CovarianceNotSymmetric));

    public static readonly DiagnosticDescriptor CovarianceNotPositiveSemidefinite = new(
        id: DiagnosticIds.CovarianceNotPositiveSemidefinite,
        title: "A covariance is not positive semidefinite",
        messageFormat: "The covariance of component {1} of '{0}' has the eigenvalue {2}; it must be positive semidefinite, with no eigenvalue below 0",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.CovarianceNotPositiveSemidefinite));

    public static readonly DiagnosticDescriptor FileAndComponents = new(
        id: DiagnosticIds.FileAndComponents,
        title: "Components are given twice",
        messageFormat: "'{0}' takes its components from the file \"{1}\" and has {2} [Component] attributes too; keep one of the two",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FileAndComponents));

    public static readonly DiagnosticDescriptor FileNotFound = new(
        id: DiagnosticIds.FileNotFound,
        title: "The mixture file is not found or not unique",
        messageFormat: "The mixture file \"{1}\" of '{0}' {2}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FileNotFound));

    public static readonly DiagnosticDescriptor FileMalformed = new(
        id: DiagnosticIds.FileMalformed,
        title: "The mixture file cannot be read",
        messageFormat: "The mixture file \"{1}\" of '{0}' cannot be read at line {2}, column {3}: {4}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FileMalformed));

    public static readonly DiagnosticDescriptor FileDimension = new(
        id: DiagnosticIds.FileDimension,
        title: "The mixture file has another dimension",
        messageFormat: "The mixture file \"{1}\" of '{0}' has dimension {2} but the attribute says {3}; they must agree",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FileDimension));

    public static readonly DiagnosticDescriptor ModelTooLarge = new(
        id: DiagnosticIds.ModelTooLarge,
        title: "The model is too large to compile",
        messageFormat: "The means and covariances of '{0}' have {1} numbers and at most {2} are compiled; "
            + "load the mixture at run time with GaussianMixtureModel",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ModelTooLarge));

    public static readonly DiagnosticDescriptor MixtureAdjusted = new(
        id: DiagnosticIds.MixtureAdjusted,
        title: "The mixture has numbers of single precision",
        messageFormat: "The mixture of '{0}' is adjusted by what single precision can be off: {1}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.MixtureAdjusted));

    public static readonly DiagnosticDescriptor MixtureOutOfRange = new(
        id: DiagnosticIds.MixtureOutOfRange,
        title: "A number is too large or too small",
        messageFormat: "The {2} of component {1} of '{0}' {3}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.MixtureOutOfRange));

    public static readonly DiagnosticDescriptor MeanUnresolved = new(
        id: DiagnosticIds.MeanUnresolved,
        title: "Single precision does not resolve a component",
        messageFormat: "Component {1} of '{0}' is {2} wide at the early stop, but numbers of float there are {3} apart, "
            + "and '{4}' is a sampler in single precision; use Precision.Double, or units in which the means are nearer to 0",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.MeanUnresolved));
}
