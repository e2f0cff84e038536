using System.Text;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>
/// Files that someone, or a broken disk, changed: they are read or refused by the format's exception, for no more memory than their length allows.
/// </summary>
public class HostileFileTests
{
    private const int Files = 2000;

    private static readonly string[] s_mixtures =
    [
        """{"weights":[0.25,0.75],"means":[[0,-1.5],[2e0,3]],"covariance_type":"full","covariances":[[[1,0.5],[0.5,2]],[[1,0],[0,1]]]}""",
        """{"weights_":[0.25,0.75],"means_":[[0,-1.5],[2,3]],"covariance_type":"tied","precisions_":[[0.6,-0.2],[-0.2,0.4]]}""",
        """{"weights":[0.5,0.5],"means":[[0,1],[2,3]],"covariance_type":"tied","precisions_cholesky":[[0.7,-0.3],[0,0.6]],"n":[null,true,"\u00e9"]}""",
        """{"weights":[1],"means":[[0,1,2]],"covariance_type":"diag","precisions":[[4,0.25,1]]}""",
        """{"weights":[0.20000000298023224,0.800000011920929],"means":[[0],[1]],"covariance_type":"spherical","covariances":[1,1e-3]}""",
    ];

    // What a file is made of, and numbers at the ends of ranges.
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "-", "0", "1e999", "-1e308", "1e308", "5e-324", "1e-400", "9223372036854775807",
        "9223372036854775808", "2147483648",
        "99999999999999999999999999", "4294967296", "null", "true", "NaN", "[[[[", "\"F64\"", "\"F16\"", "\"I8\"", "\0", "\uFEFF", "é", " ",
    ];

    [Fact]
    public void MixtureFiles()
    {
        var random = new Random(2026);
        int read = 0;
        for (int i = 0; i < Files; i++)
        {
            string text = Mutate(s_mixtures[i % s_mixtures.Length], random);
            read += Reads<MixtureFormatException>(text.Length, () => MixtureJson.Parse(text)) ? 1 : 0;
        }
        // Neither all nor none, or the changes would say nothing.
        Assert.InRange(read, Files / 100, Files / 2);
    }

    [Fact]
    public void SafetensorsFiles()
    {
        var random = new Random(2027);
        byte[] valid = new SafeTensors(
            [new("layers.0.weight", [3, 2], [1, 2, 3, 4, 5, 6]), new("layers.0.bias", [3], [0, -1, 1]), new("empty", [0, 7], [])],
            new Dictionary<string, string> { ["by"] = "hand" }).Write();
        int length = (int)BitConverter.ToInt64(valid);
        string header = Encoding.UTF8.GetString(valid, 8, length);
        int read = 0;
        for (int i = 0; i < Files; i++)
        {
            byte[] content = (byte[])valid.Clone();
            switch (i % 4)
            {
                // The header's text, with its true length before it.
                case 0 or 1:
                    byte[] text = Encoding.UTF8.GetBytes(Mutate(header, random));
                    content = [.. BitConverter.GetBytes((long)text.Length), .. text, .. valid[(8 + length)..]];
                    break;
                // Any bytes.
                case 2:
                    for (int change = random.Next(4); change >= 0; change--) content[random.Next(content.Length)] = (byte)random.Next(256);
                    break;
                // A declared length that the file has not, and a file that ends early.
                default:
                    long declared = random.Next(3) switch
                    {
                        0 => random.Next(200),
                        1 => 90_000_000 + random.Next(20_000_000),
                        _ => random.NextInt64(),
                    };
                    BitConverter.TryWriteBytes(content, declared);
                    content = content[..random.Next(content.Length + 1)];
                    break;
            }
            read += Reads<SafeTensorsFormatException>(content.Length, () => SafeTensors.Read(content)) ? 1 : 0;
        }
        Assert.InRange(read, Files / 100, Files / 2);
    }

    /// <summary>Sizes that a header may declare without a byte of data behind them.</summary>
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647],"data_offsets":[0,8589934588]}}""")]
    [InlineData("""{"a":{"dtype":"F64","shape":[46340,46340],"data_offsets":[0,17179164800]}}""")]
    [InlineData("""{"a":{"dtype":"F4","shape":[2147483647],"data_offsets":[0,9223372036854775807]}}""")]
    [InlineData(
        """
        {"a":{"dtype":"F32","shape":[0,2147483647,2147483647],"data_offsets":[0,0]},
        "b":{"dtype":"BF16","shape":[2000000000],"data_offsets":[0,4000000000]}}
        """)]
    public void DeclaredSizesBeyondTheFileAreRefusedBeforeMemoryIsTaken(string header)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] content = [.. BitConverter.GetBytes((long)text.Length), .. text, 0, 0, 0, 0];
        Assert.False(Reads<SafeTensorsFormatException>(content.Length, () => SafeTensors.Read(content)));
    }

    private static string Mutate(string text, Random random)
    {
        for (int change = random.Next(3); change >= 0; change--)
        {
            int at = random.Next(text.Length), length = Math.Min(random.Next(6), text.Length - at);
            string piece = random.Next(4) switch
            {
                0 => "",
                1 => text.Substring(random.Next(text.Length / 2), random.Next(text.Length / 2)),
                2 => ((char)random.Next(0x10000)).ToString(),
                _ => s_pieces[random.Next(s_pieces.Length)],
            };
            text = text.Remove(at, length).Insert(at, piece);
            if (text.Length == 0) return "{";
        }
        return text;
    }

    /// <summary>Whether a file is read. Any other exception than the format's, and memory out of proportion, fail the test.</summary>
    private static bool Reads<TException>(int length, Action read)
        where TException : FormatException
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead = true;
        try
        {
            read();
        }
        catch (TException exception)
        {
            Assert.NotEmpty(exception.Message);
            isRead = false;
        }
        // Each character can be a value of its own, which takes some hundred bytes; the rest is for exceptions and decompositions.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000 + 500L * length);
        return isRead;
    }
}
