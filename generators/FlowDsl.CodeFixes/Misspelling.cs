namespace FlowDsl.CodeFixes;

/// <summary>What a word that nobody knows was probably meant to be.</summary>
internal static class Misspelling
{
    // One wrong letter in three is a misspelling; more is another name.
    private const int LettersPerMistake = 3;

    /// <summary>The words that a misspelt one may mean, the most similar first; small and capital letters are the same.</summary>
    /// <typeparam name="T">What has the words.</typeparam>
    /// <param name="written">The misspelt word.</param>
    /// <param name="known">What has the right words.</param>
    /// <param name="wordOf">The word of each.</param>
    public static IEnumerable<T> Meanings<T>(string written, IEnumerable<T> known, Func<T, string> wordOf)
    {
        written = written.ToLowerInvariant();
        return known
            .Select(item => (Item: item, Word: wordOf(item)))
            .Select(other => (other.Item, other.Word, Mistakes: Mistakes(written, other.Word.ToLowerInvariant())))
            .Where(other => other.Mistakes * LettersPerMistake <= Math.Max(written.Length, other.Word.Length))
            .OrderBy(other => other.Mistakes).ThenBy(other => other.Word, StringComparer.Ordinal)
            .Select(other => other.Item);
    }

    /// <summary>
    /// How many letters have to be added, left out or replaced, or neighbours exchanged, to make one word of another (Levenshtein's distance with
    /// Damerau's exchanges).
    /// </summary>
    private static int Mistakes(string from, string to)
    {
        int[] before = [], row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] next = [i, .. row.Skip(1)];
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = row[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                next[j] = Math.Min(replaced, Math.Min(row[j], next[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) next[j] = Math.Min(next[j], before[j - 2] + 1);
            }
            (before, row) = (row, next);
        }
        return row[to.Length];
    }
}
