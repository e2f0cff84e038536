using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Mixtures;

namespace FlowDsl.Tests;

/// <summary>Files of tuned solvers: what is read is what was written, and what is wrong is said where it is.</summary>
public class TunedMethodTests
{
    private const string Valid = """
        {
          "version": 1,
          "process": { "kind": "LinearInterpolant", "EarlyStop": 0.1, "Horizon": 0.9 },
          "components": 2,
          "dimension": 3,
          "mixture_sha256": "0123456789012345012345678901234501234567890123450123456789012345",
          "chart": "Canonical",
          "times": [0.9, 0.7, 0.3, 0.1],
          "weights": [-0.5, -0.75, 0.25],
          "budget": 32,
          "samples": 16384,
          "searched_error": 0.001,
          "held_out_error": 0.0011,
          "build_held_out_error": 0.0016
        }
        """;

    [Fact]
    public void ReadsWhatIsThere()
    {
        var file = TunedMethod.Parse(Valid);
        Assert.Equal((2, 3, Chart.Canonical), (file.Components, file.Dimension, file.Chart));
        Assert.Equal("0123456789012345012345678901234501234567890123450123456789012345", file.Mixture);
        Assert.Equal((0.9, 0.1), (file.Process.Horizon, file.Process.EarlyStop));
        Assert.Equal<double>([0.9, 0.7, 0.3, 0.1], file.Method.Times.AsSpan());
        Assert.Equal<double>([-0.5, -0.75, 0.25], file.Method.Weights.AsSpan());
        Assert.Equal(new SearchErrors(16384, 0.001, 0.0011) { Budget = 32, Build = 0.0016 }, file.Errors);
        Assert.Equal(
            "tuned with 32 times a build's budget, relative MSE 0.001, on 16384 other samples 0.0011, where a build's own has 0.0016",
            $"{file.Errors}");
        // Where a build finds nothing.
        Assert.Null(TunedMethod.Parse(Valid.Replace("build_held", "other", StringComparison.Ordinal)).Errors.Build);
    }

    [Fact]
    public void NumbersSurviveToTheBit()
    {
        var file = TunedMethod.Parse(Valid);
        file = file with
        {
            Method = new BespokeMethod([0.9, 2.0 / 3, 1.0 / 3, 0.1], [Math.PI, -1e300, double.Epsilon]),
            Errors = file.Errors with { HeldOut = 1.0 / 3, Build = null },
        };
        var read = TunedMethod.Parse(file.Write());
        Assert.Equal<double>(file.Method.Times.AsSpan(), read.Method.Times.AsSpan());
        Assert.Equal<double>(file.Method.Weights.AsSpan(), read.Method.Weights.AsSpan());
        Assert.Equal(file.Errors, read.Errors);
        Assert.Equal(file.Write(), read.Write());
    }

