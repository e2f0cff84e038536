using System.Globalization;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Numbers as they are set in print: a true minus sign, powers of ten with raised exponents.</summary>
internal static class Notation
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>10 to a power: 10⁻³; 1 and 10 as they are.</summary>
    public static string Power(int exponent) => exponent is 0 or 1 ? exponent == 0 ? "1" : "10" : "10" + Exponent(exponent);

    /// <summary>A number with some digits: 0.0123 and 123 as they are, 1.23 × 10⁻⁴ beyond.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">Significant digits.</param>
    public static string Of(double value, int digits = 3)
    {
        if (double.IsNaN(value)) return "undefined";
        if (double.IsInfinity(value)) return value > 0 ? "∞" : "−∞";
        if (value == 0) return "0";
        string[] parts = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Split('E');
        int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (exponent >= -2 && exponent < Math.Max(digits, 4))
            return Minus(Math.Round(value, Math.Clamp(digits - 1 - exponent, 0, 15)).ToString(CultureInfo.InvariantCulture));
        string mantissa = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
        return mantissa is "1" ? "10" + Exponent(exponent) : mantissa is "-1" ? "−10" + Exponent(exponent) : $"{Minus(mantissa)} × 10{Exponent(exponent)}";
    }

    /// <summary>A measured number: always three digits and a power of ten, so that columns can be compared at a glance.</summary>
    public static string Scientific(double value)
    {
        if (!double.IsFinite(value) || value == 0) return Of(value);
        string[] parts = value.ToString("E2", CultureInfo.InvariantCulture).Split('E');
        return $"{Minus(parts[0])} × 10{Exponent(int.Parse(parts[1], CultureInfo.InvariantCulture))}";
    }

    /// <summary>A share in percent.</summary>
    public static string Percent(double share)
        => share == 0 ? "0 %" : share is > 0 and < 1e-3 ? $"{Of(100 * share, 2)} %" : $"{Of(100 * share)} %";

    /// <summary>A whole number in groups of three digits.</summary>
    public static string Count(long value)
        => value < 10_000 ? value.ToString(CultureInfo.InvariantCulture) : value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u202F');

    private static string Minus(string text) => text.Replace('-', '−');

    private static string Exponent(int exponent)
        => (exponent < 0 ? "⁻" : "") + string.Concat(Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).Select(digit => Raised[digit - '0']));
}
