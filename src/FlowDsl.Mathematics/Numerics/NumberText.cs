using System.ComponentModel;

namespace FlowDsl.Mathematics.Numerics;

/// <summary>Numbers for a reader: few digits, the same on every host and in every culture.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class NumberText
{
    // Values of a list that are printed; who wants all of them reads the list.
    private const int MaxValues = 8;

    /// <summary>Three digits, of what was measured or bounded.</summary>
    /// <param name="value">The number.</param>
    public static string Brief(double value) => double.IsPositiveInfinity(value) ? "∞" : PortableNumber.Format(value, 3);

    /// <summary>Five digits, of what was declared.</summary>
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
    /// <param name="count">How many.</param>
    /// <param name="noun">Of what, in the singular.</param>
    public static string Count(long count, string noun)
        => count.ToString(System.Globalization.CultureInfo.InvariantCulture) + " " + noun + (count == 1 ? "" : "s");
}
