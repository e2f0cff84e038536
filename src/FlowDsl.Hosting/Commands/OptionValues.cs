using System.CommandLine.Parsing;
using System.Globalization;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Commands;

/// <summary>Options whose values are numbers or one of a few words, with messages that name the value and what is valid.</summary>
internal static class OptionValues
{
    /// <summary>A whole number, which may be written with an exponent: 1e6.</summary>
    public static ValueOption<long> Count(string name, string description, long least, long most, long byDefault) => new(name, byDefault)
    {
        Description = $"{description}{(byDefault >= least ? $"; {Text(byDefault)} by default" : "")}.",
        HelpName = "N",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            const NumberStyles styles = NumberStyles.AllowExponent | NumberStyles.AllowDecimalPoint;
            bool isNumber = decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out decimal value);
            if (isNumber && value == decimal.Truncate(value) && value >= least && value <= most) return (long)value;
            result.AddError($"{name} is '{text}'; it must be a whole number from {Text(least)} to {Text(most)}, such as 10000 or 1e6.");
            return 0;
        },
    };

    /// <summary>The seed.</summary>
    public static ValueOption<ulong> Seed(string description = "The seed of the random numbers") => new("--seed", 1)
    {
        Description = $"{description}, from 0; 1 by default.",
        HelpName = "S",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)) return value;
            result.AddError($"--seed is '{text}'; it must be a whole number from 0 to {ulong.MaxValue.ToString(CultureInfo.InvariantCulture)}.");
            return 0;
        },
    };

    /// <summary>A positive number.</summary>
    public static ValueOption<double> Positive(string name, string description, double byDefault, string example) => new(name, byDefault)
    {
        Description = description + ".",
        HelpName = "X",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < double.PositiveInfinity)
                return value;
            result.AddError($"{name} is '{text}'; it must be a positive number, such as {example}.");
            return 0;
        },
    };

    /// <summary>One of a few words, in any case.</summary>
    public static ValueOption<T> Choice<T>(string name, string description, T byDefault, params (string Word, T Value)[] choices) => new(name, byDefault)
    {
        Description = $"{description}; {choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, byDefault)).Word} by default.",
        HelpName = string.Join("|", choices.Select(choice => choice.Word)),
        CustomParser = result => Choose(result, name, choices)!,
    };

    /// <summary>One of several equal shares of a run, by its number: 0/4.</summary>
    public static ValueOption<ShardShare> Share(string name, string description) => new(name, ShardShare.Whole)
    {
        Description = $"{description}.",
        HelpName = "I/N",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            string[] numbers = text.Split('/');
            if (numbers.Length == 2 && Number(numbers[0], out int index) && Number(numbers[1], out int count) && index < count)
                return new ShardShare(index, count);
            result.AddError($"{name} is '{text}'; it must be I/N with I from 0 to N - 1, such as 0/4 for the first of four shares.");
            return ShardShare.Whole;
        },
    };

    /// <summary>A number for messages and help.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A rate in millions.</summary>
    public static string Millions(double rate) => (rate / 1e6).ToString("0.00", CultureInfo.InvariantCulture);

    private static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static T? Choose<T>(ArgumentResult result, string name, (string Word, T Value)[] choices)
    {
        string text = result.Tokens[^1].Value;
        foreach ((string word, T value) in choices)
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) return value;
        result.AddError($"{name} is '{text}'; it must be {string.Join(" or ", choices.Select(choice => choice.Word))}.");
        return default;
    }
}
