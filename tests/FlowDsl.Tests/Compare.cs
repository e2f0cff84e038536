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

    public static double MaxNorm(ReadOnlySpan<double> values)
    {
        double norm = 0;
        foreach (double value in values) norm = Math.Max(norm, Math.Abs(value));
        return norm;
    }
}
