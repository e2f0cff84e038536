using System.Reflection;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>
/// A rule's page: its text travels in this assembly, so that editors show it without a network, and its address is known where the project has one.
/// </summary>
/// <param name="id">The rule.</param>
internal sealed class DiagnosticPage(string id) : LocalizableString
{
    /// <summary>The address of a rule's page; empty where the pages have no address.</summary>
    public static string Link(string id) => Link(BaseUrl(), id);

    /// <summary>The address of a rule's page below the address of the documentation.</summary>
    public static string Link(string documentationUrl, string id) => documentationUrl.Length == 0 ? "" : $"{documentationUrl}/diagnostics/{id}.md";

    /// <summary>The page without its heading, which is the rule's title.</summary>
    protected override string GetText(IFormatProvider? formatProvider)
    {
        using Stream page = typeof(DiagnosticPage).Assembly.GetManifestResourceStream(id + ".md");
        using var reader = new StreamReader(page);
        reader.ReadLine();
        return reader.ReadToEnd().Trim();
    }

    protected override int GetHash() => id.GetHashCode();

    protected override bool AreEqual(object? other) => other is DiagnosticPage page && page.ToString() == ToString();

    // No static field: the rules call this while they are made, in an order that nobody knows.
    private static string BaseUrl()
        => typeof(DiagnosticPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "DocumentationUrl")?.Value ?? "";
}
