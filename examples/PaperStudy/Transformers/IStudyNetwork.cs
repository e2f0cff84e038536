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
