using System.Text;

namespace FlowDsl.Hosting.Cluster;

/// <summary>Words of a POSIX shell: quoted, so that it takes them as they are, and read as it reads them.</summary>
internal static class ShellWords
{
    /// <summary>A word as a shell reads it back.</summary>
    public static string Quote(string word)
        => word.Length > 0 && word.All(IsPlain) && word[0] != '~' ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Words with blanks between them.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>Splits a line at blanks, minding quotes and backslashes; nothing is expanded.</summary>
    /// <returns>The words; null if a quote is not closed.</returns>
    public static ImmutableArray<string>? Split(string line)
    {
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        // Null between words, for a word may be empty: ''.
        StringBuilder? word = null;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            // Within "", a backslash is one unless it stands before what would be special there.
            bool escapes = c == '\\' && quote != '\'' && i + 1 < line.Length && (quote == '\0' || line[i + 1] is '"' or '\\' or '$' or '`');
            if (escapes) (word ??= new StringBuilder()).Append(line[++i]);
            else if (c == quote) quote = '\0';
            else if (quote == '\0' && c is '"' or '\'') (word, quote) = (word ?? new StringBuilder(), c);
            else if (quote == '\0' && char.IsWhiteSpace(c)) End();
            else (word ??= new StringBuilder()).Append(c);
        }
        if (quote != '\0') return null;
        End();
        return words.ToImmutable();

        void End()
        {
            if (word is not null) words.Add(word.ToString());
            word = null;
        }
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '+' or '@' or '%' or ',' or '~';
}
