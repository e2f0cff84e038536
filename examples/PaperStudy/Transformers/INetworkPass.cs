namespace FlowDsl.Examples.Transformers;

/// <summary>Passes of a network forwards and backwards, on some samples; for one thread.</summary>
internal interface INetworkPass
{
    /// <summary>The greatest number of samples of a pass.</summary>
    int MaxSamples { get; }

    /// <summary>Maps samples with the parameters that the network holds, and keeps what the way back needs.</summary>
    /// <param name="starts">x, row-major.</param>
    /// <param name="results">Receives y, row-major.</param>
    void Apply(ReadOnlySpan<float> starts, Span<float> results);

    /// <summary>Adds the gradient of a loss at the samples that were mapped last.</summary>
    /// <param name="slopes">The derivatives of the loss with respect to y, row-major.</param>
    /// <param name="gradient">Its derivatives with respect to the parameters: these are added.</param>
    void Backpropagate(ReadOnlySpan<float> slopes, Span<float> gradient);
}
