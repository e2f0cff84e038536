using System.Numerics;

namespace FlowDsl.Runtime.Laws;

/// <summary>By how much a map from starts to ends changes volumes, at many starts. Thread-safe.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract class MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Subtracts log|det| of the map's derivative at each start: what was the log-density of the start becomes that of the end.</summary>
    /// <param name="starts">n×d values, row-major.</param>
    /// <param name="logDensities">n values.</param>
    /// <param name="reversed">Set at the starts where the determinant of the map, or of a step or a factor of it, is not positive; else left as it is.</param>
    public abstract void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed);
}
