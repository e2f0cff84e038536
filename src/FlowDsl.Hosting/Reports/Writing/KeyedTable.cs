using System.Globalization;
using FlowDsl.Hosting.Reports.Drawing;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>Tables of samplers, which the script sorts by the keys of their cells.</summary>
internal static class KeyedTable
{
    /// <summary>Writes a table.</summary>
    /// <param name="id">Its name in the page's addresses.</param>
    /// <param name="label">What it is of.</param>
    /// <param name="caption">What it holds, as markup.</param>
    /// <param name="titles">The columns; a title that starts with "&lt;" is of a column of words.</param>
    /// <param name="rows">The rows.</param>
    public static string Of(string id, string label, string caption, string[] titles, IEnumerable<string> rows)
    {
        string head = string.Concat(titles.Select(title => title.StartsWith('<')
            ? $"<th scope=\"col\" class=\"words\"><button type=\"button\" data-sort=\"text\">{Markup.Text(title[1..])}</button></th>"
            : $"<th scope=\"col\"><button type=\"button\" data-sort=\"number\">{Markup.Text(title)}</button></th>"));
        return $"""
            <div class="table wide" id="{id}" tabindex="0" role="group" aria-label="{label}">
            <table class="sortable"><caption>{caption}</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>{string.Concat(rows)}</tbody></table>
            </div>
            """;
    }

    /// <summary>A row of a sampler.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="index">Its number.</param>
    /// <param name="cells">The other cells, as markup.</param>
    public static string Row(string name, int index, string cells)
        => $"<tr data-s=\"{index}\"><th scope=\"row\" class=\"words\" data-key=\"{Markup.Text(name)}\">"
            + $"{SamplerMark.Inline(index)}{Markup.Text(name)}</th>{cells}</tr>";

    /// <summary>A cell of words.</summary>
    public static string Words(string text) => $"<td class=\"words\" data-key=\"{Markup.Text(text)}\">{Markup.Text(text)}</td>";

    /// <summary>A measured number.</summary>
    public static string Measured(double? value) => Cell(value, value is { } known ? Notation.Scientific(known) : "");

    /// <summary>A number; one that is not known is sorted last.</summary>
    public static string Cell(double? key, string text)
        => $"<td data-key=\"{Key(key)}\">{(text.Length > 0 ? Markup.Text(text) : "<span class=\"none\">not known</span>")}</td>";

    private static string Key(double? value) => value switch
    {
        null => "",
        double.PositiveInfinity => "Infinity",
        { } known => known.ToString("R", CultureInfo.InvariantCulture),
    };
}
