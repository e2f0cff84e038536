using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>The plain loops that one writes first: one sample at a time, single precision, <see cref="MathF.Exp"/>.</summary>
internal sealed class ScalarSampler
{
    private readonly RunTimeProgram _program;
    private readonly int _d, _count, _features, _factors;
    private readonly float[] _input, _weights;
    private readonly float[][] _slopes;

    public ScalarSampler(RunTimeProgram program)
    {
        FieldTable field = program.Fields[0][0];
        (_program, _d, _count, _features, _factors) = (program, field.Dimension, field.Count, field.FeatureCount, field.FactorCount);
        (_input, _weights) = (new float[_d], new float[_count]);
        _slopes = [.. program.Steps[0].Stages.Select(_ => new float[_d])];
    }

    /// <summary>Integrates n×d row-major values in place.</summary>
    public void Integrate(Span<float> states)
    {
        for (int first = 0; first < states.Length; first += _d)
        {
            Span<float> x = states.Slice(first, _d);
            for (int i = 0; i < _program.Steps.Length; i++)
            {
                FlowStep step = _program.Steps[i];
                for (int s = 0; s < step.Stages.Length; s++)
                {
                    Combine(step.Stages[s].Input, x, _input);
                    Evaluate(_program.SingleFields[i][s], _input, _slopes[s]);
                }
                Combine(step.Results[0], x, x);
            }
        }
    }

    private void Combine(Combination combination, ReadOnlySpan<float> x, Span<float> result)
    {
        for (int j = 0; j < result.Length; j++)
        {
            float sum = (float)combination.State * x[j];
            for (int l = 0; l < combination.Slopes.Length; l++) sum += (float)combination.Slopes[l] * _slopes[l][j];
            result[j] = sum;
        }
    }

    private void Evaluate(SingleField field, ReadOnlySpan<float> x, Span<float> slope)
    {
        float greatest = float.NegativeInfinity, total = 0;
        for (int k = 0; k < _count; k++)
        {
            float logit = field.Bias[k] + Dot(field.Linear.AsSpan(k * _d, _d), x);
            if (field.Kind == FeatureKind.Squares)
            {
                ReadOnlySpan<float> quadratic = field.Quadratic.AsSpan(k * _d, _d);
                for (int j = 0; j < quadratic.Length; j++) logit += quadratic[j] * x[j] * x[j];
            }
            if (field.Kind == FeatureKind.Products)
                for (int i = 0, f = k * _features; i < x.Length; f += x.Length - i, i++) logit += x[i] * Dot(field.Quadratic.AsSpan(f, x.Length - i), x[i..]);
            _weights[k] = logit;
            greatest = MathF.Max(greatest, logit);
        }
        for (int k = 0; k < _count; k++) total += _weights[k] = MathF.Exp(_weights[k] - greatest);
        for (int j = 0; j < slope.Length; j++) slope[j] = field.SharedFactor * x[j];
        for (int k = 0; k < _count; k++)
        {
            float share = _weights[k] / total;
            ReadOnlySpan<float> constants = field.Constants.AsSpan(k * _d, _d);
            for (int j = 0; j < constants.Length; j++) slope[j] += share * constants[j];
            if (field.Kind == FeatureKind.Squares)
            {
                ReadOnlySpan<float> factors = field.Factors.AsSpan(k * _d, _d);
                for (int j = 0; j < factors.Length; j++) slope[j] += share * factors[j] * x[j];
            }
            if (field.Kind == FeatureKind.Products)
                for (int j = 0; j < x.Length; j++) slope[j] += share * Dot(field.Factors.AsSpan(k * _factors + j * _d, _d), x);
        }
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        float sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }
}
