using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>
/// The field of components with different covariances, from <see cref="EvaluationCoefficients"/>:
/// ∇F = Σ r_k A_k + Σ r_k (g_k - ḡ) f_kᵀ with f_k = A_k x + b_k and g_k = -C_k⁻¹(x - aμ_k).
/// </summary>
internal sealed class GeneralBatchField : BatchField
{
    private const double Ln2 = 0.6931471805599453094;
    private readonly int _d, _count;
    private readonly ComponentCoefficients[] _components;

    public GeneralBatchField(Mixture mixture, in MixtureField field)
    {
        (_d, _count) = (mixture.Dimension, mixture.Count);
        _components = new EvaluationCoefficients(mixture, field).Components;
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    public override void Evaluate(ReadOnlySpan<Vector<double>> x, Span<Vector<double>> value, Span<Vector<double>> responsibilities)
    {
        x = x.Slice(0, _d);
        value = value.Slice(0, _d);
        for (int k = 0; k < _count; k++)
        {
            ComponentCoefficients component = _components[k];
            ReadOnlySpan<double> centre = component.Centre.AsSpan(0, x.Length), root = component.Root;
            var energy = new Vector<double>(component.Offset);
            if (component.Kind != CovarianceType.Full)
            {
                root = root.Slice(0, x.Length);
                for (int j = 0; j < x.Length; j++)
                {
                    Vector<double> y = new Vector<double>(root[j]) * (x[j] - new Vector<double>(centre[j]));
                    energy += y * y;
                }
            }
            else
            {
                for (int i = 0; i < x.Length; i++)
                {
                    Vector<double> y = Vector<double>.Zero;
                    for (int j = i; j < x.Length; j++) y += new Vector<double>(root[i * _d + j]) * (x[j] - new Vector<double>(centre[j]));
                    energy += y * y;
                }
            }
            responsibilities[k] = energy * new Vector<double>(-Ln2);
        }
        Lanes.Normalize(responsibilities.Slice(0, _count));
        value.Clear();
        for (int k = 0; k < _count; k++)
        {
            Vector<double> weight = responsibilities[k];
            if (Vector.EqualsAll(weight, Vector<double>.Zero)) continue;
            ComponentCoefficients component = _components[k];
            if (component.Kind == CovarianceType.Full)
            {
                for (int i = 0; i < value.Length; i++) value[i] += weight * Contribution(component, i, x);
                continue;
            }
            ReadOnlySpan<double> factor = component.Factor.AsSpan(0, value.Length), constant = component.Constant.AsSpan(0, value.Length);
            for (int j = 0; j < value.Length; j++) value[j] += weight * (new Vector<double>(factor[j]) * x[j] + new Vector<double>(constant[j]));
        }
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    public override void Multiply(
        ReadOnlySpan<Vector<double>> x, ReadOnlySpan<Vector<double>> responsibilities, ReadOnlySpan<Vector<double>> direction, Span<Vector<double>> product)
    {
        var along = new Vector<double>[_count];
        var whitened = new Vector<double>[_d];
        Vector<double> mean = Vector<double>.Zero;
        product.Slice(0, _d).Clear();
        for (int k = 0; k < _count; k++)
        {
            Vector<double> weight = responsibilities[k];
            if (Vector.EqualsAll(weight, Vector<double>.Zero)) continue;
            for (int i = 0; i < _d; i++)
            {
                along[k] += Contribution(_components[k], i, x) * direction[i];
                product[i] += weight * Linear(_components[k], i, direction);
            }
            mean += weight * along[k];
        }
        for (int k = 0; k < _count; k++)
        {
            if (Vector.EqualsAll(responsibilities[k], Vector<double>.Zero)) continue;
            ComponentCoefficients component = _components[k];
            double[] centre = component.Centre, root = component.Root;
            Vector<double> weight = responsibilities[k] * (along[k] - mean) * new Vector<double>(-2 * Ln2);
            if (component.Kind != CovarianceType.Full)
            {
                for (int j = 0; j < _d; j++) product[j] += weight * new Vector<double>(root[j] * root[j]) * (x[j] - new Vector<double>(centre[j]));
                continue;
            }
            for (int i = 0; i < _d; i++)
            {
                Vector<double> y = Vector<double>.Zero;
                for (int j = i; j < _d; j++) y += new Vector<double>(root[i * _d + j]) * (x[j] - new Vector<double>(centre[j]));
                whitened[i] = y;
            }
            for (int j = 0; j < _d; j++)
            {
                Vector<double> sum = Vector<double>.Zero;
                for (int i = 0; i <= j; i++) sum += new Vector<double>(root[i * _d + j]) * whitened[i];
                product[j] += weight * sum;
            }
        }
    }

    private Vector<double> Contribution(ComponentCoefficients component, int i, ReadOnlySpan<Vector<double>> x)
        => Linear(component, i, x) + new Vector<double>(component.Constant[i]);

    private Vector<double> Linear(ComponentCoefficients component, int i, ReadOnlySpan<Vector<double>> x)
    {
        double[] factor = component.Factor;
        if (component.Kind != CovarianceType.Full) return new Vector<double>(factor[i]) * x[i];
        Vector<double> sum = Vector<double>.Zero;
        for (int j = 0; j < _d; j++) sum += new Vector<double>(factor[i * _d + j]) * x[j];
        return sum;
    }
}
