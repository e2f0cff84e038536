using Basic.Reference.Assemblies;
using FlowDsl.Generators;
using FlowDsl.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Benchmarks;

/// <summary>A user's project in memory, before and after the generator.</summary>
internal sealed class GeneratedProject
{
    private const string Workloads = "Workloads.cs";
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp14);
    private static readonly MetadataReference[] s_references =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(GaussianMixtureAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(Solver).Assembly.Location),
    ];

    private readonly AdditionalText[] _files;

    /// <summary>Makes a project.</summary>
    /// <param name="source">Its code.</param>
    /// <param name="files">Its AdditionalFiles.</param>
    public GeneratedProject(string source, params AdditionalText[] files)
    {
        _files = files;
        Before = CSharpCompilation.Create(
            "Project", [Parse(source), Parse("class Other { int _x = 1; }")], s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
    }

    /// <summary>The user's code; the first tree is the source.</summary>
    public CSharpCompilation Before { get; }

    /// <summary>The project of one of the workloads' models alone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samplers">The attributes of other samplers than the workload's; its own by default.</param>
    public static GeneratedProject OfWorkload(Type model, string? samplers = null)
    {
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(CppCompiler.Resource(Workloads), s_parse).GetCompilationUnitRoot();
        ClassDeclarationSyntax[] all = [.. root.DescendantNodes().OfType<ClassDeclarationSyntax>()];
        ClassDeclarationSyntax kept = all.Single(type => type.Identifier.Text == model.Name);
        // The other models stay away; what they share has no attributes.
        IEnumerable<SyntaxNode> removed = all.Where(type => type != kept && type.AttributeLists.Count > 0);
        if (samplers is not null) removed = removed.Concat(kept.AttributeLists.Where(list => list.Attributes[0].Name.ToString() == "Sampler"));
        string source = root.RemoveNodes(removed, SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString();
        string head = $"public partial class {model.Name};";
        if (samplers is not null) source = source.Replace(head, $"{samplers}\n{head}", StringComparison.Ordinal);
        string[] resources = typeof(GeneratedProject).Assembly.GetManifestResourceNames();
        string[] names = [.. resources.Where(name => kept.ToString().Contains($"\"{name}\"", StringComparison.Ordinal))];
        return new GeneratedProject(
            "using FlowDsl;\n" + source, [.. names.Select(name => new MemoryText("/project/" + name, CppCompiler.Resource(name)))]);
    }

    /// <summary>A driver that has seen nothing.</summary>
    public GeneratorDriver Driver(IIncrementalGenerator generator) => CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], _files, s_parse);

    /// <summary>The project with one of its texts changed in one place.</summary>
    public CSharpCompilation Edit(int tree, string from, string to)
    {
        SyntaxTree old = Before.SyntaxTrees[tree];
        string text = old.ToString();
        int at = text.LastIndexOf(from, StringComparison.Ordinal);
        return Before.ReplaceSyntaxTree(old, Parse(text[..at] + to + text[(at + from.Length)..]));
    }

    /// <summary>The generated files.</summary>
    /// <param name="refusals">Errors with which the generator may leave declarations out.</param>
    public SourceText[] Generate(params string[] refusals)
    {
        GeneratorRunResult result = Driver(new FlowSamplerGenerator()).RunGenerators(Before.Clone()).GetRunResult().Results.Single();
        bool isRefused = result.Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !refusals.Contains(diagnostic.Id));
        return result.Exception is null && !result.GeneratedSources.IsEmpty && !isRefused
            ? [.. result.GeneratedSources.Select(source => source.SourceText)]
            : throw new InvalidOperationException("The generator did not generate: " + string.Join("; ", result.Diagnostics), result.Exception);
    }

    /// <summary>Compiles the project, parsing of the generated files included.</summary>
    /// <returns>The assembly's bytes.</returns>
    public byte[] Compile(params SourceText[] generated)
    {
        CSharpCompilation compilation = Before.Clone().AddSyntaxTrees(
            generated.Select((text, i) => CSharpSyntaxTree.ParseText(text, s_parse, $"Generated{i}.g.cs")));
        using var stream = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        return result.Success
            ? stream.ToArray()
            : throw new InvalidOperationException("The generated code does not compile: " + string.Join("; ", result.Diagnostics));
    }

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, s_parse);
}
