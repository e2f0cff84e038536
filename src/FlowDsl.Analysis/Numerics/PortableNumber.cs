namespace FlowDsl.Analysis;

/// <summary>Reading and writing of floating-point numbers with the same characters and bits on every host.</summary>
public static class PortableNumber
{
#pragma warning disable RS0030, CS1591
    /// <summary>The shortest decimal text that reads back as the same double.</summary>
    public static string Format(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
    public static string Format(float value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
    /// <summary>Rounded to significant digits, for people to read.</summary>
    public static string Format(double value, int significantDigits) => value.ToString("G" + significantDigits, System.Globalization.CultureInfo.InvariantCulture);
    public static bool TryParse(string text, out double value) => double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value);
    public static string CSharpLiteral(double value) => Format(value).Contains('.') || Format(value).Contains('E') ? Format(value) : Format(value) + ".0";
    public static string CSharpLiteral(float value) => Format(value) + "f";
#pragma warning restore RS0030, CS1591
}
