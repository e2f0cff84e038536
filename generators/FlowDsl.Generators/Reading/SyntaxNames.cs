using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Generators.Reading;

/// <summary>Names as they have to be written.</summary>
internal static class SyntaxNames
{
    public static bool IsKeyword(string name)
        => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None;

    /// <summary>The name with an @ where it could be read as a keyword.</summary>
    public static string Escape(string name) => IsKeyword(name) ? "@" + name : name;

    /// <summary>The name as C# compares it: without formatting characters, such as a zero-width joiner.</summary>
    public static string? Normalize(string? name)
        => name is not null && name.Any(IsFormatting) ? string.Concat(name.Where(character => !IsFormatting(character))) : name;

    private static bool IsFormatting(char character) => CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.Format;
}
