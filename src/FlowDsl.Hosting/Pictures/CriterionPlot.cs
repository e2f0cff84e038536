using System.Text;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FlowDsl.Hosting.Pictures;

/// <summary>A criterion against the number of components.</summary>
internal static class CriterionPlot
{
    private const int Width = 900, Height = 600;

    /// <summary>Draws a line through the values, the chosen one marked.</summary>
    /// <param name="name">The criterion.</param>
    /// <param name="values">The numbers of components, and the criterion's value of each.</param>
    /// <param name="chosen">The number that was chosen.</param>
    /// <param name="isVector">Whether to draw SVG; PNG otherwise.</param>
    /// <returns>The bytes of the picture's file.</returns>
    public static byte[] Draw(string name, IReadOnlyList<(int Components, double Value)> values, int chosen, bool isVector)
    {
        var plot = new Plot();
        var line = plot.Add.Scatter(
            values.Select(value => (double)value.Components).ToArray(), values.Select(value => value.Value).ToArray());
        line.MarkerSize = 7;
        var mark = plot.Add.Marker(chosen, values.First(value => value.Components == chosen).Value, MarkerShape.OpenCircle, 18, line.Color);
        mark.LineWidth = 2;
        plot.Title($"{name}, chosen {chosen}");
        plot.XLabel("components");
        plot.YLabel(name);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
        return isVector ? Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height)) : plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
