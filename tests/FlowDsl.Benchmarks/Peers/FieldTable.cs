using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Benchmarks;

/// <summary>Which quadratic functions of x the logits need.</summary>
internal enum FeatureKind
{
    /// <summary>None: one isotropic covariance, whose part is common to all components.</summary>
    None,

    /// <summary>x_j².</summary>
    Squares,

    /// <summary>x_i x_j, i ≤ j.</summary>
    Products,
}

/// <summary>
/// A field as numbers for peers that know it at run time: logits as polynomials of x or as distances, and slopes as Σ_k r_k (constant_k + factor_k x).
/// </summary>
/// <remarks>
/// Expanded, a component costs one multiply-add a coordinate and one a quadratic feature, and features that all components share
/// (one covariance for all) drop out of the softmax. Directly, it is an offset and a distance from its centre, in bits.
/// </remarks>
internal sealed class FieldTable
{
    public FieldTable(Mixture mixture, MixtureField field)
    {
        int d = mixture.Dimension, count = mixture.Count;
        (Dimension, Count) = (d, count);
        Kind = KindOf(mixture);
        (FeatureCount, FactorCount) = Kind switch
        {
            FeatureKind.None => (0, 0),
            FeatureKind.Squares => (d, d),
            _ => (d * (d + 1) / 2, d * d),
        };
        (Bias, Linear, Constants) = (new double[count], new double[count * d], new double[count * d]);
        (Quadratic, Factors) = (new double[count * FeatureCount], new double[count * FactorCount]);
        SharedFactor = Kind == FeatureKind.None ? field.Axis.At(mixture.Covariances[0].Variances[0]) : 0;
        for (int k = 0; k < count; k++)
        {
            Bias[k] = mixture.LogWeights[k] - 0.5 * mixture.Covariances[k].Variances.Sum(variance => Math.Log(field.Point.Spread(variance)));
            if (Kind == FeatureKind.Products) FillFull(mixture, field, k);
            else FillDiagonal(mixture, field, k);
        }
        double greatest = Bias.Max();
        for (int k = 0; k < count; k++) Bias[k] -= greatest;

        ComponentCoefficients[] components = new EvaluationCoefficients(mixture, field).Components;
        Offsets = [.. components.Select(component => component.Offset)];
        Centres = [.. components.SelectMany(component => component.Centre)];
        Precisions = [.. components.SelectMany(component => Kind switch
        {
            FeatureKind.None => [component.Root[0] * component.Root[0]],
            FeatureKind.Squares => component.Root.Select(root => root * root),
            _ => UpperTriangle(component),
        })];
    }

    public int Dimension { get; }

    public int Count { get; }

    public FeatureKind Kind { get; }

    public int FeatureCount { get; }

    /// <summary>How many factors a component has: 0 where one number serves all, d or d².</summary>
    public int FactorCount { get; }

    /// <summary>The factor where one number serves all, else 0.</summary>
    public double SharedFactor { get; }

    public double[] Bias { get; }

    public double[] Linear { get; }

    public double[] Quadratic { get; }

    public double[] Constants { get; }

    public double[] Factors { get; }

    /// <summary>The constant parts of the energies in bits.</summary>
    public double[] Offsets { get; }

    /// <summary>Where the distances are taken from, K×d.</summary>
    public double[] Centres { get; }

    /// <summary>
    /// What multiplies squared differences, in bits: one number a component, or d; or roots of the precision, row by row of its upper triangle.
    /// </summary>
    public double[] Precisions { get; }

    /// <summary>How the sources of the native peers name what a mixture's covariances have in common.</summary>
    public static string Shape(Mixture mixture) => KindOf(mixture) switch
    {
        FeatureKind.None => "Shared",
        FeatureKind.Squares => "Diagonal",
        _ => "Full",
    };

    /// <summary>Biases, linear and quadratic coefficients in bits.</summary>
    /// <param name="width">The number of biases, at least that of the components.</param>
    public IEnumerable<double> Logits(int width)
    {
        const double Bits = 1.4426950408889634, Never = -1e30;
        return [.. Bias.Select(InBits), .. Enumerable.Repeat(Never, width - Count), .. Linear.Select(InBits), .. Quadratic.Select(InBits)];

        static double InBits(double logit) => Bits * logit;
    }

    private static FeatureKind KindOf(Mixture mixture) => mixture.HasSharedIsotropicCovariance ? FeatureKind.None
        : mixture.Covariances.Any(c => c.Basis is not null) ? FeatureKind.Products
        : FeatureKind.Squares;

    private static IEnumerable<double> UpperTriangle(ComponentCoefficients component)
    {
        int d = component.Centre.Length;
        for (int i = 0; i < d; i++)
            for (int j = i; j < d; j++)
                yield return component.Kind == CovarianceType.Full ? component.Root[i * d + j] : i == j ? component.Root[i] : 0;
    }

    private void FillDiagonal(Mixture mixture, in MixtureField field, int k)
    {
        double[] mean = [.. mixture.Means[k]], variances = [.. mixture.Covariances[k].Variances];
        double a = field.Point.A;
        for (int i = 0; i < Dimension; i++)
        {
            double precision = 1 / field.Point.Spread(variances[i]), factor = field.Axis.At(variances[i]);
            Linear[k * Dimension + i] = precision * a * mean[i];
            Constants[k * Dimension + i] = field.MeanFactor * mean[i] - factor * a * mean[i];
            Bias[k] -= 0.5 * precision * a * a * mean[i] * mean[i];
            if (Kind == FeatureKind.None) continue;
            Quadratic[k * Dimension + i] = -0.5 * precision;
            Factors[k * Dimension + i] = factor;
        }
    }

    private void FillFull(Mixture mixture, in MixtureField field, int k)
    {
        int d = Dimension;
        Covariance covariance = mixture.Covariances[k];
        ProcessPoint point = field.Point;
        double[] mean = [.. mixture.Means[k]], precision = Matrix(covariance, variance => 1 / point.Spread(variance));
        double[] factor = Matrix(covariance, field.Axis.At);
        for (int i = 0, f = 0; i < d; i++)
        {
            Constants[k * d + i] = field.MeanFactor * mean[i];
            for (int j = 0; j < d; j++)
            {
                Linear[k * d + i] += precision[i * d + j] * point.A * mean[j];
                Constants[k * d + i] -= factor[i * d + j] * point.A * mean[j];
                Factors[(k * d + i) * d + j] = factor[i * d + j];
            }
            Bias[k] -= 0.5 * point.A * mean[i] * Linear[k * d + i];
            for (int j = i; j < d; j++, f++) Quadratic[k * FeatureCount + f] = (i == j ? -0.5 : -1) * precision[i * d + j];
        }
    }

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
