using System.Globalization;

namespace FlowDsl.Generators.Planning;

/// <summary>Whole numbers as text, in names and for readers, the same in every culture.</summary>
internal static class Invariant
{
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
