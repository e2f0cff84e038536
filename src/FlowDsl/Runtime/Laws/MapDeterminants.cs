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
    /// <returns>The number of starts at which the determinant of the map, or of a step of it, is not positive.</returns>
    public abstract int Subtract(ReadOnlySpan<T> starts, Span<double> logDensities);
}
