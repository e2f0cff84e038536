namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>A table of numbers.</summary>
internal static class NumberTable
{
    /// <summary>Writes a table, whose first column names the rows.</summary>
    /// <param name="caption">What it holds.</param>
    /// <param name="titles">The columns; a title that starts with "&lt;" is of a column of words.</param>
    /// <param name="rows">The cells.</param>
    public static string Of(string caption, string[] titles, IEnumerable<string[]> rows)
    {
        string Style(int column) => titles[column].StartsWith('<') ? " class=\"words\"" : "";
        IEnumerable<string> head = titles.Select((title, i) => $"<th scope=\"col\"{Style(i)}>{Markup.Text(title.TrimStart('<'))}</th>");
        IEnumerable<string> body = rows.Select(row => "<tr>" + string.Concat(row.Select((cell, i) => i == 0
            ? $"<th scope=\"row\"{Style(i)}>{Markup.Text(cell)}</th>"
            : $"<td{Style(i)}>{Markup.Text(cell)}</td>")) + "</tr>");
        return $"<div class=\"table\"><table><caption>{Markup.Text(caption)}</caption><thead><tr>{string.Concat(head)}</tr></thead>"
            + $"<tbody>{string.Concat(body)}</tbody></table></div>";
    }
}
