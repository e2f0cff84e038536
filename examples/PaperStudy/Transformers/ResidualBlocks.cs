using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>
/// The paper's Definition 10: x ← x + (βT/L)(x + S_k(x)) for k = 1…L, Euler steps of the flow from T to 0 with a learned score for each, a perceptron of
/// two hidden layers with ReLU.
/// </summary>
internal sealed class ResidualBlocks : IStudyNetwork
{
    /// <summary>The number of layers of a block.</summary>
    public const int Depth = 3;

    private readonly ParameterRange[] _ranges;
    private readonly DenseLayer[] _layers;

    public ResidualBlocks(ResidualShape shape)
    {
        shape.Check();
        Shape = shape;
        int next = 0;
        _layers = new DenseLayer[Depth * shape.Blocks];
        _ranges = new ParameterRange[_layers.Length];
        for (int i = 0; i < _layers.Length; i++)
        {
            (int inputs, int outputs) = (i % Depth) switch
            {
                0 => (shape.Dimension, shape.Hidden),
                1 => (shape.Hidden, shape.Hidden),
                _ => (shape.Hidden, shape.Dimension),
            };
            _layers[i] = new DenseLayer(inputs, outputs);
            _ranges[i] = ParameterRange.OfLayer(ref next, inputs, outputs);
        }
        ParameterCount = next;
    }

    public ResidualShape Shape { get; }

    public string Description => Shape.ToString();

    public int Dimension => Shape.Dimension;

    public int ParameterCount { get; }

    /// <summary>βT/L.</summary>
    public float Step => (float)(Shape.TotalTime / Shape.Blocks);

    /// <summary>A layer of a block.</summary>
    public DenseLayer Layer(int block, int layer) => _layers[block * Depth + layer];

    /// <summary>Where its parameters are.</summary>
    public ParameterRange Range(int block, int layer) => _ranges[block * Depth + layer];

    public void Initialize(Span<float> parameters, ulong seed)
    {
        var source = new Xavier(seed);
        for (int i = 0; i < _layers.Length; i++) source.Layer(_layers[i].Inputs, _layers[i].Outputs, _ranges[i].Of(parameters));
    }

    public void Load(ReadOnlySpan<float> parameters)
    {
        for (int i = 0; i < _layers.Length; i++) _layers[i].Load(_ranges[i].Of(parameters), forTraining: true);
    }

    public INetworkPass CreatePass() => new ResidualPass(this);
}
