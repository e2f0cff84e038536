using System.Collections.Immutable;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>One evaluation of a field on a block: what a form is built from.</summary>
internal sealed class Evaluation(EvaluationBlock block, MixtureField slope, Precision precision)
{
    /// <summary>The distance in standard deviations beyond which a form may leave samples to the loop form: about one in 10^8.</summary>
    public const double Rare = 5.7;

    private EvaluationCoefficients? _coefficients;
    private bool? _hasAffineLogits;

    public EvaluationBlock Block => block;

    public MixtureField Field => slope;

    public Precision Precision => precision;

    public int Dimension => block.Mixture.Dimension;

    public ComponentCoefficients[] Components => (_coefficients ??= new EvaluationCoefficients(block.Mixture, slope)).Components;

    /// <summary>The maximum exponent in use: its power of two and the inverse are normal numbers with room for a step's factor.</summary>
    public double MaxExponent => precision == Precision.Single ? 112 : 1000;

    /// <summary>The same where all components' powers are summed, as they are and times constants.</summary>
    /// <param name="constant">The largest constant.</param>
    public double MaxSummedExponent(double constant)
        => Math.Min(MaxExponent, (precision == Precision.Single ? 126
            : 1022) - PowersOfTwo.LogTwoE * PortableMath.Log(2 * block.Mixture.Count * Math.Max(1, constant)));

    /// <summary>
    /// Whether exponents put together from terms so great are moved by their rounding, half a unit of 2^-23 of a term, as much as a power of
    /// two may be wrong by the coarse function's 2.9e-6.
    /// </summary>
    /// <param name="term">The largest term, in bits.</param>
    public bool IsCoarse(double term) => precision == Precision.Single && term >= 70;

    /// <summary>Whether logits affine in x keep the digits that decide between neighbours; where they do not, distances from each mean do.</summary>
    public bool HasAffineLogits => _hasAffineLogits ??= block.Mixture.HasSharedCovariance && !LogitScales.AreLost(block.Mixture, slope.Point, precision);

    /// <summary>How many bits below the largest weight another one changes a sum by less than half of its rounding.</summary>
    public double NegligibleBits => precision == Precision.Single ? 25 : 54;

    /// <summary>The distance from a centre within which all but a negligible share of the samples lie at this time.</summary>
    /// <param name="centre">The centre at time 0.</param>
    public double MaxDistance(double[] centre) => Enumerable.Range(0, block.Mixture.Count).Max(k => Distance(centre, k) + Spread(k));

    private double Distance(double[] centre, int component)
    {
        ImmutableArray<double> mean = block.Mixture.Means[component];
        double sum = 0;
        for (int j = 0; j < mean.Length; j++) sum += (mean[j] - centre[j]) * (mean[j] - centre[j]);
        return slope.Point.A * Math.Sqrt(sum);
    }

    private double Spread(int component)
        => (Rare + Math.Sqrt(Dimension - 1)) * Math.Sqrt(slope.Point.Spread(block.Mixture.Covariances[component].Variances.Max()));
}
