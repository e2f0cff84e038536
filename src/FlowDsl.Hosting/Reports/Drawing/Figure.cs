namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>A figure of a report.</summary>
/// <param name="Id">Its name in the page's addresses.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Panels">The pictures.</param>
/// <param name="Caption">How to read it, as markup.</param>
/// <param name="Command">The words of the command that prints its numbers.</param>
internal sealed record Figure(string Id, string Title, ImmutableArray<Panel> Panels, string Caption, string Command)
{
    /// <summary>A table of its numbers, as markup; nothing where the caption says all.</summary>
    public string Table { get; init; } = "";

    /// <summary>The classes of its element.</summary>
    public string Style { get; init; } = "";
}

/// <summary>A picture of a figure.</summary>
/// <param name="Canvas">What is drawn.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Description">What somebody learns from it who does not see it.</param>
/// <param name="Attributes">More attributes of its element.</param>
internal sealed record Panel(Canvas Canvas, string Title, string Description, string Attributes = "");
