using FlowDsl.Hosting;

namespace FlowDsl.Examples.Protocols;

/// <summary>All tables.</summary>
internal static class Studies
{
    /// <summary>The published tables in the paper's order, then ours.</summary>
    public static IReadOnlyList<Study> All { get; } =
    [
        new ScoreStudy("static-sigma", "experiment 1A: networks of width 512 for the score at five times, for three deviations of the modes"),
        new ScoreStudy("static-width", "experiment 1B: the same for modes of deviation 0.1, of five widths"),
        new OneStepStudy(isConverged: false),
        new OneStepStudy(isConverged: true),
        new GridStudy(),
        OwnStudy.Compose,
        OwnStudy.Corrected,
    ];
}
