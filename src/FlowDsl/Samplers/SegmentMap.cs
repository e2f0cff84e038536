namespace FlowDsl;

/// <summary>An approximate flow map from one time to another, in place, for many samples at a time: a solver's step, a learned map.</summary>
/// <param name="states">n×d values of x, row-major; any n.</param>
public delegate void SegmentMap(Span<double> states);
