using System.Globalization;

namespace FlowDsl.Examples.Results;

/// <summary>Relative errors as tables show them.</summary>
internal static class ErrorText
{
    /// <summary>Three digits; of what is a little less than 1, three of the difference from it.</summary>
    public static string Of(double value) => Math.Abs(value) switch
    {
        0 => "0",
        > 0.9 and < 1 => value.ToString("F" + Math.Clamp((int)Math.Ceiling(-Math.Log10(1 - value)) + 2, 3, 12), CultureInfo.InvariantCulture),
        < 0.1 or >= 10000 => value.ToString("0.00E0", CultureInfo.InvariantCulture),
        < 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    };
}
