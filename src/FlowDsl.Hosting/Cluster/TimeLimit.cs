using System.Globalization;

namespace FlowDsl.Hosting.Cluster;

/// <summary>A time limit in one of Slurm's ways to write it.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Seconds">How long it is.</param>
internal sealed record TimeLimit(string Text, long Seconds)
{
    /// <summary>The ways to write one, for messages.</summary>
    public const string Forms = "minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or days-hours:minutes:seconds";

    // Slurm counts minutes in 32 bits.
    private const long MostSeconds = 60L * int.MaxValue;

    /// <summary>Reads a time limit; null if it is none.</summary>
    public static TimeLimit? Parse(string text)
    {
        string[] days = text.Split('-');
        if (days.Length > 2) return null;
        string[] parts = days[^1].Split(':');
        if (parts.Length > 3) return null;
        // What a number counts depends on how many there are, and on whether days come first.
        int[] units = days.Length == 2 ? [3600, 60, 1] : parts.Length == 3 ? [3600, 60, 1] : [60, 1];
        decimal seconds = 0;
        if (days.Length == 2 && !Add(days[0], 86_400)) return null;
        for (int i = 0; i < parts.Length; i++)
            if (!Add(parts[i], units[i])) return null;
        return seconds is > 0 and <= MostSeconds ? new TimeLimit(text, (long)seconds) : null;

        bool Add(string digits, int unit)
        {
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
            seconds += (decimal)number * unit;
            return true;
        }
    }
}
