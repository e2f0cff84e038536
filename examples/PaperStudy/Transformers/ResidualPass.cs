using System.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>Passes of residual blocks. Rows are coordinates or units, lanes are samples.</summary>
internal sealed class ResidualPass : INetworkPass
{
    // The padding keeps rows apart in the cache (DenseLayer).
    private const int Lanes = 128, Pitch = Lanes + 16;

    private readonly ResidualBlocks _network;
    private readonly int _d, _hidden;
    // x before each block, and the units of its hidden layers.
    private readonly float[][] _starts, _first, _second;
    private readonly float[] _x, _score, _slopes, _secondSlopes, _firstSlopes;
    private int _lanes;

    public ResidualPass(ResidualBlocks network)
    {
        _network = network;
        (_d, _hidden) = (network.Dimension, network.Shape.Hidden);
        (_starts, _first, _second) = (Rows(_d), Rows(_hidden), Rows(_hidden));
        (_x, _score, _slopes) = (new float[_d * Pitch], new float[_d * Pitch], new float[_d * Pitch]);
        (_firstSlopes, _secondSlopes) = (new float[_hidden * Pitch], new float[_hidden * Pitch]);

        float[][] Rows(int count) => [.. Enumerable.Range(0, network.Shape.Blocks).Select(_ => new float[count * Pitch])];
    }

    public int MaxSamples => Lanes;

    public void Apply(ReadOnlySpan<float> starts, Span<float> results)
    {
        ToRows(starts, _x);
        Vector<float> step = new(_network.Step), keep = new(1 + _network.Step);
        for (int k = 0; k < _starts.Length; k++)
        {
            _x.CopyTo(_starts[k], 0);
            Hidden(_network.Layer(k, 0), _x, _first[k]);
            Hidden(_network.Layer(k, 1), _first[k], _second[k]);
            _network.Layer(k, 2).Apply(ref _second[k][0], ref _score[0], Pitch, (nuint)_lanes);
            Combine(keep, step);
        }
        for (int i = 0; i < starts.Length / _d; i++)
            for (int j = 0; j < _d; j++) results[i * _d + j] = _x[j * Pitch + i];
    }

    public void Backpropagate(ReadOnlySpan<float> slopes, Span<float> gradient)
    {
        ToRows(slopes, _slopes);
        nuint lanes = (nuint)_lanes;
        Vector<float> step = new(_network.Step), keep = new(1 + _network.Step);
        for (int k = _starts.Length - 1; k >= 0; k--)
        {
            DenseLayer first = _network.Layer(k, 0), second = _network.Layer(k, 1), third = _network.Layer(k, 2);
            for (int j = 0; j < _d; j++)
                for (int i = 0; i < _lanes; i += Vector<float>.Count)
                    (step * new Vector<float>(_slopes, j * Pitch + i)).CopyTo(_score, j * Pitch + i);
            third.AddGradient(ref _second[k][0], ref _score[0], Pitch, lanes, _network.Range(k, 2).Of(gradient));
            third.ApplyTransposed(ref _score[0], ref _secondSlopes[0], Pitch, lanes);
            Mask(_second[k], _secondSlopes);
            second.AddGradient(ref _first[k][0], ref _secondSlopes[0], Pitch, lanes, _network.Range(k, 1).Of(gradient));
            second.ApplyTransposed(ref _secondSlopes[0], ref _firstSlopes[0], Pitch, lanes);
            Mask(_first[k], _firstSlopes);
            first.AddGradient(ref _starts[k][0], ref _firstSlopes[0], Pitch, lanes, _network.Range(k, 0).Of(gradient));
            first.ApplyTransposed(ref _firstSlopes[0], ref _x[0], Pitch, lanes);
            for (int j = 0; j < _d; j++)
                for (int i = 0; i < _lanes; i += Vector<float>.Count)
                    (keep * new Vector<float>(_slopes, j * Pitch + i) + new Vector<float>(_x, j * Pitch + i)).CopyTo(_slopes, j * Pitch + i);
        }
    }

    // x ← (1 + step) x + step S(x).
    private void Combine(Vector<float> keep, Vector<float> step)
    {
        for (int j = 0; j < _d; j++)
            for (int i = 0; i < _lanes; i += Vector<float>.Count)
                (keep * new Vector<float>(_x, j * Pitch + i) + step * new Vector<float>(_score, j * Pitch + i)).CopyTo(_x, j * Pitch + i);
    }

    private void Hidden(DenseLayer layer, float[] from, float[] to)
    {
        layer.Apply(ref from[0], ref to[0], Pitch, (nuint)_lanes);
        for (int j = 0; j < _hidden; j++)
            for (int i = 0; i < _lanes; i += Vector<float>.Count)
                Vector.Max(new Vector<float>(to, j * Pitch + i), Vector<float>.Zero).CopyTo(to, j * Pitch + i);
    }

    // No slope where a unit is off.
    private void Mask(float[] units, float[] slopes)
    {
        for (int j = 0; j < _hidden; j++)
        {
            for (int i = j * Pitch; i < j * Pitch + _lanes; i += Vector<float>.Count)
            {
                Vector<int> isOn = Vector.GreaterThan(new Vector<float>(units, i), Vector<float>.Zero);
                Vector.ConditionalSelect(isOn, new Vector<float>(slopes, i), Vector<float>.Zero).CopyTo(slopes, i);
            }
        }
    }

    // Lanes without a sample are zero.
    private void ToRows(ReadOnlySpan<float> samples, float[] rows)
    {
        int n = samples.Length / _d, pair = 2 * Vector<float>.Count;
        _lanes = (n + pair - 1) / pair * pair;
        for (int j = 0; j < _d; j++)
        {
            for (int i = 0; i < n; i++) rows[j * Pitch + i] = samples[i * _d + j];
            rows.AsSpan(j * Pitch + n, _lanes - n).Clear();
        }
    }
}
