using System.Buffers.Binary;
using System.Security.Cryptography;
using FlowDsl.Examples;

namespace FlowDsl.Tests;

/// <summary>The means of the published runs, against those that the authors' own generator gave.</summary>
public class PublishedMeansTests
{
    /// <summary>SHA-256 of the 1280 values of <c>(2 torch.rand(20, 64) - 1) * 5</c>, little-endian single precision.</summary>
    [Theory]
    [InlineData(0, "9DA4848187BD8003A7A2AE842020F7995D0E1FE495D5044342053976E5C114E2")]
    [InlineData(1, "06CABC9F565B01557A78F8C11AA471E9B2BA98B579A1DB0B4EA222C760EB0FC1")]
    [InlineData(2, "792112021C38A234BC4B4FE3D0799A57A1FA04EFCF3DF38371C6E1649EEE6D05")]
    [InlineData(3, "F96CA0ED5C5EE55EE761CCCDA44F2A2BE3FA33A2EEB7FA1F4071CD591330345C")]
    [InlineData(4, "C10F9A6A84BB246E6107D804B7FC345286E6464058CF3F57340154AE4B93F503")]
    [InlineData(5, "78C7D26E2A3189793C9C2C82F37EAD71D5331576EA753B6B59C3612576E050AA")]
    [InlineData(6, "BBBBB2D5427FC3F60CD81A2297F19CAE37B96AF141B1FC1035E0CA202BB95631")]
    [InlineData(7, "072DFF2F2CCCF7BF24C54004E01EE979C2A3D9F85DDF6D3790E4EC947FD97B11")]
    [InlineData(8, "C29861D6FFD4B972E6E8ABA5CD58644D9AE54490FCF9750B7AC7EC7D2BE861FF")]
    [InlineData(9, "2951B7194BBD62971025F91B87B4FCBB48A8755D6CDA29DD16FD252F5B8F2DC3")]
    public void TheyAreTheAuthorsBitForBit(int seed, string hash)
    {
        byte[] bytes = new byte[4 * PublishedMeans.Count * PublishedMeans.Dimension];
        double[] values = [.. PublishedMeans.Draw(seed).SelectMany(mean => mean)];
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], (float)values[i]);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), (float)values[i]);
        }
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(bytes)));
    }

    [Fact]
    public void ThoseOfSeed0AreInTheMixtureFile()
        => Assert.Equal(GaussianMixtureModel.From<PaperMixture>().Mixture.Means.Select(mean => mean.ToArray()), PublishedMeans.Draw(0));
}
