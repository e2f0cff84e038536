using System.IO.Compression;
using System.Text;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Files of other formats in the place of weights: the message says what they are.</summary>
public class FileSignatureTests
{
    public static TheoryData<string, byte[]> Others => new()
    {
        { "a zip archive, as torch.save", Zip() },
        // What pickle.dumps({}) gives in protocols 2 and 4, and the magic number with which torch.save began before version 1.6.
        { "a pickle of Python", [0x80, 0x02, 0x7D, 0x71, 0x00, 0x2E] },
        { "a pickle of Python", [0x80, 0x04, 0x7D, 0x94, 0x2E] },
        { "a pickle of Python", [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E] },
        { "an HDF5 file", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0, 0, 8, 8, 0] },
        { "an array of NumPy", [0x93, .. "NUMPY"u8, 1, 0, 0x76, 0, .. "{'descr': '<f4'"u8] },
        { "a GGUF file", [.. "GGUF"u8, 3, 0, 0, 0, 0, 0, 0, 0] },
        { "compressed with gzip", Gzip() },
        { "a pointer of Git LFS", [.. "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8] },
        { "a JSON text", [.. "{\"weights\": [0.5, 0.5]}"u8] },
        { "a JSON text", [0xEF, 0xBB, 0xBF, .. "\r\n  [1, 2, 3, 4]"u8] },
        { "a page of HTML or XML", [.. "<!DOCTYPE html><html>"u8] },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void FileThatIsNoSafetensorsFileIsToldWhatItIs(string what, byte[] content)
    {
        string message = Assert.Throws<SafeTensorsFormatException>(() => SafeTensors.Read(content)).Message;
        Assert.StartsWith("The file is " + what, message, StringComparison.Ordinal);
        Assert.Contains("no safetensors file", message);
    }

    /// <summary>A header of 640 bytes begins a file like a pickle, one of 35,615 like a gzip stream: they are read all the same.</summary>
    [Theory]
    [InlineData(640)]
    [InlineData(0x8B1F)]
    public void SafetensorsFileWhoseLengthLooksLikeAnotherFormatIsRead(int header)
    {
        string text = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        byte[] content = [.. BitConverter.GetBytes((long)header), .. Encoding.UTF8.GetBytes(text.PadRight(header)), 0x00, 0x00, 0x80, 0x3F];
        Assert.Equal<float>([1], SafeTensors.Read(content).Find("a")!.Values);
    }

    private static byte[] Zip()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry("model/data.pkl").Open()) entry.Write([0x80, 0x02, 0x2E]);
        return stream.ToArray();
    }

    private static byte[] Gzip()
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write("weights"u8);
        return stream.ToArray();
    }
}
