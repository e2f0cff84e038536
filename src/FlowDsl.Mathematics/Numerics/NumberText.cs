using System.ComponentModel;

namespace FlowDsl.Mathematics.Numerics;

/// <summary>Numbers for people to read: few digits, the same on every host and in every culture.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class NumberText
{
    // The number of a list's values that are printed; the list itself has all of them.
    private const int MaxValues = 8;

    /// <summary>Three digits, for measured values and bounds.</summary>
    /// <param name="value">The number.</param>
    public static string Brief(double value) => double.IsPositiveInfinity(value) ? "∞" : PortableNumber.Format(value, 3);

    /// <summary>Five digits, for declared values.</summary>
    /// <param name="value">The number.</param>
    public static string Short(double value) => PortableNumber.Format(value, 5);

    /// <summary>A number, or some in brackets.</summary>
    /// <param name="values">The numbers.</param>
    public static string List(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length == 1 ? Short(all[0]) : "(" + string.Join(", ", all.Take(MaxValues).Select(Short)) + (all.Length > MaxValues ? ", …" : "") + ")";
    }

    /// <summary>"1 Gaussian", "2 Gaussians".</summary>
    /// <param name="count">The count.</param>
    /// <param name="noun">The noun in the singular.</param>
    public static string Count(long count, string noun)
        => count.ToString(System.Globalization.CultureInfo.InvariantCulture) + " " + noun + (count == 1 ? "" : "s");
}
