using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Basic.Reference.Assemblies;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Tests;

/// <summary>README's code: what a user would write compiles without a warning, and the excerpt of what is generated is real.</summary>
public class ReadmeTests
{
    private const string ImplicitUsings = "global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic;";
    private static readonly string s_path = PathOfReadme();
    private static readonly Type[] s_libraries = [typeof(GaussianMixtureAttribute), typeof(Solver), typeof(Training.StudentTraining)];
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp14);

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Blocks("csharp").Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void CodeCompiles(int index)
    {
        (Compilation output, _) = Compile(index);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    /// <summary>A registry shows a package's own page: without the repository around it, a relative link leads nowhere.</summary>
    [Theory]
    [InlineData("FlowDsl")]
    [InlineData("FlowDsl.Training")]
    public void PagesOfPackagesCompileAndLinkNowhere(string package)
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(s_path)!, "src", package, "README.md")).ReplaceLineEndings("\n");
        Assert.DoesNotMatch(@"\]\((?!https://)", page);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        (Compilation output, _) = Compile(Blocks(page, "csharp"), 0);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    /// <summary>The excerpt is the first body of the sampler's methods and the first one's numbers; with FLOWDSL_ACCEPT_SNAPSHOTS=1 it is written anew.</summary>
    [Fact]
    public void ExcerptIsGenerated()
    {
        (_, string generated) = Compile(0);
        AssertShown(Blocks("cs").Single(), Excerpt(@"^ +// The body of .*?^( +)\[.*?^\1}$") + "\n" + Excerpt(@"^( +)// Segment 0, .*?^\1}$"));

        string Excerpt(string pattern)
        {
            string found = Regex.Match(generated, pattern, RegexOptions.Multiline | RegexOptions.Singleline).Value;
            int indentation = found.Length - found.TrimStart().Length;
            return string.Concat(found.Split('\n').Select(line => line.Length > indentation ? line[indentation..] + "\n" : "\n"));
        }
    }

    /// <summary>The table is that of the same sampler's documentation.</summary>
    [Fact]
    public void TableIsGenerated()
    {
        (_, string generated) = Compile(0);
        string table = Regex.Match(generated, @"/// <code>\n(.*?)^ +/// </code>", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        AssertShown(Blocks("text").Single(), Regex.Replace(table, "^ +/// ", "", RegexOptions.Multiline));
    }

    private static void AssertShown(string shown, string excerpt)
    {
        if (Environment.GetEnvironmentVariable("FLOWDSL_ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(s_path, Readme().Replace(shown, excerpt, StringComparison.Ordinal));
        else Assert.True(excerpt == shown, $"The generator now writes what follows; run this test with FLOWDSL_ACCEPT_SNAPSHOTS=1.\n{excerpt}");
    }

    [Fact]
    public void TablesNameEveryValueOfTheVocabulary()
    {
        string readme = Readme();
        foreach (string name in Enum.GetNames<Solver>().Concat(Enum.GetNames<Chart>()).Concat(Enum.GetNames<Grid>()))
            Assert.Contains($"\n| `{name}` |", readme, StringComparison.Ordinal);
        foreach (System.Reflection.MethodInfo method in typeof(IGaussianMixture<>).GetMethods().Where(method => !method.IsSpecialName))
            Assert.Contains($"\n| `{method.Name}(", readme, StringComparison.Ordinal);
    }

    /// <summary>A block in a project that also has the types declared by the other blocks.</summary>
    private static (Compilation Output, string Generated) Compile(int index) => Compile(Blocks("csharp"), index);

    private static (Compilation Output, string Generated) Compile(string[] blocks, int index)
    {
        var trees = new List<SyntaxTree> { CSharpSyntaxTree.ParseText(ImplicitUsings, s_parse), CSharpSyntaxTree.ParseText(blocks[index], s_parse) };
        trees.AddRange(blocks.Where((_, i) => i != index).Select(block => CSharpSyntaxTree.Create(WithoutStatements(block), s_parse)));
        bool isProgram = trees[1].GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any();
        var compilation = CSharpCompilation.Create(
            "Readme", trees,
            [.. Net100.References.All, .. s_libraries.Select(type => MetadataReference.CreateFromFile(type.Assembly.Location))],
            new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new FlowSamplerGenerator().AsSourceGenerator()], [new MemoryText("/project/Fitted.mixture.json", Blocks("json").Single())], s_parse);
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out System.Collections.Immutable.ImmutableArray<Diagnostic> diagnostics);
        // What is to be trained has no weights yet.
        Assert.All(diagnostics, diagnostic => Assert.Equal(DiagnosticIds.NoWeights, diagnostic.Id));
        return (output, string.Join('\n', driver.GetRunResult().Results.Single().GeneratedSources.Select(source => source.SourceText.ToString())));
    }

    private static CompilationUnitSyntax WithoutStatements(string block)
    {
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(block, s_parse).GetCompilationUnitRoot();
        return root.RemoveNodes(root.Members.OfType<GlobalStatementSyntax>(), SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    private static string[] Blocks(string language) => Blocks(Readme(), language);

    private static string[] Blocks(string page, string language)
        => [.. Regex.Matches(page, $"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

    private static string Readme() => File.ReadAllText(s_path).ReplaceLineEndings("\n");

    private static string PathOfReadme([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "README.md");
}
