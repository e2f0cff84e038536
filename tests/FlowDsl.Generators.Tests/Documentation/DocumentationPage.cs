using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Basic.Reference.Assemblies;
using FlowDsl.Figures;
using FlowDsl.Generators.Model;
using FlowDsl.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace FlowDsl.Generators.Tests;

/// <summary>A page of the documentation and the project that its C# blocks make together. docs/contributing.md explains the comments.</summary>
internal sealed partial class DocumentationPage
{
    private const string ImplicitUsings =
        "global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic; "
        + "global using System.Threading; global using System.Threading.Tasks;";

    // Read once: the compiler keeps what it has learnt of a reference.
    private static readonly MetadataReference[] s_libraries =
        [.. Net100.References.All, .. Libraries(typeof(GaussianMixtureAttribute), typeof(Solver), typeof(Training.StudentTraining), typeof(Onnx.OnnxNetwork))];

    private static readonly MetadataReference[] s_hosting = Libraries(typeof(Hosting.FlowHost));

    // "#:package" and its like are directives for the command line: the compiler passes over them where it knows the file is a program of its own.
    private static readonly CSharpParseOptions s_parse = new CSharpParseOptions(LanguageVersion.CSharp14).WithFeatures([new("FileBasedProgram", "true")]);

    public DocumentationPage(string path)
    {
        Path = path;
        Text = FigurePages.Text(path);
        Blocks = [.. Fence().Matches(Text).Select(match => match.Groups)
            .Select(groups => new DocumentationBlock(groups["language"].Value, groups["code"].Value, groups["comment"].Value))];
    }

