using System.Globalization;

namespace FlowDsl.Examples;

/// <summary>What the command line says.</summary>
internal sealed record Options(int Samples, ulong Seed, string? WriteTo, string? ResultsTo, bool Help)
{
    public const int MaxSamples = 10_000_000;

    public const string Usage =
        """
        Fits a mixture to the eruptions of Old Faithful and compares samplers of it with the exact flow map.

        dotnet run -c Release --project examples/OldFaithful -- [options]

          --samples N     samples to compare, 100 to 10000000; 20000 by default
          --seed S        the seed of the samples, 0 or greater; 1 by default
          --write FILE    write the fitted mixture and its scaling to FILE and stop
          --results FILE  also write the comparison to FILE, as docs/results keeps it
          --help          print this text
        """;

    /// <exception cref="ArgumentException">An option is unknown, has no value or not a valid one.</exception>
    public static Options Parse(string[] args)
    {
        var options = new Options(20_000, 1, null, null, false);
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            options = name switch
            {
                "--samples" => options with { Samples = int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 100 and <= MaxSamples ? n : throw Invalid($"a whole number from 100 to {MaxSamples}") },
                "--seed" => options with { Seed = ulong.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : throw Invalid("a whole number of at least 0") },
                "--write" => options with { WriteTo = Value() },
                "--results" => options with { ResultsTo = Value() },
                "--help" or "-h" => options with { Help = true },
                _ => throw new ArgumentException($"There is no option '{name}'."),
            };

            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{name} needs a value.");

            ArgumentException Invalid(string valid) => new($"{name} is '{args[i]}'; it must be {valid}.");
        }
        return options;
    }
}
