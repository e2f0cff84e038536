using System.Security.Cryptography;

namespace FlowDsl.Mathematics.Mixtures;

/// <summary>What tells two mixtures apart: a hash of the numbers that generated code carries, the same in a build and when a program runs.</summary>
internal static class MixtureHash
{
    /// <summary>The SHA-256 of the bits of weights, means and covariances, in hexadecimal.</summary>
    public static string Of(Mixture mixture)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(mixture.Dimension);
        writer.Write(mixture.Count);
        // Negative zeros are zeros.
        foreach (double weight in mixture.Weights) writer.Write(weight + 0.0);
        foreach (ImmutableArray<double> mean in mixture.Means)
            foreach (double coordinate in mean) writer.Write(coordinate + 0.0);
        foreach (Covariance covariance in mixture.Covariances)
        {
            writer.Write((int)covariance.Type);
            // Not the principal axes, which are computed.
            foreach (double value in covariance.Type == CovarianceType.Full ? covariance.Matrix : covariance.Variances) writer.Write(value + 0.0);
        }
        writer.Flush();
        using var function = SHA256.Create();
        byte[] hash = function.ComputeHash(content.GetBuffer(), 0, (int)content.Length);
        return string.Concat(hash.Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
