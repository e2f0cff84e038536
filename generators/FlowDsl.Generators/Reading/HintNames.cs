using System.Collections.Immutable;
using System.Text;
using FlowDsl.Generators.Model;

namespace FlowDsl.Generators.Reading;

/// <summary>Another hint name for a type, because the plain one is taken.</summary>
/// <param name="Name">The type's full metadata name.</param>
/// <param name="Hint">What to use instead.</param>
internal sealed record HintRename(string Name, string Hint);

/// <summary>Names of generated files. Hint names must differ in more than case, unlike metadata names; and file systems end them at 255 bytes.</summary>
internal static class HintNames
{
    /// <summary>The most bytes of a file's name before its extension: with folders before it, it still fits where paths end at 260.</summary>
    private const int MaximumBytes = 120;

    /// <summary>The file that registers all models. No metadata name has a hyphen, so no model's file is called like it.</summary>
    public const string Registry = "FlowDsl-Registry.g.cs";

    /// <summary>The renames that a set of types needs: almost always none.</summary>
    public static EquatableArray<HintRename> FindCollisions(ImmutableArray<string> names)
    {
        List<HintRename> renames = [];
        foreach (IGrouping<string, string> group in names.Distinct().GroupBy(name => name, StringComparer.OrdinalIgnoreCase))
        {
            int number = 1;
            // No metadata name has a hyphen, so the new name is free. Ordinal order: adding a file must not swap two names.
            foreach (string name in group.OrderBy(name => name, StringComparer.Ordinal))
            {
                if (number > 1) renames.Add(new HintRename(name, $"{name}-{number}"));
                number++;
            }
        }
        renames.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new EquatableArray<HintRename>(renames.ToArray());
    }

    /// <summary>The name of a type's generated file.</summary>
    public static string FileName(string name, EquatableArray<HintRename> renames)
    {
        foreach (HintRename rename in renames)
            if (rename.Name == name) return Shorten(rename.Hint) + ".g.cs";
        return Shorten(name) + ".g.cs";
    }

    /// <summary>A name that is too long for a file: its end, which says most, behind a number made of all of it.</summary>
    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaximumBytes) return name;
        ulong hash = 14695981039346656037; // FNV-1a
        foreach (byte value in Encoding.UTF8.GetBytes(name)) hash = unchecked((hash ^ value) * 1099511628211);
        string number = hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture) + "-";
        int start = name.Length, bytes = number.Length;
        while (start > 0 && (bytes += Encoding.UTF8.GetByteCount(name.Substring(start - 1, 1))) <= MaximumBytes) start--;
        return number + name.Substring(start);
    }
}
