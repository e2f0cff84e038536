using System.Runtime.InteropServices;

namespace FlowDsl.Tests;

/// <summary>Assertions on floating-point results.</summary>
internal static class Compare
{
    /// <summary>|actual - expected| ≤ tolerance · max(|expected|, scale), componentwise.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, double scale = 0, string what = "")
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]);
            Assert.True(error <= tolerance * Math.Max(Math.Abs(expected[i]), scale),
                $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}, error {error:E2}");
        }
    }

    /// <summary>|actual - expected| ≤ allowance in every coordinate, and no NaN.</summary>
    public static void Within(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double allowance, string what)
    {
        double error = Distance(expected, actual);
        Assert.True(error <= allowance,
            $"{what}: expected ({string.Join(", ", expected.ToArray())}), got ({string.Join(", ", actual.ToArray())}), "
            + $"error {error:E2}, allowed {allowance:E2}");
    }

    /// <summary>The greatest difference of a coordinate; NaN where one is.</summary>
    public static double Distance(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double distance = 0;
        for (int i = 0; i < expected.Length; i++) distance = Math.Max(distance, Math.Abs(actual[i] - expected[i]));
        return distance;
    }

    /// <summary>Equal bit for bit: signs of zeros and payloads of NaNs included.</summary>
    public static void SameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged
    {
        Assert.Equal(expected.Length, actual.Length);
        if (MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual))) return;
        for (int i = 0; i < expected.Length; i++)
            if (!MemoryMarshal.AsBytes(expected.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(actual.Slice(i, 1))))
                Assert.Fail($"{what}: value {i} is {actual[i]:R}, not {expected[i]:R}");
    }

    public static double MaxNorm(ReadOnlySpan<double> values)
    {
        double norm = 0;
        foreach (double value in values) norm = Math.Max(norm, Math.Abs(value));
        return norm;
    }
}
