using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Powers of two as factors of weights.</summary>
internal static class PowersOfTwo
{
    public const double LogTwoE = 1.4426950408889634074;

    private const double Ln2 = 0.69314718055994530942;

    /// <summary>2^exponent as the factor of an exponential; 0 where not even the largest exponential makes it matter beside a weight of 1.</summary>
    /// <param name="exponent">At most 0; may be -∞.</param>
    /// <param name="evaluation">Says how great exponentials are and what matters.</param>
    public static double PowerOfTwo(double exponent, Evaluation evaluation)
        => exponent < -evaluation.MaxExponent - evaluation.NegligibleBits ? 0 : PortableMath.Exp(exponent * Ln2);

    /// <summary>log2 of a count.</summary>
    public static double Of(int count) => LogTwoE * PortableMath.Log(count);
}
