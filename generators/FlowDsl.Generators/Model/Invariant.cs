using System.Globalization;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Model;

/// <summary>Numbers as text, in names and for readers, the same in every culture.</summary>
internal static class Invariant
{
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A measured number to two digits; of great ones, as the errors of solvers that diverged, the exponent is what matters.</summary>
    public static string Measured(double value)
    {
        int exponent = 0;
        double rest = value;
        while (value >= 1e5 && rest >= 9.95 && rest <= double.MaxValue) (rest, exponent) = (rest / 10, exponent + 1);
        return PortableNumber.Format(rest, 2) + (exponent > 0 ? $"E+{exponent.ToString(CultureInfo.InvariantCulture)}" : "");
    }
}
