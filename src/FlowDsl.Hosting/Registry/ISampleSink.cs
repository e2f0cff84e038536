using System.Numerics;

namespace FlowDsl.Hosting.Registry;

/// <summary>Takes samples as they are drawn, in the order of their numbers.</summary>
internal interface ISampleSink
{
    /// <summary>Takes the next samples.</summary>
    /// <typeparam name="T">float or double, the same in every call.</typeparam>
    /// <param name="states">n×d values, row-major.</param>
    /// <param name="errors">n errors, or none.</param>
    void Write<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
