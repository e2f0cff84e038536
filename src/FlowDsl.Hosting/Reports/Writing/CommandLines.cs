using FlowDsl.Hosting.Reports.Drawing;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>Commands as a report prints them.</summary>
internal static class CommandLines
{
    /// <summary>What stands before the words of a command in the project's folder.</summary>
    public const string Prefix = "dotnet run -c Release -- ";

    /// <summary>A command, to be copied as it stands; lines break between its words, not within an option.</summary>
    public static string Code(string command)
        => $"<code class=\"command\">{string.Join(' ', (Prefix + command).Split(' ').Select(word => $"<span>{Markup.Text(word)}</span>"))}</code>";
}
