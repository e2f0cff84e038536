using FlowDsl.Hosting.Reports.Drawing;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>A figure with its caption, the command of its numbers, and the numbers themselves.</summary>
internal static class FigureHtml
{
    /// <summary>Writes a figure.</summary>
    public static string Of(Figure figure)
    {
        // Panels of samplers are named even where there is one.
        bool isOne = figure.Panels.Length == 1 && !figure.Style.Contains("panels", StringComparison.Ordinal);
        string panels = string.Concat(figure.Panels.Select((panel, i) => Panel(figure, panel, i, isOne)));
        string table = figure.Table.Length > 0 ? $"<details><summary>Numbers of this figure</summary>{figure.Table}</details>" : "";
        string scroll = figure.Style.Contains("scroll", StringComparison.Ordinal)
            ? $" tabindex=\"0\" role=\"group\" aria-labelledby=\"{figure.Id}-title\""
            : "";
        return $"""
            <figure id="{figure.Id}" class="{figure.Style}">
            <h3 id="{figure.Id}-title">{Markup.Text(figure.Title)}</h3>
            <div class="plot"{scroll}>{panels}</div>
            <figcaption>{figure.Caption}</figcaption>
            <p class="source"><span>Numbers:</span> {CommandLines.Code(figure.Command)}</p>
            {table}
            </figure>

            """;
    }

    private static string Panel(Figure figure, Panel panel, int index, bool isOne)
    {
        string id = $"{figure.Id}-{index}";
        string inner = $"<title id=\"{id}-title\">{Markup.Text(panel.Title)}</title><desc id=\"{id}-desc\">{Markup.Text(panel.Description)}</desc>";
        string svg = panel.Canvas.Svg($"role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\"{(isOne ? Attributes(panel) : "")}", inner);
        return isOne ? svg : $"<div class=\"panel\"{Attributes(panel)}><h4>{Markup.Text(panel.Title)}</h4>{svg}</div>";
    }

    private static string Attributes(Panel panel) => panel.Attributes.Length > 0 ? " " + panel.Attributes : "";
}
