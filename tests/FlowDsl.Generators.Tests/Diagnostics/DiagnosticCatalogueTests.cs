using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reporting;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Tests;

/// <summary>Every rule has a page, a release row, a test and examples that do what the page says.</summary>
public partial class DiagnosticCatalogueTests
{
    /// <summary>What no C# example can show: the size or the bytes of a file, a name of 900 bytes, what the project says, a defect.</summary>
    private static readonly string[] s_withoutExample =
        ["FLOW0010", "FLOW0116", "FLOW0312", "FLOW0323", "FLOW0407", "FLOW0502", "FLOW0504", "FLOW0901", "FLOW0902"];

    public static TheoryData<string> Ids => [.. DiagnosticDescriptors.All.Select(rule => rule.Id)];

    public static TheoryData<string> IdsWithExample => [.. DiagnosticDescriptors.All.Select(rule => rule.Id).Except(s_withoutExample)];

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
        Assert.Equal(DiagnosticPage.Link(id), rule.HelpLinkUri);
        // What an editor shows without a network.
        Assert.Equal(Page(id)[(Page(id).IndexOf('\n') + 1)..].Trim(), rule.Description.ToString());
        Assert.StartsWith($"# {id}: {rule.Title}\n", Page(id), StringComparison.Ordinal);
        Assert.Contains("\n## Example\n", Page(id), StringComparison.Ordinal);
        Assert.Contains("\n## Fixed\n", Page(id), StringComparison.Ordinal);
        string marked = rule.DefaultSeverity == DiagnosticSeverity.Error
            ? $"{rule.Title}"
            : $"{rule.Title} ({rule.DefaultSeverity.ToString().ToLowerInvariant()})";
        Assert.Contains($"| [{id}]({id}.md) | {marked} |", Page("README"), StringComparison.Ordinal);

        string releases = Path.Combine(Root(), "generators", "FlowDsl.Generators");
        string shipped = File.ReadAllText(Path.Combine(releases, "AnalyzerReleases.Shipped.md"));
        string rows = shipped + File.ReadAllText(Path.Combine(releases, "AnalyzerReleases.Unshipped.md"));
        Assert.Single(Regex.Matches(rows, $@"^{id} \| {rule.Category} \| {rule.DefaultSeverity} \|", RegexOptions.Multiline));
    }

    [Fact]
    public void LinksAreBelowTheAddressOfTheDocumentationWhereThereIsOne()
    {
        Assert.Equal("https://example.org/docs/diagnostics/FLOW0101.md", DiagnosticPage.Link("https://example.org/docs", "FLOW0101"));
        Assert.Equal("", DiagnosticPage.Link("", "FLOW0101"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void RuleIsTested(string id)
        => Assert.Contains(
            typeof(DiagnosticCatalogueTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()),
            method => method.Name.StartsWith(id, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(IdsWithExample))]
    public void ExampleTriggersTheRuleAndTheFixedOneDoesNot(string id)
    {
        string page = Page(id);
        int turn = page.IndexOf("\n## Fixed\n", StringComparison.Ordinal);
        string source = Block(page[..turn], "csharp")!, fixedSource = Block(page[turn..], "csharp") ?? source;
        string file = Block(page[..turn], "json") ?? """{ "weights": [1], "means": [[0]], "covariance_type": "spherical", "covariances": [1] }""";
        string fixedFile = Block(page[turn..], "json") ?? file;
        // What is fixed is one of the two, or the page would say the same twice.
        Assert.NotEqual((source, file), (fixedSource, fixedFile));

        // Only pages about forecasts are held to good ones; elsewhere samplers are short.
        bool aboutForecasts = DiagnosticDescriptors.Find(id)
            is { Id: "FLOW0123" } or { DefaultSeverity: DiagnosticSeverity.Warning, Category: "Schedule", Id: not "FLOW0310" };
        GeneratorOutcome invalid = Run(source, file);
        Assert.NotEmpty(invalid.Ids);
        Assert.All(invalid.Ids, reported => Assert.Equal(id, reported));
        Run(fixedSource, fixedFile).AssertClean();

        // Students of examples are not trained, and are told so.
        GeneratorOutcome Run(string source, string file)
        {
            (string, string?) mixture = (file.Contains("sha256", StringComparison.Ordinal) ? "/project/ring.plan.json" : "/project/ring.mixture.json", file);
            GeneratorOutcome outcome = aboutForecasts ? GeneratorHarness.RunWithForecasts(source, mixture) : GeneratorHarness.Run(source, mixture);
            return outcome.Without("FLOW0504").WithAnalyzers();
        }
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PragmasApplyToWarningsOfLaterSteps(bool disabled)
    {
        // Found by planning, far from the syntax: the location has to be of the current tree all the same.
        string model = $"""
            using FlowDsl;
            [GaussianMixture(2)]
            [Component(0.5, -1, 0, Variances = new[] 【 0.05, 0.6 】)]
            [Component(0.5, 1, 0, Variances = new[] 【 0.6, 0.05 】)]
            {(disabled ? "#pragma warning disable FLOW0310 // a regional grid is what is wanted" : "")}
            [Sampler("Fast", Steps = 2, Grid = Grid.StabilityBalanced)]
            public partial class Ring;
            """.Replace('【', '{').Replace('】', '}');
        GeneratorOutcome outcome = GeneratorHarness.Run(model);
        Assert.Equal(disabled ? [] : ["FLOW0310"], outcome.Ids);
        Assert.Equal(["Ring.g.cs"], outcome.HintNames);
        Assert.Empty(outcome.Errors);
    }

    private static string? Block(string text, string language)
    {
        Match match = CodeBlock().Matches(text).SingleOrDefault(match => match.Groups[1].Value == language)!;
        return match?.Groups[2].Value;
    }

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
