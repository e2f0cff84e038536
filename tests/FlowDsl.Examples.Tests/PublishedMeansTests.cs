using System.Buffers.Binary;
using System.Security.Cryptography;
using FlowDsl.Examples;

namespace FlowDsl.Tests;

/// <summary>The means of the published runs, against those that the authors' own generator gave.</summary>
public class PublishedMeansTests
{
    /// <summary>SHA-256 of the 1280 values of <c>(2 torch.rand(20, 64) - 1) * 5</c>, little-endian single precision.</summary>
    [Theory]
    [InlineData(0, "9da4848187bd8003a7a2ae842020f7995d0e1fe495d5044342053976e5c114e2")]
    [InlineData(1, "06cabc9f565b01557a78f8c11aa471e9b2ba98b579a1db0b4ea222c760eb0fc1")]
    [InlineData(2, "792112021c38a234bc4b4fe3d0799a57a1fa04efcf3df38371c6e1649eee6d05")]
    [InlineData(3, "f96ca0ed5c5ee55ee761cccda44f2a2be3fa33a2eeb7fa1f4071cd591330345c")]
    [InlineData(4, "c10f9a6a84bb246e6107d804b7fc345286e6464058cf3f57340154ae4b93f503")]
    [InlineData(5, "78c7d26e2a3189793c9c2c82f37ead71d5331576ea753b6b59c3612576e050aa")]
    [InlineData(6, "bbbbb2d5427fc3f60cd81a2297f19cae37b96af141b1fc1035e0ca202bb95631")]
    [InlineData(7, "072dff2f2cccf7bf24c54004e01ee979c2a3d9f85ddf6d3790e4ec947fd97b11")]
    [InlineData(8, "c29861d6ffd4b972e6e8aba5cd58644d9ae54490fcf9750b7ac7ec7d2be861ff")]
    [InlineData(9, "2951b7194bbd62971025f91b87b4fcbb48a8755d6cda29dd16fd252f5b8f2dc3")]
    public void TheyAreTheAuthorsBitForBit(int seed, string hash)
    {
        byte[] bytes = new byte[4 * PublishedMeans.Count * PublishedMeans.Dimension];
        double[] values = [.. PublishedMeans.Draw(seed).SelectMany(mean => mean)];
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], (float)values[i]);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), (float)values[i]);
        }
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void ThoseOfSeed0AreInTheMixtureFile()
        => Assert.Equal(GaussianMixtureModel.From<PaperMixture>().Mixture.Means.Select(mean => mean.ToArray()), PublishedMeans.Draw(0));
}
