using System.Globalization;
using System.Text;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Text of XML, which is also HTML: every element is closed, every value is quoted.</summary>
internal static class Markup
{
    /// <summary>Text as content or as a value.</summary>
    public static string Text(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            escaped.Append(letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                // XML has no place for control characters.
                < ' ' and not '\n' => " ",
                _ => null,
            });
            if (letter is not ('&' or '<' or '>' or '"' or < ' ') || letter == '\n') escaped.Append(letter);
        }
        return escaped.ToString();
    }

    /// <summary>An element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Its attributes as text, or nothing.</param>
    /// <param name="content">Its content as markup.</param>
    public static string Element(string name, string attributes, string content)
        => attributes.Length > 0 ? $"<{name} {attributes}>{content}</{name}>" : $"<{name}>{content}</{name}>";

    /// <summary>A coordinate with one decimal, which is far below a pixel of any screen that shows a figure whole.</summary>
    public static string Number(double value)
    {
        string text = Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }
}
