using System.Numerics.Tensors;
using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>
/// A mixture sampler for mixtures and solvers known at run time, vectorised by the library's <see cref="TensorPrimitives"/>: what one
/// would write without a generator. Samples are held by coordinate, a chunk at a time.
/// </summary>
/// <remarks>All exponentials of a chunk are one call.</remarks>
internal sealed class TensorSampler
{
    private static readonly int[] s_chunks = [32, 64, 128, 256, 512, 1024, 2048, 4096];
    private readonly RunTimeProgram _program;
    private readonly int _d, _count, _features, _factors, _chunk;
    private readonly float[] _x, _input, _slopes, _featureRows, _weights, _factorRows, _greatest, _total;

    public TensorSampler(RunTimeProgram program, int chunk)
    {
        FieldTable field = program.Fields[0][0];
        (_program, _chunk, _d, _count) = (program, chunk, field.Dimension, field.Count);
        (_features, _factors) = (field.FeatureCount, field.FactorCount);
        (_x, _input, _slopes) = (new float[_d * chunk], new float[_d * chunk], new float[program.Steps.Max(step => step.Stages.Length) * _d * chunk]);
        (_featureRows, _factorRows) = (new float[_features * chunk], new float[_factors * chunk]);
        (_weights, _greatest, _total) = (new float[_count * chunk], new float[chunk], new float[chunk]);
    }

    /// <summary>One for each size of a chunk.</summary>
    public static IReadOnlyList<Variant> Variants(RunTimeProgram program, int samples)
        => [.. s_chunks.Where(chunk => chunk <= samples)
            .Select(chunk => new Variant($"chunks of {chunk}", chunk, new TensorSampler(program, chunk).Integrate))];

    /// <summary>Integrates n×d row-major values in place.</summary>
    public void Integrate(Span<float> states)
    {
        for (int first = 0; first < states.Length; first += _chunk * _d)
        {
            Span<float> part = states.Slice(first, Math.Min(_chunk * _d, states.Length - first));
            int n = part.Length / _d;
            for (int j = 0; j < _d; j++)
                for (int i = 0; i < n; i++) _x[j * n + i] = part[i * _d + j];
            IntegrateChunk(n);
            for (int j = 0; j < _d; j++)
                for (int i = 0; i < n; i++) part[i * _d + j] = _x[j * n + i];
        }
    }

    private void IntegrateChunk(int n)
    {
        int size = _d * n;
        for (int step = 0; step < _program.Steps.Length; step++)
        {
            FlowStep current = _program.Steps[step];
            for (int s = 0; s < current.Stages.Length; s++)
            {
                Combine(current.Stages[s].Input, size, _input.AsSpan(0, size));
                Evaluate(_program.SingleFields[step][s], n, _input, _slopes.AsSpan(s * size, size));
            }
            Combine(current.Results[0], size, _input.AsSpan(0, size));
            _input.AsSpan(0, size).CopyTo(_x);
        }
    }

    private void Combine(Combination combination, int size, Span<float> result)
    {
        TensorPrimitives.Multiply(_x.AsSpan(0, size), (float)combination.State, result);
        for (int l = 0; l < combination.Slopes.Length; l++)
            if (combination.Slopes[l] != 0)
                TensorPrimitives.MultiplyAdd(_slopes.AsSpan(l * size, size), (float)combination.Slopes[l], result, result);
    }

    private void Evaluate(SingleField field, int n, ReadOnlySpan<float> x, Span<float> slope)
    {
        FillFeatures(field, n, x);
        Span<float> greatest = _greatest.AsSpan(0, n), total = _total.AsSpan(0, n);
        for (int k = 0; k < _count; k++)
        {
            Span<float> row = _weights.AsSpan(k * n, n);
            row.Fill(field.Bias[k]);
            for (int j = 0; j < _d; j++) TensorPrimitives.MultiplyAdd(x.Slice(j * n, n), field.Linear[k * _d + j], row, row);
            for (int f = 0; f < _features; f++) TensorPrimitives.MultiplyAdd(_featureRows.AsSpan(f * n, n), field.Quadratic[k * _features + f], row, row);
            if (k == 0) row.CopyTo(greatest);
            else TensorPrimitives.Max(greatest, row, greatest);
        }
        for (int k = 0; k < _count; k++) TensorPrimitives.Subtract(_weights.AsSpan(k * n, n), greatest, _weights.AsSpan(k * n, n));
        TensorPrimitives.Exp(_weights.AsSpan(0, _count * n), _weights.AsSpan(0, _count * n));
        _weights.AsSpan(0, n).CopyTo(total);
        for (int k = 1; k < _count; k++) TensorPrimitives.Add(total, _weights.AsSpan(k * n, n), total);
        TensorPrimitives.Reciprocal(total, total);

        for (int f = 0; f < _factors; f++) Mix(field.Factors, _factors, f, n, _factorRows.AsSpan(f * n, n));
        for (int j = 0; j < _d; j++)
        {
            Span<float> row = slope.Slice(j * n, n);
            Mix(field.Constants, _d, j, n, row);
            if (_factors == _d * _d && _d > 1)
                for (int i = 0; i < _d; i++) TensorPrimitives.MultiplyAdd(_factorRows.AsSpan((j * _d + i) * n, n), x.Slice(i * n, n), row, row);
            else if (_factors > 0)
                TensorPrimitives.MultiplyAdd(_factorRows.AsSpan(j * n, n), x.Slice(j * n, n), row, row);
            TensorPrimitives.Multiply(row, total, row);
            if (_factors == 0) TensorPrimitives.MultiplyAdd(x.Slice(j * n, n), field.SharedFactor, row, row);
        }
    }

    /// <summary>Σ_k weight_k values[k][column].</summary>
    private void Mix(float[] values, int columns, int column, int n, Span<float> row)
    {
        TensorPrimitives.Multiply(_weights.AsSpan(0, n), values[column], row);
        for (int k = 1; k < _count; k++) TensorPrimitives.MultiplyAdd(_weights.AsSpan(k * n, n), values[k * columns + column], row, row);
    }

    private void FillFeatures(SingleField field, int n, ReadOnlySpan<float> x)
    {
        switch (field.Kind)
        {
            case FeatureKind.Squares:
                TensorPrimitives.Multiply(x[..(_d * n)], x[..(_d * n)], _featureRows.AsSpan(0, _d * n));
                break;
            case FeatureKind.Products:
                for (int i = 0, f = 0; i < _d; i++)
                    for (int j = i; j < _d; j++, f++)
                        TensorPrimitives.Multiply(x.Slice(i * n, n), x.Slice(j * n, n), _featureRows.AsSpan(f * n, n));
                break;
        }
    }
}
