using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>
/// What was done to the numbers of a mixture that were rounded to single precision: numbers that are a mixture's within
/// <see cref="Tolerance"/> are replaced by the nearest that are one, and this says by how much they were off.
/// </summary>
/// <param name="WeightSum">The sum by which the weights were divided; 1 where they are used as given.</param>
/// <param name="Asymmetry">
/// The largest |Σ_ij − Σ_ji| / sqrt(Σ_ii Σ_jj) of covariances (or precisions) that were replaced by their symmetric parts; 0 without any.
/// </param>
/// <param name="NegativeEigenvalue">
/// The largest −λ_min / λ_max of covariances whose negative eigenvalues were set to 0; 0 without any.
/// </param>
public sealed record MixtureAdjustment(double WeightSum, double Asymmetry, double NegativeEigenvalue)
{
    /// <summary>How far single precision can take a sum of weights, an entry or an eigenvalue from its value, as a share of its scale.</summary>
    /// <remarks>One rounding to float is 6e-8; the rest is for the sums of a program that computes in float.</remarks>
    public const double Tolerance = 1e-6;

    /// <summary>What was done, in words.</summary>
    public override string ToString()
    {
        var done = new List<string>();
        if (WeightSum != 1) done.Add($"the weights, which sum to {PortableNumber.Format(WeightSum)}, are divided by their sum");
        if (Asymmetry > 0) done.Add($"what is symmetric within {PortableNumber.Format(Asymmetry, 2)} only is replaced by its symmetric part");
        if (NegativeEigenvalue > 0)
            done.Add($"negative eigenvalues of covariances, up to {PortableNumber.Format(NegativeEigenvalue, 2)} of the greatest in size, are set to 0");
        return string.Join("; ", done);
    }

    /// <summary>What was done to a mixture; null where its numbers are used as given.</summary>
    internal static MixtureAdjustment? Of(double weightSum, IReadOnlyList<Covariance> covariances)
    {
        double asymmetry = covariances.Max(covariance => covariance.Asymmetry), negative = covariances.Max(covariance => covariance.NegativeEigenvalue);
        return weightSum == 1 && asymmetry == 0 && negative == 0 ? null : new MixtureAdjustment(weightSum, asymmetry, negative);
    }
}
