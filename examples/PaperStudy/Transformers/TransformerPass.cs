using System.Numerics;

namespace FlowDsl.Examples.Transformers;

/// <summary>Passes of a transformer. Rows are channels; the lanes are the tokens of some samples, those of a sample side by side.</summary>
internal sealed class TransformerPass : INetworkPass
{
    // So many lanes keep a block's rows in the second-level cache. The padding keeps rows apart in the cache (DenseLayer).
    private const int Lanes = 128, Padding = 16;

    private readonly TimeFreeTransformer _network;
    private readonly TransformerShape _shape;
    private readonly BlockPass[] _blocks;
    private readonly int _pitch;
    private readonly float[] _h, _slopes, _work, _normed, _starts, _results;
    private int _samples;

    public TransformerPass(TimeFreeTransformer network)
    {
        (_network, _shape) = (network, network.Shape);
        MaxSamples = Math.Max(1, Lanes / _shape.Tokens);
        int lanes = MaxSamples * _shape.Tokens;
        _pitch = lanes + Padding;
        _blocks = [.. network.Blocks.Select(layers => new BlockPass(layers, _shape, _pitch, MaxSamples))];
        (_h, _slopes, _normed) = (new float[_shape.Width * _pitch], new float[_shape.Width * _pitch], new float[_shape.Width * _pitch]);
        _work = new float[BlockPass.CountWorkRows(_shape) * _pitch];
        // The last layer writes a row of padding.
        (_starts, _results) = (new float[lanes], new float[2 * _pitch]);
    }

    public int MaxSamples { get; }

    public void Apply(ReadOnlySpan<float> starts, Span<float> results)
    {
        int lanes = starts.Length;
        _samples = lanes / _shape.Tokens;
        starts.CopyTo(_starts);
        Embed(lanes);
        foreach (BlockPass block in _blocks) block.Apply(ref _h[0], _samples, ref _work[0]);
        _network.HeadLayer.Apply(ref _h[0], ref _results[0], (nuint)_pitch, (nuint)lanes);
        _results.AsSpan(0, lanes).CopyTo(results);
    }

    public void Backpropagate(ReadOnlySpan<float> slopes, Span<float> gradient)
    {
        nuint lanes = (nuint)slopes.Length;
        slopes.CopyTo(_results);
        _network.HeadLayer.AddGradient(ref _h[0], ref _results[0], (nuint)_pitch, lanes, _network.Head.Of(gradient));
        _network.HeadLayer.ApplyTransposed(ref _results[0], ref _slopes[0], (nuint)_pitch, lanes);
        for (int i = _blocks.Length - 1; i >= 0; i--) _blocks[i].Backpropagate(ref _slopes[0], _samples, ref _work[0], ref _normed[0], gradient);
        AddEmbeddingGradient(gradient);
    }

    // h ← W x + b + position.
    private void Embed(int lanes)
    {
        ReadOnlySpan<float> embedding = _network.Embedding.Of(_network.Parameters), positions = _network.Positions.Of(_network.Parameters);
        int tokens = _shape.Tokens, width = Vector<float>.Count;
        for (int c = 0; c < _shape.Width; c++)
        {
            Vector<float> weight = new(embedding[c]), bias = new(embedding[_shape.Width + c]);
            for (int i = 0; i < lanes; i += width)
            {
                Vector<float> position = new(positions[(c * tokens + i % tokens)..]);
                (Vector.MultiplyAddEstimate(weight, new Vector<float>(_starts.AsSpan(i)), bias) + position).CopyTo(_h.AsSpan(c * _pitch + i));
            }
        }
    }

    private void AddEmbeddingGradient(Span<float> gradient)
    {
        Span<float> embedding = _network.Embedding.Of(gradient), positions = _network.Positions.Of(gradient);
        int tokens = _shape.Tokens, lanes = _samples * tokens, width = Vector<float>.Count;
        for (int c = 0; c < _shape.Width; c++)
        {
            Vector<float> weight = Vector<float>.Zero, bias = weight;
            for (int i = 0; i < lanes; i += width)
            {
                Vector<float> slope = new(_slopes.AsSpan(c * _pitch + i));
                weight = Vector.MultiplyAddEstimate(slope, new Vector<float>(_starts.AsSpan(i)), weight);
                bias += slope;
                Span<float> position = positions.Slice(c * tokens + i % tokens, width);
                (new Vector<float>(position) + slope).CopyTo(position);
            }
            embedding[c] += Vector.Sum(weight);
            embedding[_shape.Width + c] += Vector.Sum(bias);
        }
    }
}
