namespace FlowDsl.Generators.Model;

/// <summary>Ranges of numbers that netstandard2.0 has no words for.</summary>
internal static class Numbers
{
    public static bool IsFinite(double value) => !double.IsNaN(value) && !double.IsInfinity(value);

    public static bool IsPositiveFinite(double value) => value > 0 && !double.IsInfinity(value);
}
