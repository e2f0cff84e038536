using FlowDsl.Analysis;

namespace FlowDsl.Benchmarks;

/// <summary>Which quadratic functions of x the logits need.</summary>
internal enum FeatureKind
{
    /// <summary>None: one isotropic covariance, whose part is common to all components.</summary>
    None,

    /// <summary>|x|².</summary>
    SquaredNorm,

    /// <summary>x_j².</summary>
    Squares,

    /// <summary>x_i x_j, i ≤ j.</summary>
    Products,
}

/// <summary>A field's tables: logits as polynomials of x, and slopes as Σ_k w_k (constant_k + factor_k x).</summary>
internal sealed class TensorField
{
    public TensorField(Mixture mixture, MixtureField field)
    {
        int d = mixture.Dimension, count = mixture.Count;
        bool full = mixture.Covariances.Any(c => c.Basis is not null);
        Kind = mixture.HasSharedIsotropicCovariance ? FeatureKind.None
            : full ? FeatureKind.Products
            : mixture.Covariances.All(c => c.IsIsotropic) ? FeatureKind.SquaredNorm
            : FeatureKind.Squares;
        (FeatureCount, FactorCount) = Kind switch
        {
            FeatureKind.None => (0, 0),
            FeatureKind.SquaredNorm => (1, 1),
            FeatureKind.Squares => (d, d),
            _ => (d * (d + 1) / 2, d * d),
        };
        (Bias, Linear, Constants) = (new float[count], new float[count * d], new float[count * d]);
        (Quadratic, Factors) = (new float[count * FeatureCount], new float[count * FactorCount]);
        SharedFactor = (float)field.Axis.At(mixture.Covariances[0].Variances[0]);

        double a = field.Point.A;
        for (int k = 0; k < count; k++)
        {
            double[] mean = mixture.Means[k], variances = mixture.Covariances[k].Variances;
            double[] precision = Matrix(mixture.Covariances[k], variance => 1 / field.Point.Spread(variance)), factor = Matrix(mixture.Covariances[k], field.Axis.At);
            double bias = mixture.LogWeights[k] - 0.5 * variances.Sum(variance => Math.Log(field.Point.Spread(variance)));
            for (int i = 0; i < d; i++)
            {
                double linear = 0, constant = field.MeanFactor * mean[i];
                for (int j = 0; j < d; j++)
                {
                    linear += precision[i * d + j] * a * mean[j];
                    constant -= factor[i * d + j] * a * mean[j];
                }
                bias -= 0.5 * a * mean[i] * linear;
                Linear[k * d + i] = (float)linear;
                Constants[k * d + i] = (float)constant;
            }
            Bias[k] = (float)bias;
            for (int i = 0, f = 0; i < d && Kind != FeatureKind.None; i++)
            {
                if (Kind != FeatureKind.Products)
                {
                    if (i >= FeatureCount) break;
                    Quadratic[k * FeatureCount + i] = (float)(-0.5 * precision[i * d + i]);
                    Factors[k * FactorCount + i] = (float)factor[i * d + i];
                    continue;
                }
                for (int j = i; j < d; j++, f++) Quadratic[k * FeatureCount + f] = (float)((i == j ? -0.5 : -1) * precision[i * d + j]);
                for (int j = 0; j < d; j++) Factors[k * FactorCount + i * d + j] = (float)factor[i * d + j];
            }
        }
    }

    public FeatureKind Kind { get; }

    public int FeatureCount { get; }

    /// <summary>How many rows of factors a component has: 0 where one number serves all, 1, d or d².</summary>
    public int FactorCount { get; }

    public float SharedFactor { get; }

    public float[] Bias { get; }

    public float[] Linear { get; }

    public float[] Quadratic { get; }

    public float[] Constants { get; }

    public float[] Factors { get; }

    /// <summary>A function of a covariance as a d×d matrix.</summary>
    private static double[] Matrix(Covariance covariance, Func<double, double> function)
    {
        int d = covariance.Dimension;
        double[] values = [.. covariance.Variances.Select(function)], matrix = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            if (covariance.Basis is not { } basis) matrix[i * d + i] = values[i];
            else
                for (int j = 0; j < d; j++)
                    for (int axis = 0; axis < d; axis++) matrix[i * d + j] += basis[i * d + axis] * values[axis] * basis[j * d + axis];
        }
        return matrix;
    }
}
