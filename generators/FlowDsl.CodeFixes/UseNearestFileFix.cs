using System.Composition;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>FLOW0113: names the file with the most similar name, if there is one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseNearestFileFix)), Shared]
public sealed class UseNearestFileFix() : TextCodeFixProvider(DiagnosticIds.FileNotFound)
{
    // One wrong letter in three is a misspelling; more is another name.
    private const int LettersPerMistake = 3;

    private protected override Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
        => Task.FromResult(Find(node, cancellationToken));

    private static TextFix? Find(DeclarationNode node, CancellationToken cancellationToken)
    {
        if (node.Model.GetConstantValue(node.Syntax, cancellationToken).Value is not string written) return null;
        AnalyzerOptions options = node.Document.Project.AnalyzerOptions;
        EquatableArray<ProjectFile> files = new([.. options.AdditionalFiles
            .Select(text => ProjectFile.Of(text, options.AnalyzerConfigOptionsProvider)!)
            .Where(file => file?.Kind == FileKind.Mixture)]);
        // The spelling is right: the file cannot be opened, or there are several of that name.
        if (FileName.Of(FileKind.Mixture, written).Find(files).Length > 0) return null;

        string stem = Stem(written);
        string? nearest = files
            .Select(file => (File: file, Stem: Stem(file.Name)))
            .Select(other => (other.File, other.Stem, Mistakes: Mistakes(stem, other.Stem)))
            .Where(other => other.Mistakes * LettersPerMistake <= Math.Max(stem.Length, other.Stem.Length))
            .OrderBy(other => other.Mistakes).ThenBy(other => other.File.Path, StringComparer.Ordinal)
            .Select(other => NameOf(other.File, files))
            .FirstOrDefault(name => name is not null);
        return nearest is null ? null : new TextFix(
            $"Use the file \"{nearest}\"", new TextChange(node.Syntax.Span, SymbolDisplay.FormatLiteral(nearest, quote: true)));
    }

    /// <summary>The shortest name that means one file alone.</summary>
    private static string? NameOf(ProjectFile file, EquatableArray<ProjectFile> files)
        => new[] { file.Name, file.Link, file.Relative }
            .FirstOrDefault(name => name is not null && FileName.Of(FileKind.Mixture, name).Find(files) is [var only] && only == file);

    /// <summary>A file's name in small letters, without folder and extension: these are the first things to be wrong.</summary>
    private static string Stem(string name)
    {
        string stem = ProjectFile.Normalize(name).Split('/').Last().ToLowerInvariant();
        foreach (string ending in new[] { ".json", ".mixture" })
            if (stem.EndsWith(ending, StringComparison.Ordinal)) stem = stem.Substring(0, stem.Length - ending.Length);
        return stem;
    }

    /// <summary>How many letters have to be added, left out or replaced to make one word of another (Levenshtein's distance).</summary>
    private static int Mistakes(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.Length];
    }
}
