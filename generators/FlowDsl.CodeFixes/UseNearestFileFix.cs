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

        string? nearest = Misspelling.Meanings(Stem(written), files.OrderBy(file => file.Path, StringComparer.Ordinal), file => Stem(file.Name))
            .Select(file => NameOf(file, files))
            .FirstOrDefault(name => name is not null);
        return nearest is null ? null : new TextFix(
            $"Use the file \"{nearest}\"", new TextChange(node.Syntax.Span, SymbolDisplay.FormatLiteral(nearest, quote: true)));
    }

    /// <summary>The shortest name that means one file alone.</summary>
    private static string? NameOf(ProjectFile file, EquatableArray<ProjectFile> files)
        => new[] { file.Name, file.Link, file.Relative }
            .FirstOrDefault(name => name is not null && FileName.Of(FileKind.Mixture, name).Find(files) is [var only] && only == file);

    /// <summary>A file's name without folder and extension: these are the first things to be wrong.</summary>
    private static string Stem(string name)
    {
        string stem = ProjectFile.Normalize(name).Split('/').Last();
        foreach (string ending in new[] { ".json", ".mixture" })
            if (stem.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) stem = stem.Substring(0, stem.Length - ending.Length);
        return stem;
    }
}