    /// <summary>Any number of the mixture is part of the hash, and how a zero is written is not.</summary>
    [Fact]
    public void HashesTellMixturesApart()
    {
        Mixture[] mixtures =
        [
            new([0.5, 0.5], [[0.0, 1], [1, 0]], [Covariance.Isotropic(2, 1), Covariance.Isotropic(2, 1)]),
            new([0.25, 0.75], [[0.0, 1], [1, 0]], [Covariance.Isotropic(2, 1), Covariance.Isotropic(2, 1)]),
            new([0.5, 0.5], [[0.0, Math.BitIncrement(1)], [1, 0]], [Covariance.Isotropic(2, 1), Covariance.Isotropic(2, 1)]),
            new([0.5, 0.5], [[0.0, 1], [1, 0]], [Covariance.Isotropic(2, 1), Covariance.Diagonal([1, 2])]),
            new([0.5, 0.5], [[0.0, 1], [1, 0]], [Covariance.Isotropic(2, 1), Covariance.Full(2, [1, 0.5, 0.5, 2])]),
            new([0.5, 0.5], [[0.0, 1], [1, 0]], [Covariance.Isotropic(2, 1), Covariance.Full(2, [1, 0.25, 0.25, 2])]),
        ];
        Assert.Equal(mixtures.Length, mixtures.Select(MixtureHash.Of).Distinct().Count());
        Assert.Equal(MixtureHash.Of(mixtures[0]), MixtureHash.Of(new Mixture([0.5, 0.5], [[-0.0, 1], [1, 0]], [.. mixtures[0].Covariances])));
        // Of the bytes by hand, with another implementation of the hash's input: K = d = 1, N(2, 1).
        byte[] bytes = [1, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(2.0), 0, 0, 0, 0, .. BitConverter.GetBytes(1.0)];
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            MixtureHash.Of(new Mixture([1], [[2.0]], [Covariance.Isotropic(1, 1)])));
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", 2, 14, "version is 2; this release reads 1. Tune the sampler again")]
    [InlineData("\"chart\": \"Canonical\",", "", 1, 1, "The property \"chart\" is missing; a tuned solver has version, process")]
    [InlineData("\"LinearInterpolant\"", "\"Linear\"", 3, 24, "The kind of process is \"Linear\"")]
    [InlineData("\"components\": 2", "\"components\": 0", 4, 17, "components is 0; it must be a whole number of at least 1")]
    [InlineData("\"dimension\": 3", "\"dimension\": 1e10", 5, 16, "dimension is 1e10; it must be a whole number")]
    [InlineData("\"01234567890123450123", "\"0123", 6, 21, "mixture_sha256 must be 64 hexadecimal digits")]
    [InlineData("\"Canonical\"", "\"State\"", 7, 12, "chart is \"State\"; it must be \"DataPrediction\" or \"Canonical\"")]
    [InlineData("\"Canonical\"", "2", 7, 12, "chart is a number")]
    [InlineData("[0.9, 0.7, 0.3, 0.1]", "[0.9, 0.5, 0.1]", 8, 12, "times has 3 items; there must be from 4 to 13")]
    [InlineData("[0.9, 0.7, 0.3, 0.1]", "[0.9, 0.7, 0.7, 0.1]", 8, 23, "times[2] is 0.7; it must be less than the time before it")]
    [InlineData("[0.9, 0.7, 0.3, 0.1]", "[0.9, 0.7, 0.3, 0]", 8, 28, "times[3] is 0; it must be the process's EarlyStop")]
    [InlineData("[-0.5, -0.75, 0.25]", "[-0.5]", 9, 14, "weights has 1 item; it must be an array of 3 numbers, as there are 3 steps")]
    [InlineData("[-0.5, -0.75, 0.25]", "[-0.5, 1e999, 0]", 9, 21, "weights[1] is 1e999, beyond the range of double")]
    [InlineData("[-0.5, -0.75, 0.25]", "[-0.5, null, 0]", 9, 21, "weights[1] is null; it must be a number")]
    [InlineData("\"budget\": 32", "\"budget\": 1", 10, 13, "budget is 1; it must be a whole number of at least 2")]
    [InlineData("\"samples\": 16384", "\"samples\": 1.5", 11, 14, "samples is 1.5; it must be a whole number")]
    [InlineData("\"searched_error\": 0.001", "\"searched_error\": -1", 12, 21, "searched_error is -1; it must be at least 0")]
    [InlineData("\"held_out_error\": 0.0011", "\"held_out_error\": \"\"", 13, 21, "held_out_error is a string")]
    [InlineData("\"build_held_out_error\": 0.0016", "\"build_held_out_error\": NaN", 14, 27, "NaN is no JSON number")]
    public void WhatIsWrongIsSaidWhereItIs(string valid, string invalid, int line, int column, string words)
    {
        Assert.Contains(valid, Valid, StringComparison.Ordinal);
        var exception = Assert.Throws<MixtureFormatException>(() => TunedMethod.Parse(Valid.Replace(valid, invalid, StringComparison.Ordinal)));
        Assert.Contains(words, exception.Problem, StringComparison.Ordinal);
        Assert.Equal((line, column), (exception.Line, exception.Column));
    }

    [Theory]
    [InlineData("", "the end of the text")]
    [InlineData("7", "The file is a number")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS")]
    public void OtherTextsAreNoSolvers(string text, string words)
        => Assert.Contains(words, Assert.Throws<MixtureFormatException>(() => TunedMethod.Parse(text)).Message, StringComparison.Ordinal);
}
