namespace FlowDsl.Examples.Transformers;

/// <summary>A network that maps samples to samples, as a function of its parameters.</summary>
internal interface IStudyNetwork
{
    /// <summary>What decides the network: it tells checkpoints apart.</summary>
    string Description { get; }

    /// <summary>The number of coordinates of a sample.</summary>
    int Dimension { get; }

    /// <summary>The number of parameters.</summary>
    int ParameterCount { get; }

    /// <summary>Draws the parameters from which training starts.</summary>
    void Initialize(Span<float> parameters, ulong seed);

    /// <summary>Takes over the parameters. Passes follow; none may be under way.</summary>
    void Load(ReadOnlySpan<float> parameters);

    /// <summary>Makes the memory of one thread.</summary>
    INetworkPass CreatePass();
}

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
