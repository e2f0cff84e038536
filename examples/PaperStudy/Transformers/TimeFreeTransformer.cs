using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>
/// The transformer of the paper's experiment 3: a sample's coordinates are tokens of one number each, embedded with a learned table of positions; blocks
/// of attention and of a network for each token, both after normalisation; one output a token, without a skip from the sample.
/// </summary>
internal sealed class TimeFreeTransformer : IStudyNetwork
{
    private const double PositionDeviation = 0.02;

    private readonly BlockLayers[] _blocks;
    private float[] _parameters = [];

    public TimeFreeTransformer(TransformerShape shape)
    {
        shape.Check();
        Shape = shape;
        int next = 0;
        Embedding = ParameterRange.OfLayer(ref next, 1, shape.Width);
        Positions = ParameterRange.Next(ref next, shape.Width * shape.Tokens);
        _blocks = new BlockLayers[shape.Blocks];
        for (int i = 0; i < shape.Blocks; i++) _blocks[i] = new BlockLayers(shape, ref next);
        Head = ParameterRange.OfLayer(ref next, shape.Width, 1);
        HeadLayer = new DenseLayer(shape.Width, 1);
        ParameterCount = next;
    }

    public TransformerShape Shape { get; }

    public string Description => Shape.ToString();

    public int Dimension => Shape.Tokens;

    public int ParameterCount { get; }

    /// <summary>Where the weights and the biases of the embedding are among the parameters.</summary>
    public ParameterRange Embedding { get; }

    /// <summary>Where the positions are: for each channel, one number a token.</summary>
    public ParameterRange Positions { get; }

    /// <summary>Where the last layer is.</summary>
    public ParameterRange Head { get; }

    /// <summary>The last layer.</summary>
    public DenseLayer HeadLayer { get; }

    public IReadOnlyList<BlockLayers> Blocks => _blocks;

    /// <summary>The parameters as they were loaded.</summary>
    public ReadOnlySpan<float> Parameters => _parameters;

    public void Initialize(Span<float> parameters, ulong seed)
    {
        var source = new Xavier(seed);
        source.Layer(1, Shape.Width, Embedding.Of(parameters));
        source.Normals(PositionDeviation, Positions.Of(parameters));
        foreach (BlockLayers block in _blocks) block.Initialize(parameters, source);
        source.Layer(Shape.Width, 1, Head.Of(parameters));
    }

    public void Load(ReadOnlySpan<float> parameters)
    {
        _parameters = parameters.ToArray();
        foreach (BlockLayers block in _blocks) block.Load(parameters);
        HeadLayer.Load(Head.Of(parameters), forTraining: true);
    }

    public INetworkPass CreatePass() => new TransformerPass(this);
}
