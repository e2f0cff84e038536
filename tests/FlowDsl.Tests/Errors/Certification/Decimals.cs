namespace FlowDsl.Tests;

/// <summary>What arithmetic with 28 digits lacks.</summary>
internal static class Decimals
{
    /// <summary>A double as a decimal; the plain conversion keeps 15 digits only.</summary>
    public static decimal Exactly(double value)
    {
        double high = Math.Round(value * 1048576);
        return (decimal)high / 1048576 + (decimal)Math.Round((value - high / 1048576) * 1e22) / 10000000000000000000000m;
    }

    public static decimal Exp(decimal x)
    {
        if (x < -60) return 0;
        decimal reduced = x / 64, term = 1, sum = 1;
        for (int n = 1; n < 40; n++) sum += term *= reduced / n;
        for (int i = 0; i < 6; i++) sum *= sum;
        return sum;
    }
}
