using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Examples.Transformers;

/// <summary>What a block computes on the way forwards and keeps for the way back; for one thread.</summary>
/// <param name="layers">The block.</param>
/// <param name="shape">The transformer's numbers.</param>
/// <param name="pitch">The distance of rows.</param>
/// <param name="maxSamples">The greatest number of samples.</param>
internal sealed class BlockPass(BlockLayers layers, TransformerShape shape, int pitch, int maxSamples)
{
    private readonly LayerNorm _firstNorm = new(shape.Width, pitch), _secondNorm = new(shape.Width, pitch);
    private readonly Attention _attention = new(shape, pitch, maxSamples);
    private readonly float[] _firstNormed = new float[shape.Width * pitch], _secondNormed = new float[shape.Width * pitch];
    private readonly float[] _packed = new float[3 * shape.Width * pitch], _heads = new float[shape.Width * pitch];
    private readonly float[] _hidden = new float[shape.Hidden * pitch], _slopes = new float[shape.Hidden * pitch];

    /// <summary>The number of rows of memory that a pass uses: one block at a time needs them.</summary>
    public static int CountWorkRows(TransformerShape shape) => Math.Max(shape.Hidden, 3 * shape.Width);

    /// <summary>Takes h through the block.</summary>
    /// <param name="h">The first row; a row is a channel.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="work">The first of <see cref="CountWorkRows"/> rows.</param>
    public void Apply(ref float h, int samples, ref float work)
    {
        nuint step = (nuint)pitch, lanes = (nuint)(samples * shape.Tokens);
        _firstNorm.Apply(layers.FirstNormValues, ref h, ref _firstNormed[0], lanes);
        layers.PackedLayer.Apply(ref _firstNormed[0], ref _packed[0], step, lanes);
        _attention.Apply(ref _packed[0], ref _heads[0], samples);
        AddLayer(layers.OutputLayer, ref _heads[0], ref work, ref h, lanes);

        _secondNorm.Apply(layers.SecondNormValues, ref h, ref _secondNormed[0], lanes);
        layers.UpLayer.Apply(ref _secondNormed[0], ref _hidden[0], step, lanes);
        for (int row = 0; row < shape.Hidden; row++) Gelu.Apply(ref _hidden[row * pitch], ref _slopes[row * pitch], lanes);
        AddLayer(layers.DownLayer, ref _hidden[0], ref work, ref h, lanes);
    }

    /// <summary>Takes the derivatives with respect to h back through the block.</summary>
    /// <param name="dh">Those after the block; becomes those before it.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="work">The first of <see cref="CountWorkRows"/> rows.</param>
    /// <param name="normed">As many rows as there are channels.</param>
    /// <param name="gradient">That of all parameters of the network, to add to.</param>
    public void Backpropagate(ref float dh, int samples, ref float work, ref float normed, Span<float> gradient)
    {
        nuint step = (nuint)pitch, lanes = (nuint)(samples * shape.Tokens);
        layers.DownLayer.AddGradient(ref _hidden[0], ref dh, step, lanes, layers.Down.Of(gradient));
        layers.DownLayer.ApplyTransposed(ref dh, ref work, step, lanes);
        for (int row = 0; row < shape.Hidden; row++) Multiply(ref Unsafe.Add(ref work, row * pitch), ref _slopes[row * pitch], lanes);
        layers.UpLayer.AddGradient(ref _secondNormed[0], ref work, step, lanes, layers.Up.Of(gradient));
        layers.UpLayer.ApplyTransposed(ref work, ref normed, step, lanes);
        _secondNorm.Backpropagate(layers.SecondNormValues, ref normed, ref dh, lanes, layers.SecondNorm.Of(gradient));

        layers.OutputLayer.AddGradient(ref _heads[0], ref dh, step, lanes, layers.Output.Of(gradient));
        layers.OutputLayer.ApplyTransposed(ref dh, ref normed, step, lanes);
        _attention.Backpropagate(ref _packed[0], ref normed, ref work, samples);
        layers.PackedLayer.AddGradient(ref _firstNormed[0], ref work, step, lanes, layers.Packed.Of(gradient));
        layers.PackedLayer.ApplyTransposed(ref work, ref normed, step, lanes);
        _firstNorm.Backpropagate(layers.FirstNormValues, ref normed, ref dh, lanes, layers.FirstNorm.Of(gradient));
    }

    // h += W x + b.
    private void AddLayer(DenseLayer layer, ref float x, ref float work, ref float h, nuint lanes)
    {
        layer.Apply(ref x, ref work, (nuint)pitch, lanes);
        StudentMath.Add(ref work, ref h, shape.Width, (nuint)pitch, lanes);
    }

    private static void Multiply(ref float values, ref float factors, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<float>.Count)
            (Vector.LoadUnsafe(ref values, i) * Vector.LoadUnsafe(ref factors, i)).StoreUnsafe(ref values, i);
    }
}
