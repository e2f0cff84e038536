namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>A density on a line.</summary>
/// <param name="Time">The time of the law.</param>
/// <param name="X">Increasing coordinates.</param>
/// <param name="Density">The density at each.</param>
internal sealed record DensityCurve(double Time, ImmutableArray<double> X, ImmutableArray<double> Density);
