namespace FlowDsl.Networks;

/// <summary>A network that counts its evaluations, one per state.</summary>
/// <param name="network">The network.</param>
internal sealed class CountedField(INetworkField network) : INetworkField
{
    /// <inheritdoc/>
    public int Dimension => network.Dimension;

    /// <summary>The evaluations so far.</summary>
    public long Evaluations { get; private set; }

    /// <inheritdoc/>
    public void Evaluate(double time, ReadOnlySpan<float> states, Span<float> outputs)
    {
        network.Evaluate(time, states, outputs);
        Evaluations += states.Length / Dimension;
    }
}
