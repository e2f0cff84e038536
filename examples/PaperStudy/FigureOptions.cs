using System.Globalization;

namespace FlowDsl.Examples;

/// <summary>The options of a command that measures, prints and draws figures.</summary>
/// <param name="Size">How much is measured.</param>
/// <param name="Threads">The most threads; -1 for one a processor.</param>
/// <param name="Json">Whether all that was measured is printed as JSON.</param>
/// <param name="Plot">The picture to draw; null for none.</param>
/// <param name="Write">The file of tables to write; null for none.</param>
internal sealed record FigureOptions(int Size, int Threads, bool Json, string? Plot, string? Write)
{
    /// <summary>Reads the options; null after saying what is wrong with them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="sizeOption">The name of the option that says how much is measured.</param>
    /// <param name="size">How much by default.</param>
    public static FigureOptions? Parse(string command, ReadOnlySpan<string> args, string sizeOption, int size)
    {
        var options = new FigureOptions(size, -1, false, null, null);
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (name == "--json")
            {
                options = options with { Json = true };
                continue;
            }
            bool isKnown = name == sizeOption || name is "--threads" or "--plot" or "--write";
            if (!isKnown || ++i == args.Length) return Refuse(isKnown ? $"{name} needs a value." : $"There is no option '{name}'.");
            string value = args[i];
            int number = 0;
            if (name is not ("--plot" or "--write") && !(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1))
                return Refuse($"{name} is '{value}'; it must be a whole number from 1.");
            options = name switch
            {
                "--plot" => options with { Plot = value },
                "--write" => options with { Write = value },
                "--threads" => options with { Threads = number },
                _ => options with { Size = number },
            };
        }
        return options;

        FigureOptions? Refuse(string message)
        {
            Console.Error.WriteLine(
                $"{message}\n\n{command} [{sizeOption} N] [--threads N] [--json] [--plot FILE.png] [--write FILE.json]; {sizeOption} is {size} by default.");
            return null;
        }
    }
}
