using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>All rules by their ID.</summary>
internal static class DiagnosticDescriptors
{
    /// <summary>All rules in the order of their IDs.</summary>
    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        TypeShapeRules.NotPartial,
        TypeShapeRules.ContainingTypeNotPartial,
        TypeShapeRules.StaticType,
        TypeShapeRules.RefStruct,
        TypeShapeRules.FileLocalType,
        TypeShapeRules.MemberNameTaken,
        TypeShapeRules.NoMixture,
        TypeShapeRules.NameHidesAttributeWord,
        TypeShapeRules.KnownTypeReplaced,
        TypeShapeRules.TypeNameTooLong,
        TypeShapeRules.WrongPrecision,
        MixtureRules.DimensionTooSmall,
        MixtureRules.NoComponents,
        MixtureRules.MeanLength,
        MixtureRules.WeightOutOfRange,
        MixtureRules.WeightSum,
        MixtureRules.MeanNotFinite,
        MixtureRules.CovarianceNotGivenOnce,
        MixtureRules.CovarianceLength,
        MixtureRules.VarianceOutOfRange,
        MixtureRules.CovarianceNotSymmetric,
        MixtureRules.CovarianceNotPositiveSemidefinite,
        MixtureRules.FileAndComponents,
        MixtureRules.FileNotFound,
        MixtureRules.FileMalformed,
        MixtureRules.FileDimension,
        MixtureRules.ModelTooLarge,
        MixtureRules.MixtureAdjusted,
        MixtureRules.MixtureOutOfRange,
        MixtureRules.MeanUnresolved,
        DataRules.DataInvalid,
        DataRules.DataNotMeasured,
        ProcessRules.SeveralProcesses,
        ProcessRules.ProcessParameterOutOfRange,
        ProcessRules.EarlyStopOutOfRange,
        ProcessRules.SingularAtTimeZero,
        ProcessRules.ProcessUnresolved,
        ScheduleRules.SamplerNameInvalid,
        ScheduleRules.SamplerNameTaken,
        ScheduleRules.StepsOutOfRange,
        ScheduleRules.TimesInvalid,
        ScheduleRules.TimesAndSchedule,
        ScheduleRules.GridParameterOutOfRange,
        ScheduleRules.GridNeedsPositiveEarlyStop,
        ScheduleRules.GridNeedsSignalAtHorizon,
        ScheduleRules.StepsTooFine,
        ScheduleRules.StabilityUnbounded,
        ScheduleRules.StabilityBoundRegional,
        ScheduleRules.PilotReduced,
        ScheduleRules.GridReplaced,
        ScheduleRules.NumberNotFinite,
        ForecastRules.GreatError,
        ForecastRules.BetterGrid,
        ForecastRules.NarrowError,
        ForecastRules.RoundingError,
        ScheduleRules.BespokeInvalid,
        ScheduleRules.ChoiceInvalid,
        ScheduleRules.SolverFileInvalid,
        ScheduleRules.NotTuned,
        ScheduleRules.NotSearched,
        SolverRules.UndefinedEnumValue,
        SolverRules.ChartNotForSolver,
        SolverRules.ChartSingularAtHorizon,
        ReferenceRules.ReferenceInvalid,
        ReferenceRules.ReferenceInexact,
        ReferenceRules.WindowUnresolved,
        ReferenceRules.ReferenceNotAudited,
        SolverRules.BeyondSinglePrecision,
        StudentRules.StudentInvalid,
        StudentRules.WeightsInvalid,
        StudentRules.LipschitzMismatch,
        StudentRules.NoWeights,
        StudentRules.TeacherInexact,
        ScoreNetworkRules.ScoreNetworkInvalid,
        ScoreNetworkRules.ScoreInvalid,
        NetworkRules.NetworkInvalid,
        NetworkRules.FieldInvalid,
        NetworkRules.ProfileInvalid,
        FlowMapRules.FlowMapInvalid,
        FlowMapRules.FlowNotSplit,
        FlowMapRules.AccuracyUnreachable,
        EnvironmentRules.LanguageVersion,
        EnvironmentRules.InternalError,
    ];

    private static readonly Dictionary<string, DiagnosticDescriptor> s_byId = All.ToDictionary(rule => rule.Id, WithPage);

    /// <summary>The rule of an ID, with its page as the description.</summary>
    public static DiagnosticDescriptor Find(string id) => s_byId[id];

    private static DiagnosticDescriptor WithPage(DiagnosticDescriptor rule) => new(
        rule.Id, rule.Title, rule.MessageFormat, rule.Category, rule.DefaultSeverity, rule.IsEnabledByDefault,
        new DiagnosticPage(rule.Id), rule.HelpLinkUri, [.. rule.CustomTags]);
}
