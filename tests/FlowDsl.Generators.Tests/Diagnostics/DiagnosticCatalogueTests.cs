using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Tests;

/// <summary>Every rule has a page, a release row, a test and examples that do what the page says.</summary>
public partial class DiagnosticCatalogueTests
{
    /// <summary>What no C# example can show: what a file says, what the project says, a defect.</summary>
    private static readonly string[] s_withoutExample = ["FLOW0114", "FLOW0115", "FLOW0116", "FLOW0901", "FLOW0902"];

    public static TheoryData<string> Ids => [.. DiagnosticDescriptors.All.Select(rule => rule.Id)];

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    private static string Page(string id) => File.ReadAllText(Path.Combine(Root(), "docs", "diagnostics", id + ".md"));

    [Fact]
    public void AllHoldsEveryRuleOnceInOrder()
    {
        DiagnosticDescriptor[] declared = [.. typeof(DiagnosticDescriptors).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal)];
        Assert.Equal(declared, DiagnosticDescriptors.All);
        Assert.Equal(declared.Length, declared.Select(rule => rule.Id).Distinct().Count());
        string[] constants = [.. typeof(DiagnosticIds).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal)];
        Assert.Equal(constants, declared.Select(rule => rule.Id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void RuleIsDocumented(string id)
    {
        DiagnosticDescriptor rule = DiagnosticDescriptors.Find(id);
        Assert.Equal($"https://github.com/flowdsl/flowdsl/blob/main/docs/diagnostics/{id}.md", rule.HelpLinkUri);
        Assert.StartsWith($"# {id}: {rule.Title}\n", Page(id), StringComparison.Ordinal);
        Assert.Contains("\n## Example\n", Page(id), StringComparison.Ordinal);
        Assert.Contains("\n## Fixed\n", Page(id), StringComparison.Ordinal);
        Assert.Contains($"| [{id}]({id}.md) | {rule.Title} |", Page("README"), StringComparison.Ordinal);

        string releases = Path.Combine(Root(), "generators", "FlowDsl.Generators");
        string rows = File.ReadAllText(Path.Combine(releases, "AnalyzerReleases.Shipped.md")) + File.ReadAllText(Path.Combine(releases, "AnalyzerReleases.Unshipped.md"));
        Assert.Single(Regex.Matches(rows, $@"^{id} \| {rule.Category} \| {rule.DefaultSeverity} \|", RegexOptions.Multiline));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void RuleIsTested(string id)
        => Assert.Contains(
            typeof(DiagnosticCatalogueTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()),
            method => method.Name.StartsWith(id + "_", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void ExampleTriggersTheRuleAndTheFixedOneDoesNot(string id)
    {
        if (s_withoutExample.Contains(id)) return;
        string[] blocks = [.. CodeBlock().Matches(Page(id)).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, blocks.Length);
        (string, string?) file = ("/project/ring.mixture.json", """{ "weights": [1], "means": [[0]], "covariance_type": "spherical", "covariances": [1] }""");
        GeneratorOutcome invalid = GeneratorHarness.Run(blocks[0], file);
        Assert.NotEmpty(invalid.Ids);
        Assert.All(invalid.Ids, reported => Assert.Equal(id, reported));
        GeneratorOutcome repaired = GeneratorHarness.Run(blocks[1], file);
        Assert.DoesNotContain(id, repaired.Ids);
        Assert.Empty(repaired.Errors);
        // The file's text is not read yet in every build of the analysis; the look-up that this rule is about is.
        if (id != "FLOW0113") Assert.Empty(repaired.Ids);
    }

    [Fact]
    public void PragmasApply()
    {
        const string model = """
            [FlowDsl.GaussianMixture(1), FlowDsl.Component(1, 0, Variance = 1)]
            #pragma warning disable FLOW0303
            [FlowDsl.Sampler("A", Steps = 0)]
            #pragma warning restore FLOW0303
            [FlowDsl.Sampler("B", Steps = -1)]
            public partial class Ring;
            """;
        Diagnostic diagnostic = Assert.Single(GeneratorHarness.Run(model).Diagnostics, reported => !reported.IsSuppressed);
        Assert.Contains("'B'", diagnostic.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
