namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>How figures mark a sampler: by a colour and, for those who do not tell it, by a shape.</summary>
internal static class SamplerMark
{
    private const int Kinds = 7;

    /// <summary>The class of the colour.</summary>
    public static string Colour(int index) => $"s{index % Kinds}";

    /// <summary>The shape, of the colour of its group.</summary>
    /// <param name="index">The number of the sampler.</param>
    /// <param name="x">The centre.</param>
    /// <param name="y">The centre.</param>
    /// <param name="r">The radius.</param>
    /// <param name="style">The classes.</param>
    public static string At(int index, double x, double y, double r, string style = "dot")
    {
        // Colours repeat after seven samplers, with other shapes.
        int shape = (index + index / Kinds) % Kinds;
        (double X, double Y)[] corners = shape switch
        {
            1 => Corners(4, 45, 1.25 * r),
            2 => Corners(3, 90, 1.4 * r),
            3 => Corners(4, 0, 1.35 * r),
            4 => Corners(3, -90, 1.4 * r),
            5 => Corners(6, 0, 1.2 * r),
            6 => Corners(5, 90, 1.25 * r),
            _ => Corners(24, 0, r),
        };
        return $"<path class=\"{style}\" d=\"{Canvas.Polyline(corners)}Z\"/>";

        (double X, double Y)[] Corners(int count, double first, double radius) => [.. Enumerable.Range(0, count)
            .Select(i => Math.PI / 180 * (first + 360.0 * i / count)).Select(angle => (x + radius * Math.Cos(angle), y - radius * Math.Sin(angle)))];
    }

    /// <summary>The mark as a picture of its own, for tables and captions.</summary>
    public static string Inline(int index) => $"<svg class=\"chip {Colour(index)}\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">{At(index, 8, 8, 5.5)}</svg>";
}
