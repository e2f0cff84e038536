namespace FlowDsl;

/// <summary>
/// A network that computes a mixture's score, built without training. Implemented by the nested types that <see cref="ScoreNetworkAttribute"/> declares.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IScoreNetwork<TSelf>
    where TSelf : IScoreNetwork<TSelf>
{
    /// <summary>Describes the network: its size, accuracy and layers.</summary>
    static abstract ScoreNetworkDescriptor Descriptor { get; }

    /// <summary>The network's ∇ log p_t(x).</summary>
    /// <param name="t">A time at which the network is valid.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="score">Receives d values; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The network is not valid at that time.</exception>
    static abstract void Score(double t, ReadOnlySpan<double> x, Span<double> score);
}
