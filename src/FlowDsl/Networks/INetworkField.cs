namespace FlowDsl;

/// <summary>
/// A field that is evaluated on batches of states: a trained network, or any function. What its values mean and in which time it counts,
/// <see cref="NetworkConvention"/> says.
/// </summary>
public interface INetworkField
{
    /// <summary>d, the number of coordinates of a state.</summary>
    int Dimension { get; }

    /// <summary>Computes the field at n states.</summary>
    /// <param name="time">The time of all of them, as the network counts.</param>
    /// <param name="states">n×d values, row-major.</param>
    /// <param name="outputs">Receives n×d values; not the same memory.</param>
    void Evaluate(double time, ReadOnlySpan<float> states, Span<float> outputs);
}
