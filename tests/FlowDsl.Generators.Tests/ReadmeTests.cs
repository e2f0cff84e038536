using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Tests;

/// <summary>README's code: what a user would write compiles without a warning, and the excerpt of what is generated is real.</summary>
public class ReadmeTests
{
    private const string ImplicitUsings = "global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic;";
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp14);

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Blocks("csharp").Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void CodeCompiles(int index)
    {
        (Compilation output, _) = Compile(index);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public void ExcerptIsGenerated()
    {
        (_, string generated) = Compile(0);
        string[] lines = [.. generated.Split('\n').Select(line => line.Trim())];
        int at = -1;
        foreach (string line in Blocks("cs").Single().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line != "…"))
        {
            at = Array.IndexOf(lines, line, at + 1);
            Assert.True(at >= 0, $"README shows, but the generator no longer writes (in this order): {line}");
        }
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
    private static (Compilation Output, string Generated) Compile(int index)
    {
        string[] blocks = Blocks("csharp");
        var trees = new List<SyntaxTree> { CSharpSyntaxTree.ParseText(ImplicitUsings, s_parse), CSharpSyntaxTree.ParseText(blocks[index], s_parse) };
        trees.AddRange(blocks.Where((_, i) => i != index).Select(block => CSharpSyntaxTree.Create(WithoutStatements(block), s_parse)));
        bool isProgram = trees[1].GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any();
        var compilation = CSharpCompilation.Create(
            "Readme", trees,
            [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(GaussianMixtureAttribute).Assembly.Location), MetadataReference.CreateFromFile(typeof(Solver).Assembly.Location)],
            new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new FlowSamplerGenerator().AsSourceGenerator()], [new MemoryText("/project/Fitted.mixture.json", Blocks("json").Single())], s_parse);
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out System.Collections.Immutable.ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics);
        return (output, string.Join('\n', driver.GetRunResult().Results.Single().GeneratedSources.Select(source => source.SourceText.ToString())));
    }

    private static CompilationUnitSyntax WithoutStatements(string block)
    {
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(block, s_parse).GetCompilationUnitRoot();
        return root.RemoveNodes(root.Members.OfType<GlobalStatementSyntax>(), SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    private static string[] Blocks(string language)
        => [.. Regex.Matches(Readme(), $"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

    private static string Readme([CallerFilePath] string path = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "README.md")).ReplaceLineEndings("\n");
}
