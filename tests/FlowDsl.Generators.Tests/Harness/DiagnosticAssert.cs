using FlowDsl.Generators.Reporting;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Tests;

/// <summary>Asserts about one diagnostic: its rule, its squiggle and its words.</summary>
internal static class DiagnosticAssert
{
    /// <summary>
    /// Asserts that the run reported one diagnostic under the ID with its rule's severity, that it underlines exactly the text between ⟦ and ⟧ in the marked
    /// source, and that its message has all the words.
    /// </summary>
    public static GeneratorOutcome Reports(string id, string marked, params string[] words)
        => Reports(id, marked, [], words);

    public static GeneratorOutcome Reports(string id, string marked, (string Path, string? Text)[] additionalTexts, params string[] words)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(Unmark(marked), additionalTexts).WithAnalyzers();
        Check(outcome, id, marked, words);
        return outcome;
    }

    /// <summary>The same, where what forecasts say against samplers is reported too.</summary>
    public static GeneratorOutcome ReportsWithForecasts(string id, string marked, params string[] words)
    {
        GeneratorOutcome outcome = GeneratorHarness.RunWithForecasts(Unmark(marked));
        Check(outcome, id, marked, words);
        return outcome;
    }

    public static void Check(GeneratorOutcome outcome, string id, string marked, params string[] words)
    {
        Assert.Null(outcome.Result.Exception);
        Diagnostic diagnostic = Assert.Single(outcome.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticDescriptors.Find(id).DefaultSeverity, diagnostic.Severity);
        Assert.True(diagnostic.Location.IsInSource);
        int start = marked.IndexOf('⟦', StringComparison.Ordinal);
        int end = marked.IndexOf('⟧', StringComparison.Ordinal) - 1;
        Assert.True(start >= 0 && end >= start, "The source has no marks.");
        string unmarked = Unmark(marked);
        Assert.Equal(unmarked[start..end], unmarked[diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End]);
        Assert.Equal(start, diagnostic.Location.SourceSpan.Start);
        string message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        // A placeholder that was not filled would survive in the message.
        Assert.DoesNotContain("{", message, StringComparison.Ordinal);
        foreach (string word in words) Assert.Contains(word, message, StringComparison.Ordinal);
    }

    public static string Unmark(string marked) => marked.Replace("⟦", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal);
}
