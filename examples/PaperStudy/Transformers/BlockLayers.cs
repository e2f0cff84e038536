using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>The layers of a block: h ← h + Attend(LN(h)), then h ← h + Network(LN(h)).</summary>
internal sealed class BlockLayers
{
    private readonly TransformerShape _shape;
    private readonly float[] _firstNormValues, _secondNormValues;

    public BlockLayers(TransformerShape shape, ref int next)
    {
        _shape = shape;
        int width = shape.Width;
        FirstNorm = ParameterRange.Next(ref next, LayerNorm.CountParameters(width));
        Packed = ParameterRange.OfLayer(ref next, width, 3 * width);
        Output = ParameterRange.OfLayer(ref next, width, width);
        SecondNorm = ParameterRange.Next(ref next, LayerNorm.CountParameters(width));
        Up = ParameterRange.OfLayer(ref next, width, shape.Hidden);
        Down = ParameterRange.OfLayer(ref next, shape.Hidden, width);
        (PackedLayer, OutputLayer) = (new DenseLayer(width, 3 * width), new DenseLayer(width, width));
        (UpLayer, DownLayer) = (new DenseLayer(width, shape.Hidden), new DenseLayer(shape.Hidden, width));
        (_firstNormValues, _secondNormValues) = (new float[FirstNorm.Count], new float[SecondNorm.Count]);
    }

    /// <summary>Where the gains and shifts before the attention are among the parameters.</summary>
    public ParameterRange FirstNorm { get; }

    /// <summary>Where the layer of queries, keys and values is.</summary>
    public ParameterRange Packed { get; }

    /// <summary>Where the layer after the heads is.</summary>
    public ParameterRange Output { get; }

    /// <summary>Where the gains and shifts before the network are.</summary>
    public ParameterRange SecondNorm { get; }

    /// <summary>Where the network's first layer is.</summary>
    public ParameterRange Up { get; }

    /// <summary>Where its second layer is.</summary>
    public ParameterRange Down { get; }

    /// <summary>The layer of queries, keys and values.</summary>
    public DenseLayer PackedLayer { get; }

    /// <summary>The layer after the heads.</summary>
    public DenseLayer OutputLayer { get; }

    /// <summary>The network's first layer.</summary>
    public DenseLayer UpLayer { get; }

    /// <summary>The network's second layer.</summary>
    public DenseLayer DownLayer { get; }

    /// <summary>Gains and shifts before the attention.</summary>
    public ReadOnlySpan<float> FirstNormValues => _firstNormValues;

    /// <summary>Gains and shifts before the network.</summary>
    public ReadOnlySpan<float> SecondNormValues => _secondNormValues;

    public void Initialize(Span<float> parameters, Xavier source)
    {
        foreach (ParameterRange norm in new[] { FirstNorm, SecondNorm })
        {
            norm.Of(parameters)[.._shape.Width].Fill(1);
            norm.Of(parameters)[_shape.Width..].Clear();
        }
        source.Layer(_shape.Width, 3 * _shape.Width, Packed.Of(parameters));
        source.Layer(_shape.Width, _shape.Width, Output.Of(parameters));
        source.Layer(_shape.Width, _shape.Hidden, Up.Of(parameters));
        source.Layer(_shape.Hidden, _shape.Width, Down.Of(parameters));
    }

    public void Load(ReadOnlySpan<float> parameters)
    {
        FirstNorm.Of(parameters).CopyTo(_firstNormValues);
        SecondNorm.Of(parameters).CopyTo(_secondNormValues);
        PackedLayer.Load(Packed.Of(parameters), forTraining: true);
        OutputLayer.Load(Output.Of(parameters), forTraining: true);
        UpLayer.Load(Up.Of(parameters), forTraining: true);
        DownLayer.Load(Down.Of(parameters), forTraining: true);
    }
}
