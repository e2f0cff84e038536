using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>
/// The adjustments to a mixture's numbers that were rounded to single precision. Numbers that form a mixture within <see cref="Tolerance"/> are
/// replaced by the nearest valid ones; this says how far off they were.
/// </summary>
/// <param name="WeightSum">The sum by which the weights were divided; 1 if they are used as given.</param>
/// <param name="Asymmetry">
/// The maximum |Σ_ij − Σ_ji| / sqrt(Σ_ii Σ_jj) of covariances (or precisions) that were replaced by their symmetric parts; 0 without any.
/// </param>
/// <param name="NegativeEigenvalue">
/// The maximum −λ_min / λ_max of covariances whose negative eigenvalues were set to 0; 0 without any.
/// </param>
public sealed record MixtureAdjustment(double WeightSum, double Asymmetry, double NegativeEigenvalue)
{
    /// <summary>The maximum error of a sum of weights, an entry or an eigenvalue in single precision, relative to its scale.</summary>
    /// <remarks>One rounding to float is 6e-8; the rest allows for sums that were computed in float.</remarks>
    public const double Tolerance = 1e-6;

    /// <summary>Describes the adjustments.</summary>
    public override string ToString()
    {
        var done = new List<string>();
        if (WeightSum != 1) done.Add($"the weights, which sum to {PortableNumber.Format(WeightSum)}, are divided by their sum");
        if (Asymmetry > 0) done.Add($"what is symmetric within {PortableNumber.Format(Asymmetry, 2)} only is replaced by its symmetric part");
        if (NegativeEigenvalue > 0)
            done.Add($"negative eigenvalues of covariances, up to {PortableNumber.Format(NegativeEigenvalue, 2)} of the largest in size, are set to 0");
        return string.Join("; ", done);
    }

    /// <summary>The adjustments to a mixture; null if its numbers are used as given.</summary>
    internal static MixtureAdjustment? Of(double weightSum, IReadOnlyList<Covariance> covariances)
    {
        double asymmetry = covariances.Max(covariance => covariance.Asymmetry), negative = covariances.Max(covariance => covariance.NegativeEigenvalue);
        return weightSum == 1 && asymmetry == 0 && negative == 0 ? null : new MixtureAdjustment(weightSum, asymmetry, negative);
    }
}
