using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace FlowDsl.Hosting.Output;

/// <summary>Where a command writes: results to one writer, messages and progress to the other.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Messages and progress.</param>
internal sealed record HostConsole(TextWriter Out, TextWriter Error)
{
    // Wider than any table: a line is broken by whoever shows it.
    private const int Unbroken = 10_000;

    private static readonly JsonWriterOptions s_json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether people see the results as they are written: then they have colours.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>Whether people see the messages as they are written: then there are bars.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>How long something takes before it gets a bar.</summary>
    public TimeSpan BarDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>This process's console.</summary>
    public static HostConsole OfProcess() => new(Console.Out, Console.Error)
    {
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
    };

    /// <summary>Writes one JSON object.</summary>
    public void Json(JsonObject value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_json)) value.WriteTo(writer);
        Out.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>Writes a table, its titles first.</summary>
    /// <param name="titles">The columns; a title that starts with "&lt;" is of a column of words, set to the left.</param>
    /// <param name="rows">The cells of each row.</param>
    public void Table(string[] titles, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(IsOutTerminal ? TableBorder.Rounded : TableBorder.None);
        foreach (string title in titles)
        {
            bool isWords = title.StartsWith('<');
            var column = new TableColumn(new Text(title.TrimStart('<'), new Style(decoration: Decoration.Bold))) { NoWrap = true };
            table.AddColumn(isWords ? column.LeftAligned() : column.RightAligned());
        }
        foreach (string[] row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        if (IsOutTerminal)
        {
            Ansi(Out, isTerminal: true).Write(table);
            return;
        }
        using var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole plain = Ansi(text, isTerminal: false);
        plain.Write(table);
        foreach (string line in text.ToString().TrimEnd('\n').Split('\n')) Out.WriteLine(line.TrimEnd());
    }

    /// <summary>Does something that can take long; on a terminal with a bar, if it takes more than a moment.</summary>
    /// <param name="title">What is done.</param>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="work">Does it, and reports how many are finished.</param>
    public void WithBar(string title, string unit, long total, Action<IProgress<long>> work)
    {
        var count = new FinishedCount();
        if (!IsErrorTerminal)
        {
            work(count);
            return;
        }
        var running = Task.Run(() => work(count));
        if (Task.WaitAny([running], BarDelay) < 0)
        {
            Ansi(Error, isTerminal: true).Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(unit), new RemainingTimeColumn())
                .Start(context =>
                {
                    ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: total);
                    while (Task.WaitAny([running], TimeSpan.FromMilliseconds(100)) < 0) task.Value = count.Value;
                });
        }
        running.GetAwaiter().GetResult();
    }

    private static IAnsiConsole Ansi(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isTerminal) return console;
        console.Profile.Width = Unbroken;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
