using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;
using FlowDsl.Mathematics;

namespace FlowDsl.Runtime.Points;

/// <summary>Reads mixtures that are compiled in as data: with many numbers, C# expressions would take the compiler minutes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MixtureData
{
    /// <summary>Reads a mixture.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="count">K.</param>
    /// <param name="base64">
    /// Base64 of little-endian doubles: the K weights, the K means, and for each component the kind of its covariance with 1, d or d×d values, or
    /// -1 for the covariance of the previous component.
    /// </param>
    /// <exception cref="InvalidOperationException">The data has the wrong length.</exception>
    public static Mixture Read(int dimension, int count, ReadOnlySpan<byte> base64)
    {
        byte[] content = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        try
        {
            if (Base64.DecodeFromUtf8(base64, content, out _, out int written) != OperationStatus.Done)
                throw new InvalidOperationException("The compiled mixture is not valid base64.");
            var reader = new Reader(content.AsSpan(0, written));
            double[] weights = reader.Take(count);
            double[][] means = new double[count][];
            for (int k = 0; k < count; k++) means[k] = reader.Take(dimension);
            var covariances = new Covariance[count];
            for (int k = 0; k < count; k++)
            {
                int kind = (int)reader.Take(1)[0];
                covariances[k] = kind switch
                {
                    < 0 => covariances[k - 1],
                    (int)CovarianceType.Isotropic => Covariance.Isotropic(dimension, reader.Take(1)[0]),
                    (int)CovarianceType.Diagonal => Covariance.Diagonal(reader.Take(dimension)),
                    _ => Covariance.Full(dimension, reader.Take(dimension * dimension)),
                };
            }
            if (reader.Remaining != 0) throw new InvalidOperationException($"The compiled mixture has {reader.Remaining} bytes too many.");
            return new Mixture(weights, means, covariances);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> content)
    {
        private ReadOnlySpan<byte> _rest = content;

        public readonly int Remaining => _rest.Length;

        public double[] Take(int count)
        {
            if (_rest.Length / sizeof(double) < count)
                throw new InvalidOperationException($"The compiled mixture ends {count * (long)sizeof(double) - _rest.Length} bytes too early.");
            double[] values = new double[count];
            for (int i = 0; i < count; i++) values[i] = BinaryPrimitives.ReadDoubleLittleEndian(_rest[(i * sizeof(double))..]);
            _rest = _rest[(count * sizeof(double))..];
            return values;
        }
    }
}
