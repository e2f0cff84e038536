using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// One covariance for all, so early in the flow that the mixture is, up to rounding, the Gaussian of its first two moments: there
/// the posterior mean is affine in x.
/// </summary>
/// <remarks>
/// With m = Σ w_k μ_k and g_k = a C⁻¹(μ_k - m), the posterior probabilities are w_k (1 + g_k·(x - am)) to first order. What is left out is
/// half a third moment: with s the largest difference of two g_k·(x - am), at most s²/8 times the largest difference of two constants,
/// as the variance of a variable with values in an interval of length s is at most s²/4.
/// </remarks>
internal sealed class MomentsForm : IEvaluationForm
{
    private const double Ln2 = 0.69314718055994530942;

    public string Name => "one Gaussian of the mixture's moments";

    public string Equation => "F = A x + c, the slope of the Gaussian that has the mixture's mean and covariance";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        Mixture mixture = evaluation.Block.Mixture;
        ComponentCoefficients[] components = evaluation.Components;
        if (components.Length == 1 || !mixture.HasSharedCovariance) return null;
        int d = x.Length;
        double[] mean = Mean(mixture, Rows(mixture)), constant = Mean(mixture, [.. components.Select(component => component.Constant)]);
        double reach = Reach(evaluation, constant);
        if (!(evaluation.MaxDistance(mean) <= reach)) return null;

        // Precisions are in bits and half of the exponents: C⁻¹ is 2 ln 2 times theirs.
        double[,] slope = new double[d, d];
        for (int k = 0; k < components.Length; k++)
        {
            for (int j = 0; j < d; j++)
            {
                double gradient = 0;
                for (int l = 0; l < d; l++) gradient += 2 * Ln2 * components[0].Precision(j, l) * evaluation.Field.Point.A * (mixture.Means[k][l] - mean[l]);
                for (int i = 0; i < d; i++) slope[i, j] += mixture.Weights[k] * gradient * (components[k].Constant[i] - constant[i]);
            }
        }
        graph.Section("So early the mixture is one Gaussian, up to rounding.");
        var affine = new LinearSum[d];
        for (int i = 0; i < d; i++)
        {
            affine[i] = AffineForm.Linear(components[0], x, i).Plus(constant[i]);
            for (int j = 0; j < d; j++) affine[i] = affine[i].Plus(x[j], slope[i, j]).Plus(-slope[i, j] * evaluation.Field.Point.A * mean[j]);
        }
        if (double.IsPositiveInfinity(reach)) return new Slope(affine, new Fraction?[d]);
        Node[] y = [.. x.Select((node, j) => Graph.Labelled(graph.Subtract(node, graph.Constant(evaluation.Field.Point.A * mean[j])), "dx" + Text(j)))];
        return new Slope(affine, new Fraction?[d], Region.Beyond(graph, y, reach, "the mixture is not one Gaussian"));
    }

    /// <summary>The distance from the mean up to which what is left out is less than the rounding of a slope.</summary>
    private static double Reach(Evaluation evaluation, double[] constant)
    {
        ComponentCoefficients[] components = evaluation.Components;
        ProcessPoint point = evaluation.Field.Point;
        Covariance covariance = evaluation.Block.Mixture.Covariances[0];
        double means = Diameter(Rows(evaluation.Block.Mixture)), constants = Diameter([.. components.Select(component => component.Constant)]);
        double size = components[0].Factor.Max(Math.Abs) * Math.Sqrt(point.Spread(covariance.MinVariance)) + constant.Max(Math.Abs);
        double rounding = size * PortableMath.Exp(-evaluation.NegligibleBits * Ln2);
        double steepest = point.A * means / point.Spread(covariance.MinVariance);
        return steepest == 0 || constants == 0 ? double.PositiveInfinity : Math.Sqrt(8 * rounding / constants) / steepest;
    }

    private static double[][] Rows(Mixture mixture) => [.. mixture.Means.Select(mean => mean.ToArray())];

    private static double[] Mean(Mixture mixture, double[][] values)
    {
        double[] sum = new double[values[0].Length];
        for (int k = 0; k < values.Length; k++)
            for (int j = 0; j < sum.Length; j++) sum[j] += mixture.Weights[k] * values[k][j];
        return sum;
    }

    /// <summary>An upper bound of the distance between any two of the points: the diagonal of their box.</summary>
    private static double Diameter(double[][] points)
    {
        double sum = 0;
        for (int j = 0; j < points[0].Length; j++)
        {
            double side = points.Max(point => point[j]) - points.Min(point => point[j]);
            sum += side * side;
        }
        return Math.Sqrt(sum);
    }
}
