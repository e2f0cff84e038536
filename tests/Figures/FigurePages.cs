using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowDsl.Figures;

/// <summary>The pages whose measured figures come from docs/results: README, docs and the examples' READMEs.</summary>
/// <remarks>
/// A figure stands between the comments <c>&lt;!-- figures: file/name --&gt;</c> and <c>&lt;!-- end --&gt;</c>, on lines of its own or inside a sentence.
/// The name <c>made</c> is that of the command, the date and the machine.
/// </remarks>
internal static class FigurePages
{
    /// <summary>The name under which every result file tells how it was made.</summary>
    public const string Made = "made";

    private static readonly Regex s_region = new(
        "(?<begin><!-- figures: (?<key>[a-z0-9-]+/[a-z0-9-]+) -->)(?<text>.*?)(?<end><!-- end -->)", RegexOptions.Singleline);

    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = PathOfRoot();

    /// <summary>The pages' paths, relative to the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        .. from folder in new[] { "docs", "examples" }
           from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories)
           orderby file
           select Path.GetRelativePath(Root, file).Replace('\\', '/'),
    ];

    /// <summary>The keys "file/name" of all figures in docs/results.</summary>
    public static IReadOnlyList<string> Results { get; } =
    [
        .. from file in Directory.EnumerateFiles(Path.Combine(Root, "docs", "results"), "*.json").Order()
           from figure in Read(Path.GetFileNameWithoutExtension(file))["figures"]!.AsObject()
           select $"{Path.GetFileNameWithoutExtension(file)}/{figure.Key}",
    ];

    /// <summary>A page's text.</summary>
    public static string Text(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    /// <summary>The keys of the figures in a page's text.</summary>
    public static IEnumerable<string> Keys(string text) => s_region.Matches(text).Select(region => region.Groups["key"].Value);

    /// <summary>A page's text without its figures.</summary>
    public static string Without(string text) => s_region.Replace(text, "");

    /// <summary>A page's text with the figures of the result files.</summary>
    /// <exception cref="InvalidOperationException">There is no such figure.</exception>
    public static string Render(string text) => s_region.Replace(text, region =>
    {
        bool isBlock = region.Groups["text"].Value.StartsWith('\n');
        string figure = Figure(region.Groups["key"].Value);
        return region.Groups["begin"].Value + (isBlock ? $"\n{figure}\n" : figure) + region.Groups["end"].Value;
    });

    /// <summary>Brings all pages up to date and returns those that changed.</summary>
    public static IReadOnlyList<string> Write()
    {
        string[] changed = [.. All.Where(page => Render(Text(page)) != Text(page))];
        foreach (string page in changed) File.WriteAllText(Path.Combine(Root, page), Render(Text(page)));
        return changed;
    }

    private static string Figure(string key)
    {
        string[] parts = key.Split('/');
        if (!File.Exists(PathOfResult(parts[0]))) throw new InvalidOperationException($"There is no result file for the figure '{key}'.");
        JsonNode result = Read(parts[0]);
        if (parts[1] == Made) return $"Made by `{result["command"]}` on {result["date"]}{(result["machine"] is { } machine ? $", {machine}" : "")}.";
        JsonObject figures = result["figures"]!.AsObject();
        return figures[parts[1]] is { } figure
            ? ResultFile.Text(figure)
            : throw new InvalidOperationException(
                $"docs/results/{parts[0]}.json has no figure '{parts[1]}'; it has {string.Join(", ", figures.Select(known => known.Key))}.");
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(PathOfResult(file)))!;

    private static string PathOfResult(string file) => Path.Combine(Root, "docs", "results", file + ".json");

    private static string PathOfRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
