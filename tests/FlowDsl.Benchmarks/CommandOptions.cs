namespace FlowDsl.Benchmarks;

/// <summary>What follows a command: options with a value each.</summary>
internal sealed class CommandOptions
{
    private readonly string _invocation;
    private readonly Dictionary<string, string> _values = [];

    private CommandOptions(string invocation) => _invocation = invocation;

    /// <summary>Where results are to be kept; null if only shown.</summary>
    public string? Path => Text("--write");

    /// <summary>Reads the options; null, and the usage on the error stream, where one is unknown or has no such value.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">What follows it.</param>
    /// <param name="numbers">The options besides --write whose values are positive numbers.</param>
    /// <param name="texts">Those whose values are any text.</param>
    public static CommandOptions? Read(string command, ReadOnlySpan<string> arguments, string[] numbers, string[]? texts = null)
    {
        string[] all = [.. numbers, .. texts ?? [], "--write"];
        var options = new CommandOptions($"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {string.Join(' ', [command, .. arguments])}");
        for (; arguments is [{ } name, { } value, ..] && all.Contains(name); arguments = arguments[2..])
        {
            if (numbers.Contains(name) && !(double.TryParse(value, out double number) && number > 0)) break;
            options._values[name] = value;
        }
        if (arguments.IsEmpty) return options;
        Console.Error.WriteLine($"Usage: {command} {string.Join(' ', all.Select(name => $"[{name} {(numbers.Contains(name) ? "N" : "FILE")}]"))}");
        return null;
    }

    /// <summary>The value of an option; null if it is not given.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>The value of an option as a number.</summary>
    /// <param name="name">The option.</param>
    /// <param name="usual">The number if it is not given.</param>
    public double Number(string name, double usual) => Text(name) is { } text ? double.Parse(text) : usual;

    /// <summary>The value of an option as a whole number, at least 1.</summary>
    /// <param name="name">The option.</param>
    /// <param name="usual">The number if it is not given.</param>
    public int Count(string name, int usual) => Math.Max(1, (int)Number(name, usual));

    /// <summary>An empty file of results that says how it was made.</summary>
    /// <param name="machine">On which machine.</param>
    public ResultFile Results(string machine) => new(_invocation, machine);

    /// <summary>Shows results, and keeps them if that is asked.</summary>
    public void Show(ResultFile results)
    {
        Console.Write(results);
        if (Path is not null) results.Write(Path);
    }
}
