using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Students: learned flow maps.</summary>
internal static class StudentRules
{
    public static readonly DiagnosticDescriptor StudentInvalid = new(
        id: DiagnosticIds.StudentInvalid,
        title: "A student's argument is not valid",
        messageFormat: "{2} of student '{1}' of '{0}' is {3}; {4}",
        category: "Learning",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.StudentInvalid));

    public static readonly DiagnosticDescriptor WeightsInvalid = new(
        id: DiagnosticIds.WeightsInvalid,
        title: "The weights are not the student's",
        messageFormat: "The weights \"{2}\" of student '{1}' of '{0}' cannot be compiled in: {3}",
        category: "Learning",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.WeightsInvalid));

    public static readonly DiagnosticDescriptor LipschitzMismatch = new(
        id: DiagnosticIds.LipschitzMismatch,
        title: "The student cannot represent its segment",
        messageFormat: "Segment {2} of student '{1}' of '{0}', from t = {3} to {4}: "
            + "the exact map has a Lipschitz constant of {5}, the student of at most {6}; its relative MSE cannot be less than {7}, "
            + "and {8}; raise WeightBound, Width, Depth or Segments",
        category: "Learning",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.LipschitzMismatch));

    public static readonly DiagnosticDescriptor NoWeights = new(
        id: DiagnosticIds.NoWeights,
        title: "The student has no weights",
        messageFormat: "Student '{1}' of '{0}' has no weights; train it with StudentTraining.Train<{2}> of FlowDsl.Training, "
            + "save them below the project as *.safetensors, name the file in Weights and build again",
        category: "Learning",
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NoWeights));

    public static readonly DiagnosticDescriptor TeacherInexact = new(
        id: DiagnosticIds.TeacherInexact,
        title: "The student's reference is not exact enough",
        messageFormat: "Reference '{2}' of student '{1}' of '{0}' has a predicted relative MSE of {3}; "
            + "what a student learns from must stay below {4}: take more steps, another grid or Chart.Canonical",
        category: "Learning",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.TeacherInexact));
}
