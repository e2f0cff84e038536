using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FlowDsl.Tests.Data;

public sealed class EmpiricalMixtureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowdsl").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("<f8")]
    [InlineData("<f4")]
    [InlineData("|u1")]
    public void FilesOfEachTypeAreRead(string type)
    {
        byte[] data = type switch
        {
            "<f8" => [.. MemoryMarshal.AsBytes<double>([1, 2, 3, 4, 5, 6])],
            "<f4" => [.. MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6])],
            _ => [1, 2, 3, 4, 5, 6],
        };
        EmpiricalMixture loaded = Load(DataSets.Npy(type, "2, 3", data));
        Assert.Equal((2, 3), (loaded.Count, loaded.Dimension));
        Assert.Equal([4, 5, 6], Row(loaded, 1));
    }

    [Fact]
    public void ColumnsFirstAndAxesOfImagesAreRows()
    {
        Assert.Equal([2, 4, 6], Row(Load(DataSets.Npy("|u1", "2, 3", [1, 2, 3, 4, 5, 6], isFortran: true)), 1));
        EmpiricalMixture images = Load(DataSets.Npy("|u1", "2, 2, 2", [1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.Equal(4, images.Dimension);
        Assert.Equal([5, 6, 7, 8], Row(images, 1));
    }

    [Theory]
    [InlineData("<i8", "2, 3", 48, "'<i8'")]
    [InlineData("|u1", "2, 3", 5, "5 bytes of data")]
    [InlineData("|u1", "0, 3", 0, "(0, 3)")]
    [InlineData("|u1", "", 1, "the shape ()")]
    public void OtherFilesAreRefused(string type, string shape, int bytes, string expected)
    {
        FormatException failure = Assert.Throws<FormatException>(() => Load(DataSets.Npy(type, shape, new byte[bytes])));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Load("no such thing"u8.ToArray()));
    }

    [Fact]
    public void TheHashIsThatOfTheFile()
    {
        byte[] file = DataSets.Npy("|u1", "2, 1", [3, 4]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), Load(file).Sha256);
        Assert.Null(EmpiricalMixture.Of([1.0], 1, 1).Sha256);
    }

    [Fact]
    public void DeclaredFilesAreCompared()
    {
        byte[] file = DataSets.Npy("|u1", "2, 1", [3, 4]);
        string path = Path.Combine(_folder, "declared.npy"), hash = Convert.ToHexStringLower(SHA256.HashData(file));
        double[] x = [0.0];
        Assert.Contains("missing", Assert.Throws<FileNotFoundException>(() => At(2, 1, hash)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, file);
        Assert.True(double.IsFinite(At(2, 1, hash)));
        Assert.Contains("compiled for 3 of 1", Assert.Throws<InvalidDataException>(() => At(3, 1, hash)).Message, StringComparison.Ordinal);
        Assert.Contains("another file", Assert.Throws<InvalidDataException>(() => At(2, 1, new string('0', 64))).Message, StringComparison.Ordinal);

        double At(int count, int dimension, string sha256)
            => new GaussianMixtureModel(EmpiricalMixture.Declared(path, count, dimension, 1, sha256), DataSets.Process).LogDensity(1, x);
    }

    [Fact]
    public void WhatIsNoMixtureIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => EmpiricalMixture.Of([1, 2], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmpiricalMixture.Of([1, 2], 1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmpiricalMixture.Of([1, 2], 0, 1));
        Assert.Throws<ArgumentException>(() => EmpiricalMixture.Of([1, 2, 3], 2, 1));
        Assert.Throws<ArgumentException>(() => EmpiricalMixture.Of([], 2, 1));
        Assert.Contains(
            "Row 1 has NaN in column 0", Assert.Throws<ArgumentException>(() => EmpiricalMixture.Of([1, double.NaN], 1, 1)).Message, StringComparison.Ordinal);
    }

    private EmpiricalMixture Load(byte[] content)
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName() + ".npy");
        File.WriteAllBytes(path, content);
        return EmpiricalMixture.Load(path, 0.5);
    }

    private static double[] Row(EmpiricalMixture mixture, int index)
    {
        double[] row = new double[mixture.Dimension];
        mixture.CopyRow(index, row);
        return row;
    }
}
