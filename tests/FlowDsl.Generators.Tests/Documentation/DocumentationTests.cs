using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using FlowDsl.Figures;
using FlowDsl.Tests;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Tests;

/// <summary>README and docs: what a user would write compiles without a warning and runs, what is said to be generated is, and links lead somewhere.</summary>
public partial class DocumentationTests
{
    private const string Readme = "README.md";
    private const string ErrorTracking = "docs/concepts/error-tracking.md";

    /// <summary>README is what somebody reads before deciding to read on.</summary>
    private const int MaxBytesOfReadme = 12_000;

    private static readonly string[] s_languages = ["", "csharp", "cs", "json", "python", "text", "xml"];

    public static TheoryData<string> Pages => [.. DocumentationPage.All];

    public static TheoryData<string> PagesWithLinks
        => [.. FigurePages.All, .. Directory.EnumerateFiles(Path.Combine(FigurePages.Root, ".github"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(FigurePages.Root, file).Replace('\\', '/'))];

    /// <summary>The blocks that begin with statements and do not say that they cannot run.</summary>
    public static TheoryData<string, int> Programs => Blocks(Runs);

    /// <summary>The other blocks: those that run are compiled for it.</summary>
    public static TheoryData<string, int> Code => Blocks(block => !Runs(block));

    [Theory]
    [MemberData(nameof(Code))]
    public void CodeCompiles(string page, int index) => AssertCompiles(new DocumentationPage(page).Compile(index));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task CodeRuns(string page, int index)
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl-page-").FullName;
        try
        {
            DocumentationBuild build = new DocumentationPage(page).Compile(index);
            AssertCompiles(build);
            CommandResult run = await build.Run(folder);
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Empty(run.Error);
            Assert.DoesNotContain("NaN", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A block in another language, or one that only looks like C#, would be held by nothing.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void BlocksAreOfLanguagesThatSomethingHolds(string page)
    {
        foreach (DocumentationBlock block in new DocumentationPage(page).Blocks)
        {
            Assert.Contains(block.Language, s_languages);
            if (block.Language == "cs") Assert.NotNull(block.Generated);
        }
    }

    [Fact]
    public void ReadmeIsShort() => Assert.InRange(Encoding.UTF8.GetByteCount(FigurePages.Text(Readme)), 1, MaxBytesOfReadme);

    /// <summary>Tables, figures and addresses may be longer: nobody can break them.</summary>
    [Theory]
    [MemberData(nameof(PagesWithLinks))]
    public void LinesOfProseAreShort(string page)
        => Assert.DoesNotContain(
            FigurePages.Without(FigurePages.Text(page)).Split('\n'),
            line => line.Length > 160 && !line.StartsWith('|') && !line.Contains("https://", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(PagesWithLinks))]
    public void LinksLeadSomewhere(string path)
    {
        var page = new DocumentationPage(path);
        IEnumerable<string> links = Link().Matches(page.Text).Select(match => match.Groups["link"].Value);
        foreach (string link in links.Where(link => !link.StartsWith("https://", StringComparison.Ordinal)))
        {
            string[] parts = link.Split('#');
            string target = parts[0].Length == 0 ? path : page.Resolve(parts[0]);
            string full = Path.Combine(FigurePages.Root, target);
            Assert.True(File.Exists(full) || Directory.Exists(full), $"{path} links to '{link}', and there is no {target}.");
            if (parts.Length > 1) Assert.Contains(parts[1], Anchors(FigurePages.Text(target)));
        }
    }

    /// <summary>A registry shows a package's own page: without the repository around it, a relative link leads nowhere.</summary>
    [Theory]
    [InlineData("FlowDsl")]
    [InlineData("FlowDsl.Training")]
    [InlineData("FlowDsl.Hosting")]
    [InlineData("FlowDsl.Onnx")]
    public void PagesOfPackagesLinkNowhereElse(string package)
    {
        string page = FigurePages.Text($"src/{package}/README.md");
        Assert.DoesNotMatch(@"\]\((?!https://)", page);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
    }

    /// <summary>What README shows first can be run without a package, from a file that references the project instead.</summary>
    [Fact]
    public void ExampleOfOneFileIsThatOfReadme()
    {
        string example = FigurePages.Text("examples/TwoModes/TwoModes.cs");
        Assert.Equal(new DocumentationPage(Readme).Code[0].Text, Directives().Replace(example, ""));
    }

    /// <summary>The excerpt is the loop of the sampler's first method; with FLOWDSL_ACCEPT_SNAPSHOTS=1 it is written anew.</summary>
    [Fact]
    public void ExcerptIsGenerated()
    {
        string generated = new DocumentationPage(Readme).Compile(0).Generated;
        string found = Regex.Match(generated, @"^( +)for \(nuint i = 0; .*?^\1}$", RegexOptions.Multiline | RegexOptions.Singleline).Value;
        int indentation = found.Length - found.TrimStart().Length;
        AssertShown(Readme, "excerpt", string.Concat(found.Split('\n').Select(line => line.Length > indentation ? line[indentation..] + "\n" : "\n")));
    }

    /// <summary>The table is that of the same sampler's documentation.</summary>
    [Fact]
    public void TableIsGenerated()
    {
        string generated = new DocumentationPage(Readme).Compile(0).Generated;
        string table = Regex.Match(generated, @"/// <code>\n(.*?)^ +/// </code>", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        AssertShown(ErrorTracking, "table", Regex.Replace(table, "^ +/// ", "", RegexOptions.Multiline));
    }

    [Fact]
    public void TablesNameEveryValueOfTheVocabulary()
    {
        AssertRows<Solver>("docs/reference/solvers.md");
        AssertRows<Chart>("docs/reference/solvers.md");
        AssertRows<Grid>("docs/reference/grids.md");
        AssertRows<Tracking>(ErrorTracking);
        AssertRows<StudentForm>("docs/concepts/students.md");
        AssertRows<Activation>("docs/concepts/students.md");
        string attributes = FigurePages.Text("docs/reference/attributes.md");
        foreach (System.Reflection.MethodInfo method in typeof(IGaussianMixture<>).GetMethods().Where(method => !method.IsSpecialName))
            Assert.Contains($"\n| `{method.Name}(", attributes, StringComparison.Ordinal);

        static void AssertRows<T>(string page)
            where T : struct, Enum
        {
            string text = FigurePages.Text(page);
            foreach (string name in Enum.GetNames<T>()) Assert.Contains($"\n| `{name}` |", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Every property that can be set on an attribute has a row, with the name that one types.</summary>
    [Fact]
    public void TablesNameEveryPropertyOfTheAttributes()
    {
        string text = FigurePages.Text("docs/reference/attributes.md") + FigurePages.Text("docs/reference/processes.md");
        Type[] attributes = [.. typeof(GaussianMixtureAttribute).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Attribute)))];
        Assert.True(attributes.Length >= 8);
        foreach (Type attribute in attributes)
        {
            Assert.Contains($"[{attribute.Name[..^"Attribute".Length]}", text, StringComparison.Ordinal);
            foreach (System.Reflection.PropertyInfo property in attribute.GetProperties().Where(property => property.CanWrite))
                Assert.Matches($@"\n\| `{property.Name}( = [^`]*)?` \|", text);
        }
    }

    private static bool Runs(DocumentationBlock block) => block.NotRun is null && block.IsProgram;

    private static void AssertCompiles(DocumentationBuild build)
        => Assert.DoesNotContain(build.Output.GetDiagnostics(), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    private static TheoryData<string, int> Blocks(Func<DocumentationBlock, bool> choose)
    {
        var data = new TheoryData<string, int>();
        foreach (DocumentationPage page in DocumentationPage.All.Select(path => new DocumentationPage(path)))
        {
            for (int index = 0; index < page.Code.Length; index++)
            {
                if (choose(page.Code[index])) data.Add(page.Path, index);
            }
        }
        return data;
    }

    private static void AssertShown(string path, string name, string expected)
    {
        string shown = new DocumentationPage(path).Blocks.Single(block => block.Generated == name).Text;
        if (Environment.GetEnvironmentVariable("FLOWDSL_ACCEPT_SNAPSHOTS") == "1")
            File.WriteAllText(Path.Combine(FigurePages.Root, path), FigurePages.Text(path).Replace(shown, expected, StringComparison.Ordinal));
        else
            Assert.True(expected == shown, $"The generator now writes what follows; run this test with FLOWDSL_ACCEPT_SNAPSHOTS=1.\n{expected}");
    }

    /// <summary>The anchors of a page's headings, as GitHub makes them.</summary>
    private static ImmutableArray<string> Anchors(string text)
        => [.. Heading().Matches(text).Select(match => match.Groups["title"].Value.ToLowerInvariant())
            .Select(title => Regex.Replace(title, @"[^\p{L}\p{N} _-]", "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<link>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("^#:.*\n", RegexOptions.Multiline)]
    private static partial Regex Directives();

    [GeneratedRegex("^#+ (?<title>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();
}
