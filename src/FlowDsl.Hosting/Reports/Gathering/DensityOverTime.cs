namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>How the law of a line's points changes with time.</summary>
/// <param name="Places">Places on the axis of time, increasing from 0 to 1.</param>
/// <param name="X">Increasing coordinates, in the unit of the states at each time.</param>
/// <param name="Shares">
/// Places.Length × X.Length values: the share of the probability at that time where the density is at least as high.
/// </param>
internal sealed record DensityOverTime(ImmutableArray<double> Places, ImmutableArray<double> X, ImmutableArray<double> Shares);
