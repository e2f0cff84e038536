using System.Text;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>The style sheet and the script of a page, which are files beside this one.</summary>
internal static class PageAssets
{
    /// <summary>The style sheet. It has no character that XML would take for markup.</summary>
    public static string Style { get; } = Read("report.css");

    /// <summary>The script. The page works without it: it sorts, highlights and reads curves.</summary>
    public static string Script { get; } = Read("report.js");

    private static string Read(string name)
    {
        using Stream stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"FlowDsl.Hosting.Reports.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Trim();
    }
}
