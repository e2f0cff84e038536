using System.Globalization;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Draws a density as regions of highest density, each shade holding a share of the probability.</summary>
internal static class Shades
{
    /// <summary>The shares, from the outermost region to the innermost.</summary>
    public static ImmutableArray<double> Shares { get; } = [0.99, 0.9, 0.7, 0.5, 0.3, 0.1];

    /// <summary>The words that name the shades in captions.</summary>
    public static string Legend
        => "<span class=\"shades\">" + string.Concat(Shares.Select((share, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"<span class=\"shade\"><svg viewBox=\"0 0 20 12\" aria-hidden=\"true\"><rect class=\"d{i + 1}\" width=\"20\" height=\"12\"/></svg>"
            + $"{100 * share:0} %</span>")))
            + "</span>";

    /// <summary>Fills the regions of a plane.</summary>
    public static void Fill(PlotArea area, DensityGrid grid) => Draw(area, grid.X, grid.Y, grid.LogDensity, grid.Levels(Shares), i => $"d{i + 1}");

    /// <summary>Fills, over the places of time, the regions of a line.</summary>
    public static void Fill(PlotArea area, DensityOverTime density)
        => Draw(area, density.Places, density.X, [.. density.Shares.Select(Tail)], [.. Shares.Select(Tail)], i => $"d{i + 1}");

    /// <summary>The logarithm of the share beyond: of a normal law nearly a parabola of the place, which straight lines follow well.</summary>
    private static double Tail(double share) => Math.Log(Math.Max(1e-12, 1 - share));

    /// <summary>Draws the borders of a few regions only.</summary>
    public static void Outline(PlotArea area, DensityGrid grid)
        => Draw(area, grid.X, grid.Y, grid.LogDensity, grid.Levels([0.99, 0.7, 0.3]), static _ => "outline");

    private static void Draw(
        PlotArea area, ImmutableArray<double> x, ImmutableArray<double> y, ImmutableArray<double> values, double[] levels, Func<int, string> style)
    {
        for (int i = 0; i < levels.Length; i++)
        {
            string path = Contours.Path(Contours.Trace(x, y, values, levels[i]), area);
            if (path.Length > 0) area.Canvas.Add($"<path class=\"{style(i)}\" fill-rule=\"evenodd\" d=\"{path}\"/>");
        }
    }
}
