using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace FlowDsl.Benchmarks;

/// <summary>The 60,000 training images of Fashion-MNIST as Debian packs them, and as a .npy file of values from 0 to 1.</summary>
internal static class FashionFile
{
    private const string Source = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";

    /// <summary>Whether Debian's file is there.</summary>
    public static bool IsAvailable => File.Exists(Source);

    /// <summary>What to do if it is not.</summary>
    public static string Advice => $"There is no {Source}. Install Debian's package dataset-fashion-mnist, or name a file by --data FILE.npy.";

    /// <summary>Writes the images, (60000, 784) floats.</summary>
    /// <param name="path">The new file.</param>
    public static void Convert(string path)
    {
        using var images = new GZipStream(File.OpenRead(Source), CompressionMode.Decompress);
        Span<byte> sizes = stackalloc byte[16];
        images.ReadExactly(sizes);
        (int count, int height, int width) = (Size(sizes[4..]), Size(sizes[8..]), Size(sizes[12..]));
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, {height * width}), }}".PadRight(117) + "\n";
        using FileStream file = File.Create(path);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
        byte[] image = new byte[height * width], values = new byte[sizeof(float) * image.Length];
        for (int i = 0; i < count; i++)
        {
            images.ReadExactly(image);
            for (int j = 0; j < image.Length; j++) BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(sizeof(float) * j), image[j] / 255f);
            file.Write(values);
        }

        static int Size(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}
