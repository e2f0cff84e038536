using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Names;

/// <summary>Finds what a user means by a name: in any case, and by its first letters if no other name begins with them.</summary>
internal static class NameMatch
{
    /// <summary>The one item that a name means.</summary>
    /// <typeparam name="T">What is named.</typeparam>
    /// <param name="kind">What is named, for messages: "model".</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="items">What there is.</param>
    /// <param name="names">The names of an item, the full one first.</param>
    /// <param name="where">Where they are looked for, for messages: " of Physics.Ring".</param>
    /// <exception cref="HostException">No item has the name, or several have.</exception>
    public static T Find<T>(string kind, string text, IReadOnlyList<T> items, Func<T, IEnumerable<string>> names, string where = "")
    {
        // In full first: Ring is then not in doubt beside Physics.Ring.
        if (items.FirstOrDefault(item => names(item).First() == text) is { } exact) return exact;
        Func<string, bool>[] ways =
        [
            name => name == text,
            name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase),
            name => name.StartsWith(text, StringComparison.OrdinalIgnoreCase),
        ];
        foreach (Func<string, bool> way in ways)
        {
            T[] found = [.. items.Where(item => names(item).Any(way))];
            if (found.Length == 1 && text.Length > 0) return found[0];
            if (found.Length > 1)
                throw HostException.Usage($"'{text}' may be any of {List(found.Select(item => names(item).First()))}: write more of the {kind}'s name.");
        }
        string[] known = [.. items.Select(item => names(item).First())];
        if (known.Length == 0) throw HostException.Usage($"There is no {kind} '{text}'{where}, as there is none at all.");
        string meant = Nearest(text, items.SelectMany(item => names(item))) is { } near ? $"did you mean '{near}'?" : $"there is {List(known)}.";
        throw HostException.Usage($"There is no {kind} '{text}'{where}; {meant}");
    }

    /// <summary>The name that differs by the fewest letters, if these are few; else null.</summary>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        (string Name, int Distance)? best = null;
        foreach (string name in names)
        {
            int distance = Distance(text.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance <= Math.Max(1, Math.Min(text.Length, name.Length) / 3) && (best is null || distance < best.Value.Distance)) best = (name, distance);
        }
        return best?.Name;
    }

    /// <summary>The letters to insert, delete, replace or swap with their neighbour to make one text of the other.</summary>
    private static int Distance(string from, string to)
    {
        int[,] steps = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++) steps[i, 0] = i;
        for (int j = 0; j <= to.Length; j++) steps[0, j] = j;
        for (int i = 1; i <= from.Length; i++)
        {
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = steps[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                steps[i, j] = Math.Min(replaced, Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
            }
        }
        return steps[from.Length, to.Length];
    }

    private static string List(IEnumerable<string> names)
    {
        const int most = 8;
        string[] all = [.. names];
        return string.Join(", ", all.Take(most)) + (all.Length > most ? $" and {all.Length - most} more" : "");
    }
}
