using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Tests;

/// <summary>What every snapshot is besides its text: cached, clean text, and code without warnings in any project.</summary>
internal static partial class GeneratedFile
{
    private static readonly string[] s_steps =
    [
        TrackingNames.Specs, TrackingNames.Files, TrackingNames.Inputs, TrackingNames.Compiled, TrackingNames.Sources, TrackingNames.Renames,
        TrackingNames.Issues,
    ];

    /// <summary>Generates the models of a source and verifies the files.</summary>
    /// <param name="source">The user's file.</param>
    /// <param name="additionalTexts">The user's AdditionalFiles.</param>
    /// <param name="sourceFile">The test's file.</param>
    public static Task Verify(string source, (string Path, string? Text)[]? additionalTexts = null, [CallerFilePath] string sourceFile = "")
    {
        GeneratorHarness harness = new(source, LanguageVersion.CSharp14, additionalTexts ?? []);
        GeneratorOutcome outcome = harness.Run().AssertClean();
        AssertCached(outcome, harness.Set("Other.cs", "internal class Other;").Run());
        Assert.NotEmpty(outcome.Result.GeneratedSources);
        foreach (GeneratedSourceResult file in outcome.Result.GeneratedSources) AssertCleanText(file.SourceText);
        AssertNoWarnings(source, outcome);

        VerifySettings settings = new();
        settings.ScrubLinesWithReplace(line => Version().Replace(line, "\"<version>\""));
        return Verifier.Verify(
            outcome.Result.GeneratedSources.Select(file => new Target("cs", file.SourceText.ToString(), Path.GetFileNameWithoutExtension(file.HintName))),
            settings, sourceFile);
    }

    private static void AssertCached(GeneratorOutcome first, GeneratorOutcome second)
    {
        foreach (string step in s_steps)
            Assert.All(second.Reasons(step), reason => Assert.True(
                reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {reason}"));
        Assert.All(second.Reasons(TrackingNames.Compiled), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.NotEmpty(second.Reasons(TrackingNames.Compiled));
        foreach ((GeneratedSourceResult before, GeneratedSourceResult after) in first.Result.GeneratedSources.Zip(second.Result.GeneratedSources))
            Assert.Same(before.SourceText, after.SourceText);
    }

    private static void AssertCleanText(SourceText source)
    {
        Assert.Empty(source.Encoding!.GetPreamble());
        string text = source.ToString();
        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain('\t', text);
        Assert.DoesNotContain('\uFEFF', text);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            Assert.True(lines[i] == lines[i].TrimEnd(), $"Line {i + 1} has trailing blanks.");
            Assert.False(i > 0 && i < lines.Length - 1 && lines[i].Length == 0 && lines[i - 1].Length == 0, $"Lines {i} and {i + 1} are both empty.");
            Assert.False(i > 0 && lines[i].Trim() == "}" && lines[i - 1].Length == 0, $"Line {i} is empty before a closing brace.");
            Assert.False(i > 0 && lines[i].Length == 0 && lines[i - 1].Trim() == "{", $"Line {i + 1} is empty after an opening brace.");
        }
    }

    /// <summary>Compiles the files as the strictest user would: every warning an error, without implicit usings or unsafe code.</summary>
    private static void AssertNoWarnings(string source, GeneratorOutcome outcome)
    {
        // Documentation too: a user who has it switched on gets CS1570 and CS1591 for our members as for their own.
        CSharpParseOptions parse = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);
        SyntaxTree[] trees =
        [
            CSharpSyntaxTree.ParseText(source, parse, "Main.cs"),
            .. outcome.Result.GeneratedSources.Select(file => CSharpSyntaxTree.ParseText(file.SourceText, parse, file.HintName)),
        ];
        foreach (NullableContextOptions nullable in new[] { NullableContextOptions.Enable, NullableContextOptions.Disable })
        {
            CSharpCompilationOptions options = new(
                OutputKind.DynamicallyLinkedLibrary, checkOverflow: true, allowUnsafe: false, nullableContextOptions: nullable,
                generalDiagnosticOption: ReportDiagnostic.Error,
                warningLevel: 9999, optimizationLevel: OptimizationLevel.Release);
            CSharpCompilation compilation = CSharpCompilation.Create("Strict", trees, outcome.Input.References, options);
            Diagnostic[] diagnostics = [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
            Assert.True(diagnostics.Length == 0, string.Join("\n", diagnostics.Take(10).Select(diagnostic => $"{diagnostic}\n    {Line(diagnostic)}")));
        }

        static string Line(Diagnostic diagnostic) => diagnostic.Location.SourceTree is { } tree
            ? tree.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim()
            : "";
    }

    /// <summary>Generates the models of a project that references the host, and verifies the file that registers them.</summary>
    /// <param name="source">The user's file.</param>
    /// <param name="sourceFile">The test's file.</param>
    public static Task VerifyRegistry(string source, [CallerFilePath] string sourceFile = "")
    {
        GeneratorHarness harness = new GeneratorHarness(source).AddHost();
        GeneratorOutcome outcome = harness.Run().AssertClean();
        AssertCached(outcome, harness.Set("Other.cs", "internal class Other;").Run());
        AssertNoWarnings(source, outcome);
        GeneratedSourceResult file = outcome.Result.GeneratedSources.Single(file => file.HintName == HintNames.Registry);
        AssertCleanText(file.SourceText);
        VerifySettings settings = new();
        settings.ScrubLinesWithReplace(line => Version().Replace(line, "\"<version>\""));
        return Verifier.Verify(file.SourceText.ToString(), "cs", settings, sourceFile);
    }

    [GeneratedRegex("""(?<=GeneratedCode\("FlowDsl\.Generators", )"\d+\.\d+\.\d+"(?=\))""")]
    private static partial Regex Version();
}