    /// <summary>README, docs without the pages of single diagnostics, which have a test of their own, the examples' pages and those of the packages.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. FigurePages.All.Where(page => !page.StartsWith("docs/diagnostics/FLOW", StringComparison.Ordinal)),
        "src/FlowDsl/README.md",
        "src/FlowDsl.Training/README.md",
        "src/FlowDsl.Hosting/README.md",
        "src/FlowDsl.Onnx/README.md",
    ];

    /// <summary>The path from the repository's folder.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>Whether its blocks use the host: then its projects have a registry of their models, as a user's have.</summary>
    private bool IsHosted => Code.Any(block => block.Text.Contains("using FlowDsl.Hosting;", StringComparison.Ordinal));

    /// <summary>All fenced blocks, in order.</summary>
    public ImmutableArray<DocumentationBlock> Blocks { get; }

    /// <summary>The C# blocks.</summary>
    public ImmutableArray<DocumentationBlock> Code => [.. Blocks.Where(block => block.Language == "csharp")];

    /// <summary>The Python blocks.</summary>
    public ImmutableArray<DocumentationBlock> Python => [.. Blocks.Where(block => block.Language == "python")];

    /// <summary>The path of a page or file that this one names, from the repository's folder.</summary>
    public string Resolve(string link)
    {
        string folder = System.IO.Path.Combine(FigurePages.Root, System.IO.Path.GetDirectoryName(Path)!);
        return System.IO.Path.GetRelativePath(FigurePages.Root, System.IO.Path.Combine(folder, link)).Replace('\\', '/');
    }

    /// <summary>A C# block in a project that also has the types which the page's other blocks declare, and those of the pages it names.</summary>
    public DocumentationBuild Compile(int index) => Compile(Code[index], Code[index].Program);

    /// <summary>The same of another text than the block's own.</summary>
    /// <param name="own">The block that the text stands for; null if it is none of the page's.</param>
    /// <param name="program">The text.</param>
    public DocumentationBuild Compile(DocumentationBlock? own, string program)
    {
        DocumentationPage[] others = [.. Types().Matches(Text).Select(match => new DocumentationPage(Resolve(match.Groups["page"].Value)))];
        bool isHosted = others.Append(this).Any(page => page.IsHosted);
        SyntaxTree block = CSharpSyntaxTree.ParseText(program, s_parse);
        IEnumerable<string> declarations =
            Code.Where(other => !ReferenceEquals(other, own)).Concat(others.SelectMany(page => page.Code)).Select(other => other.Text);
        var compilation = CSharpCompilation.Create(
            "Documentation",
            [
                CSharpSyntaxTree.ParseText(ImplicitUsings, s_parse), block,
                .. declarations.Select(text => CSharpSyntaxTree.Create(WithoutStatements(text), s_parse)),
            ],
            isHosted ? [.. s_libraries, .. s_hosting] : s_libraries,
            new CSharpCompilationOptions(
                HasStatements(block) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        IEnumerable<AdditionalText> files = others.Prepend(this).SelectMany(page => page.Blocks).Where(other => other.FileName != null)
            .Select(file => new MemoryText("/project/" + file.FileName, file.Text));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new FlowSamplerGenerator().AsSourceGenerator()], files, s_parse);
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        // What is to be trained has no weights yet.
        Assert.All(diagnostics, diagnostic => Assert.Equal(DiagnosticIds.NoWeights, diagnostic.Id));
        IEnumerable<string> generated = driver.GetRunResult().Results.Single().GeneratedSources.Select(source => source.SourceText.ToString());
        return new DocumentationBuild(output, string.Join('\n', generated));
    }

    /// <summary>Whether C# begins with statements.</summary>
    /// <param name="code">The text.</param>
    public static bool IsProgram(string code) => HasStatements(CSharpSyntaxTree.ParseText(code, s_parse));

    private static bool HasStatements(SyntaxTree tree) => tree.GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any();

    private static MetadataReference[] Libraries(params Type[] types)
        => [.. types.Select(type => MetadataReference.CreateFromFile(type.Assembly.Location))];

    private static CompilationUnitSyntax WithoutStatements(string code)
    {
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(code, s_parse).GetCompilationUnitRoot();
        return root.RemoveNodes(root.Members.OfType<GlobalStatementSyntax>(), SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    [GeneratedRegex(
        @"(^<!--(?<comment>(?:(?!-->).)*)-->\n)?^```(?<language>[a-z]*)\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex("^<!-- types: (?<page>[^ ]+) -->$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Types();
}

/// <summary>A fenced block, and the comment on the line above it.</summary>
internal sealed record DocumentationBlock(string Language, string Text, string Comment)
{
    /// <summary>The file of the project that the block is, if any.</summary>
    public string? FileName => Said("file");

    /// <summary>What the generator writes and a test keeps up to date, if the block is that.</summary>
    public string? Generated => Said("generated");

    /// <summary>Why a program is compiled and not run, if so.</summary>
    public string? NotRun => Said("not run");

    /// <summary>The C# statements that run before the block, which the page hides from its reader; null if there are none.</summary>
    public string? Setup => Comment.StartsWith(" setup\n", StringComparison.Ordinal) ? Comment[" setup\n".Length..] : null;

    /// <summary>The block with the statements that the page hides from its reader, after its using directives.</summary>
    public string Program
    {
        get
        {
            if (Setup is null) return Text;
            int statements = Text.LastIndexOf("using FlowDsl", StringComparison.Ordinal) is var last && last < 0 ? 0 : Text.IndexOf('\n', last) + 1;
            return Text[..statements] + Setup + Text[statements..];
        }
    }

    /// <summary>Whether it is a program of its own.</summary>
    public bool IsProgram => DocumentationPage.IsProgram(Program);

    private string? Said(string word) => Comment.StartsWith($" {word}: ", StringComparison.Ordinal) ? Comment[(word.Length + 3)..].Trim() : null;
}

/// <summary>What became of a block: the compilation with the generated files, and their text.</summary>
internal sealed record DocumentationBuild(Compilation Output, string Generated)
{
    private static readonly string[] s_libraries =
        ["FlowDsl.dll", "FlowDsl.Mathematics.dll", "FlowDsl.Training.dll", "FlowDsl.Hosting.dll", "FlowDsl.Onnx.dll"];

    /// <summary>Runs the program in a folder.</summary>
    public Task<CommandResult> Run(string folder)
    {
        string program = Path.Combine(folder, "Documentation.dll");
        EmitResult result = Output.Emit(program);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Take(5)));
        foreach (string library in s_libraries)
            File.Copy(Path.Combine(AppContext.BaseDirectory, library), Path.Combine(folder, library), overwrite: true);
        File.WriteAllText(
            Path.ChangeExtension(program, "runtimeconfig.json"),
            """{ "runtimeOptions": { "tfm": "net10.0", "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }""");
        return Command.Dotnet([program], folder);
    }
}
