using System.Collections.Immutable;

namespace FlowDsl.Generators;

/// <summary>Another hint name for a type, because the plain one is taken.</summary>
/// <param name="Name">The type's full metadata name.</param>
/// <param name="Hint">What to use instead.</param>
internal sealed record HintRename(string Name, string Hint);

/// <summary>Names of generated files. Hint names must differ in more than case, metadata names need not.</summary>
internal static class HintNames
{
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
            if (rename.Name == name) return rename.Hint + ".g.cs";
        return name + ".g.cs";
    }
}
