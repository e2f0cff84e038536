namespace FlowDsl.Runtime.Blocks;

/// <summary>Integrates samples in place.</summary>
/// <param name="states">n×d values, row-major.</param>
internal delegate void Integration<T>(Span<T> states);
