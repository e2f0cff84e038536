using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Samplers: names and step times.</summary>
internal static class ScheduleRules
{
    public static readonly DiagnosticDescriptor SamplerNameInvalid = new(
        id: DiagnosticIds.SamplerNameInvalid,
        title: "A sampler's name is no identifier",
        messageFormat: "The name of {3} {1} of '{0}' is {2}; it must be a C# identifier and no keyword",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.SamplerNameInvalid));

    public static readonly DiagnosticDescriptor SamplerNameTaken = new(
        id: DiagnosticIds.SamplerNameTaken,
        title: "A sampler's name is taken",
        messageFormat: "The name of {3} '{1}' of '{0}' is also the name of {2}; every sampler and student needs a name of its own",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.SamplerNameTaken));

    public static readonly DiagnosticDescriptor StepsOutOfRange = new(
        id: DiagnosticIds.StepsOutOfRange,
        title: "The number of steps is out of range",
        messageFormat: "Steps of sampler '{1}' of '{0}' is {2}; it must be from 1 to {3}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.StepsOutOfRange));

    public static readonly DiagnosticDescriptor TimesInvalid = new(
        id: DiagnosticIds.TimesInvalid,
        title: "The step times are not valid",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; {4}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.TimesInvalid));

    public static readonly DiagnosticDescriptor TimesAndSchedule = new(
        id: DiagnosticIds.TimesAndSchedule,
        title: "The step times are given twice",
        messageFormat: "Sampler '{1}' of '{0}' gives Times and {2} = {3}; {4}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.TimesAndSchedule));

    public static readonly DiagnosticDescriptor GridParameterOutOfRange = new(
        id: DiagnosticIds.GridParameterOutOfRange,
        title: "A parameter of the grid is not positive and finite",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; it must be positive and finite",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.GridParameterOutOfRange));

    public static readonly DiagnosticDescriptor GridNeedsPositiveEarlyStop = new(
        id: DiagnosticIds.GridNeedsPositiveEarlyStop,
        title: "The grid needs a positive early stop",
        messageFormat: "Sampler '{1}' of '{0}' uses Grid.{2}, whose coordinate is infinite at the early stop 0; give the process a positive early stop or "
            + "use Uniform, Edm, Angle, Zeta, LogVariance, Beta, Shift or a stability grid",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.GridNeedsPositiveEarlyStop));

    public static readonly DiagnosticDescriptor GridNeedsSignalAtHorizon = new(
        id: DiagnosticIds.GridNeedsSignalAtHorizon,
        title: "The grid needs signal at the horizon",
        messageFormat: "Sampler '{1}' of '{0}' uses Grid.{2}, whose coordinate is infinite at the horizon {3} where the signal factor is 0; give the "
            + "process a smaller horizon or use Uniform, LogTime, Angle, Zeta, Beta, Shift or a stability grid",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.GridNeedsSignalAtHorizon));

    public static readonly DiagnosticDescriptor StepsTooFine = new(
        id: DiagnosticIds.StepsTooFine,
        title: "The steps are finer than double precision",
        messageFormat: "Steps of sampler '{1}' of '{0}' is {2}, for which Grid.{3} has steps that double precision cannot distinguish; use fewer steps",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.StepsTooFine));

    public static readonly DiagnosticDescriptor StabilityUnbounded = new(
        id: DiagnosticIds.StabilityUnbounded,
        title: "The stability bound is infinite",
        messageFormat: "Sampler '{1}' of '{0}' uses Grid.{2}, but the covariances of components {3} and {4} cross, so that L(t) is infinite; the grid "
            + "balances the bound over the region of 99.9 % of the mass instead, and Grid.ExpectedStability needs no bound",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.StabilityUnbounded));

    public static readonly DiagnosticDescriptor StabilityBoundRegional = new(
        id: DiagnosticIds.StabilityBoundRegional,
        title: "The stability bound has no closed form",
        messageFormat: "Sampler '{1}' of '{0}' uses Grid.{2}, whose bound has no closed form for unequal covariances; the grid balances the bound over "
            + "the region of 99.9 % of the mass",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.StabilityBoundRegional));

    public static readonly DiagnosticDescriptor PilotReduced = new(
        id: DiagnosticIds.PilotReduced,
        title: "The grid is measured on fewer trajectories",
        messageFormat: "Sampler '{1}' of '{0}' uses Grid.{2}, which was measured on {3} trajectories and less than it would be on a smaller mixture, to "
            + "keep the build fast; Grid.Angle measures nothing",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.PilotReduced));

    public static readonly DiagnosticDescriptor GridReplaced = new(
        id: DiagnosticIds.GridReplaced,
        title: "Another grid stands in for the one asked for",
        messageFormat: "'{1}' of '{0}' asks for Grid.{2} and has the times of Grid.{3}: {4}; ask for Grid.{3}, or for Grid.Auto, which chooses for the solver",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.GridReplaced));

    public static readonly DiagnosticDescriptor BespokeInvalid = new(
        id: DiagnosticIds.BespokeInvalid,
        title: "The solver cannot be found",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; {4}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.BespokeInvalid));

    public static readonly DiagnosticDescriptor ChoiceInvalid = new(
        id: DiagnosticIds.ChoiceInvalid,
        title: "The generator cannot choose the sampler",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; {4}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ChoiceInvalid));

    public static readonly DiagnosticDescriptor SolverFileInvalid = new(
        id: DiagnosticIds.SolverFileInvalid,
        title: "The file of a tuned solver cannot be used",
        messageFormat: "The solver of sampler '{1}' of '{0}' cannot be taken from \"{2}\": {3}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.SolverFileInvalid));

    public static readonly DiagnosticDescriptor NotTuned = new(
        id: DiagnosticIds.NotTuned,
        title: "The tuned solver is out of date",
        messageFormat: "The solver of sampler '{1}' of '{0}' is not taken from \"{2}\", but found as without it: {3}; "
            + "run the program with the command tune, and build again",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NotTuned));

    public static readonly DiagnosticDescriptor NotSearched = new(
        id: DiagnosticIds.NotSearched,
        title: "The mixture is too large for a search in the build",
        messageFormat: "The solver of sampler '{1}' of '{0}' is DPM-Solver++(2M), because the mixture is so large that too few trajectories could be "
            + "followed while the project is built; run the program with the command tune {0}.{1} --budget {2} or more, and build again",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NotSearched));

    public static readonly DiagnosticDescriptor NumberNotFinite = new(
        id: DiagnosticIds.NumberNotFinite,
        title: "A number of the sampler is not finite",
        messageFormat:
            "Sampler '{1}' of '{0}' cannot be generated: {2}; use other times, another chart, a smaller range of scales, or Precision.Double if it is Single",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NumberNotFinite));
}
