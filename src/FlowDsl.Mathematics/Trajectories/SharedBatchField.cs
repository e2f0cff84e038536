using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>
/// The field of components with one covariance along the coordinates: logits affine in x,
/// F = A x + Σ r_k (m - A a) μ_k, ∇F = A + Σ r_k (g_k - ḡ) c_kᵀ with g_k = a C⁻¹μ_k and c_k = (m - A a) μ_k.
/// </summary>
internal sealed class SharedBatchField : BatchField
{
    private readonly int _d, _count;
    private readonly double[] _offsets, _gradients, _constants, _factors;

    public SharedBatchField(Mixture mixture, in MixtureField field)
    {
        (_d, _count) = (mixture.Dimension, mixture.Count);
        (_offsets, _factors) = (new double[_count], new double[_d]);
        (_gradients, _constants) = (new double[_count * _d], new double[_count * _d]);
        ImmutableArray<double> variances = mixture.Covariances[0].Variances;
        double a = field.Point.A;
        for (int j = 0; j < _d; j++) _factors[j] = field.Axis.At(variances[j]);
        for (int k = 0; k < _count; k++)
        {
            double energy = 0;
            for (int j = 0; j < _d; j++)
            {
                double mean = mixture.Means[k][j], gradient = a * mean / field.Point.Spread(variances[j]);
                _gradients[k * _d + j] = gradient;
                _constants[k * _d + j] = (field.MeanFactor - _factors[j] * a) * mean;
                energy += a * mean * gradient;
            }
            _offsets[k] = mixture.LogWeights[k] - 0.5 * energy;
        }
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    public override void Evaluate(ReadOnlySpan<Vector<double>> x, Span<Vector<double>> value, Span<Vector<double>> responsibilities)
    {
        ReadOnlySpan<double> gradients = _gradients, constants = _constants, factors = _factors;
        for (int k = 0; k < _count; k++)
        {
            ReadOnlySpan<double> gradient = gradients.Slice(k * _d, x.Length);
            var logit = new Vector<double>(_offsets[k]);
            for (int j = 0; j < x.Length; j++) logit += new Vector<double>(gradient[j]) * x[j];
            responsibilities[k] = logit;
        }
        Lanes.Normalize(responsibilities.Slice(0, _count));
        for (int j = 0; j < x.Length; j++) value[j] = new Vector<double>(factors[j]) * x[j];
        for (int k = 0; k < _count; k++)
        {
            Vector<double> weight = responsibilities[k];
            if (Vector.EqualsAll(weight, Vector<double>.Zero)) continue;
            ReadOnlySpan<double> constant = constants.Slice(k * _d, x.Length);
            for (int j = 0; j < constant.Length; j++) value[j] += weight * new Vector<double>(constant[j]);
        }
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    public override void Multiply(
        ReadOnlySpan<Vector<double>> x, ReadOnlySpan<Vector<double>> responsibilities, ReadOnlySpan<Vector<double>> direction, Span<Vector<double>> product)
    {
        Span<Vector<double>> along = _count <= 64 ? stackalloc Vector<double>[_count] : new Vector<double>[_count];
        Vector<double> mean = Vector<double>.Zero;
        for (int k = 0; k < _count; k++)
        {
            if (Vector.EqualsAll(responsibilities[k], Vector<double>.Zero)) continue;
            ReadOnlySpan<double> constant = _constants.AsSpan(k * _d, _d);
            Vector<double> sum = Vector<double>.Zero;
            for (int j = 0; j < constant.Length; j++) sum += new Vector<double>(constant[j]) * direction[j];
            along[k] = sum;
            mean += responsibilities[k] * sum;
        }
        for (int j = 0; j < _d; j++) product[j] = new Vector<double>(_factors[j]) * direction[j];
        for (int k = 0; k < _count; k++)
        {
            if (Vector.EqualsAll(responsibilities[k], Vector<double>.Zero)) continue;
            Vector<double> weight = responsibilities[k] * (along[k] - mean);
            ReadOnlySpan<double> gradient = _gradients.AsSpan(k * _d, _d);
            for (int j = 0; j < gradient.Length; j++) product[j] += weight * new Vector<double>(gradient[j]);
        }
    }
}
