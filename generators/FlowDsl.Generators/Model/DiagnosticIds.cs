namespace FlowDsl.Generators.Model;

/// <summary>The IDs of the diagnostics, in hundreds by area; an ID is never used again.</summary>
internal static class DiagnosticIds
{
    // 00xx: type shape
    public const string NotPartial = "FLOW0001";
    public const string ContainingTypeNotPartial = "FLOW0002";
    public const string StaticType = "FLOW0003";
    public const string RefStruct = "FLOW0004";
    public const string FileLocalType = "FLOW0005";
    public const string MemberNameTaken = "FLOW0006";
    public const string NoMixture = "FLOW0007";
    public const string NameHidesAttributeWord = "FLOW0008";
    public const string KnownTypeReplaced = "FLOW0009";
    public const string TypeNameTooLong = "FLOW0010";
    public const string WrongPrecision = "FLOW0011";

    // 01xx: mixture
    public const string DimensionTooSmall = "FLOW0101";
    public const string NoComponents = "FLOW0102";
    public const string MeanLength = "FLOW0103";
    public const string WeightOutOfRange = "FLOW0104";
    public const string WeightSum = "FLOW0105";
    public const string MeanNotFinite = "FLOW0106";
    public const string CovarianceNotGivenOnce = "FLOW0107";
    public const string CovarianceLength = "FLOW0108";
    public const string VarianceOutOfRange = "FLOW0109";
    public const string CovarianceNotSymmetric = "FLOW0110";
    public const string CovarianceNotPositiveSemidefinite = "FLOW0111";
    public const string FileAndComponents = "FLOW0112";
    public const string FileNotFound = "FLOW0113";
    public const string FileMalformed = "FLOW0114";
    public const string FileDimension = "FLOW0115";
    public const string ModelTooLarge = "FLOW0116";
    public const string MixtureAdjusted = "FLOW0117";
    public const string MixtureOutOfRange = "FLOW0120";
    public const string MeanUnresolved = "FLOW0123";
    public const string DataInvalid = "FLOW0124";
    public const string DataNotMeasured = "FLOW0125";

    // 02xx: process
    public const string SeveralProcesses = "FLOW0201";
    public const string ProcessParameterOutOfRange = "FLOW0202";
    public const string EarlyStopOutOfRange = "FLOW0203";
    public const string SingularAtTimeZero = "FLOW0204";
    public const string ProcessUnresolved = "FLOW0205";

    // 03xx: schedule
    public const string SamplerNameInvalid = "FLOW0301";
    public const string SamplerNameTaken = "FLOW0302";
    public const string StepsOutOfRange = "FLOW0303";
    public const string TimesInvalid = "FLOW0304";
    public const string TimesAndSchedule = "FLOW0305";
    public const string GridParameterOutOfRange = "FLOW0306";
    public const string GridNeedsPositiveEarlyStop = "FLOW0307";
    public const string GridNeedsSignalAtHorizon = "FLOW0308";
    public const string StepsTooFine = "FLOW0309";
    public const string StabilityUnbounded = "FLOW0310";
    public const string StabilityBoundRegional = "FLOW0311";
    public const string PilotReduced = "FLOW0312";
    public const string GridReplaced = "FLOW0313";
    public const string NumberNotFinite = "FLOW0314";
    public const string GreatError = "FLOW0315";
    public const string BetterGrid = "FLOW0316";
    public const string NarrowError = "FLOW0317";
    public const string RoundingError = "FLOW0318";
    public const string BespokeInvalid = "FLOW0319";
    public const string ChoiceInvalid = "FLOW0320";
    public const string SolverFileInvalid = "FLOW0321";
    public const string NotTuned = "FLOW0322";
    public const string NotSearched = "FLOW0323";

    // 04xx: solver and tracking
    public const string UndefinedEnumValue = "FLOW0401";
    public const string ChartNotForSolver = "FLOW0402";
    public const string ChartSingularAtHorizon = "FLOW0403";
    public const string ReferenceInvalid = "FLOW0404";
    public const string ReferenceInexact = "FLOW0405";
    public const string WindowUnresolved = "FLOW0406";
    public const string ReferenceNotAudited = "FLOW0407";
    public const string BeyondSinglePrecision = "FLOW0408";

    // 05xx: learned maps
    public const string StudentInvalid = "FLOW0501";
    public const string WeightsInvalid = "FLOW0502";
    public const string LipschitzMismatch = "FLOW0503";
    public const string NoWeights = "FLOW0504";
    public const string TeacherInexact = "FLOW0505";

    // 06xx: score networks
    public const string ScoreNetworkInvalid = "FLOW0601";
    public const string ScoreInvalid = "FLOW0602";

    // 07xx: networks at run time
    public const string NetworkInvalid = "FLOW0701";
    public const string FieldInvalid = "FLOW0702";
    public const string ProfileInvalid = "FLOW0703";

    // 08xx: flow maps
    public const string FlowMapInvalid = "FLOW0801";
    public const string FlowNotSplit = "FLOW0802";
    public const string AccuracyUnreachable = "FLOW0803";

    // 09xx: environment
    public const string LanguageVersion = "FLOW0901";
    public const string InternalError = "FLOW0902";
    // FLOW0903 is reported before the compiler starts: src/FlowDsl/build/FlowDsl.Checks.targets.
}
