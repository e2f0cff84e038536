using System.Text;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Collects the elements of an SVG picture. Colours and line widths are the style sheet's, by classes.</summary>
/// <param name="width">The width of the picture in its own units.</param>
/// <param name="height">The height.</param>
internal sealed class Canvas(double width, double height)
{
    private readonly StringBuilder _content = new();

    /// <summary>Adds markup.</summary>
    public Canvas Add(string markup)
    {
        _content.Append(markup);
        return this;
    }

    /// <summary>A straight line.</summary>
    public Canvas Line(string style, double x1, double y1, double x2, double y2)
        => Add($"<path class=\"{style}\" d=\"M{Point(x1, y1)}L{Point(x2, y2)}\"/>");

    /// <summary>A line through points.</summary>
    public Canvas Lines(string style, IEnumerable<(double X, double Y)> points, string attributes = "")
        => Add($"<path class=\"{style}\" d=\"{Polyline(points)}\"{(attributes.Length > 0 ? " " + attributes : "")}/>");

    /// <summary>A rectangle.</summary>
    public Canvas Box(string style, double x, double y, double boxWidth, double boxHeight)
        => Add($"<rect class=\"{style}\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(boxWidth)}\" height=\"{N(boxHeight)}\"/>");

    /// <summary>Words.</summary>
    /// <param name="style">The classes.</param>
    /// <param name="x">Where they start, end or are centred.</param>
    /// <param name="y">Their base line.</param>
    /// <param name="text">The words.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="attributes">More attributes.</param>
    public Canvas Words(string style, double x, double y, string text, string anchor = "start", string attributes = "")
        => Add($"<text class=\"{style}\" x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\"{(attributes.Length > 0 ? " " + attributes : "")}>"
            + $"{Markup.Text(text)}</text>");

    /// <summary>The picture: named by elements of the page, or with a name of its own.</summary>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="inner">Markup that comes first: its title and description.</param>
    public string Svg(string attributes, string inner)
        => $"<svg viewBox=\"0 0 {N(width)} {N(height)}\" {attributes}>{inner}{_content}</svg>";

    /// <summary>Path data of a line through points.</summary>
    public static string Polyline(IEnumerable<(double X, double Y)> points)
    {
        var data = new StringBuilder();
        string previous = "";
        foreach ((double x, double y) in points)
        {
            string point = Point(x, y);
            // Points that round to the same place draw nothing.
            if (point == previous) continue;
            data.Append(data.Length == 0 ? 'M' : 'L').Append(point);
            previous = point;
        }
        return data.ToString();
    }

    /// <summary>A point of path data.</summary>
    public static string Point(double x, double y) => $"{N(x)} {N(y)}";

    private static string N(double value) => Markup.Number(value);
}
