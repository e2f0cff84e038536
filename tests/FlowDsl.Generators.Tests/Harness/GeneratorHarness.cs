using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Generators.Tests;

/// <summary>A project of a user in memory: its files, its AdditionalFiles and a generator driver that remembers earlier runs.</summary>
internal sealed class GeneratorHarness
{
    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(GaussianMixtureAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(Solver).Assembly.Location),
    ];

    /// <summary>What a forecast says against a sampler: most tests declare samplers of few steps on purpose, as a project does that says NoWarn.</summary>
    private static readonly string[] s_forecastRules = ["FLOW0315", "FLOW0316", "FLOW0317", "FLOW0318"];

    private readonly CSharpParseOptions _parseOptions;
    private readonly Dictionary<string, MemoryText> _additionalTexts = new(StringComparer.Ordinal);
    private CSharpCompilation _compilation;
    private GeneratorDriver _driver;

    public GeneratorHarness(string source, LanguageVersion language = LanguageVersion.CSharp14, params (string Path, string? Text)[] additionalTexts)
        : this(source, language, warnsOfForecasts: false, additionalTexts)
    {
    }

    private GeneratorHarness(string source, LanguageVersion language, bool warnsOfForecasts, (string Path, string? Text)[] additionalTexts)
    {
        _parseOptions = new CSharpParseOptions(language);
        foreach ((string path, string? text) in additionalTexts) _additionalTexts[path] = new MemoryText(path, text);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        if (!warnsOfForecasts)
            options = options.WithSpecificDiagnosticOptions(s_forecastRules.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress)));
        _compilation = CSharpCompilation.Create("Project", [Parse(source, "Main.cs")], s_references, options);
        _driver = CSharpGeneratorDriver.Create(
            [Generator.AsSourceGenerator()],
            _additionalTexts.Values,
            _parseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    }

    /// <summary>The generator.</summary>
    public FlowSamplerGenerator Generator { get; } = new();

    /// <summary>The files as they are now.</summary>
    public CSharpCompilation Compilation => _compilation;

    /// <summary>Runs the generator once over one file.</summary>
    public static GeneratorOutcome Run(string source, params (string Path, string? Text)[] additionalTexts)
        => new GeneratorHarness(source, LanguageVersion.CSharp14, additionalTexts).Run();

    /// <summary>The same, with what the samplers' forecasts say against them.</summary>
    public static GeneratorOutcome RunWithForecasts(string source, params (string Path, string? Text)[] additionalTexts)
        => new GeneratorHarness(source, LanguageVersion.CSharp14, warnsOfForecasts: true, additionalTexts).Run();

    /// <summary>Runs the generator over the files as they are now.</summary>
    public GeneratorOutcome Run(CancellationToken cancellationToken = default)
    {
        _driver = _driver.RunGeneratorsAndUpdateCompilation(
            _compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics, cancellationToken);
        return new GeneratorOutcome(_compilation, output, diagnostics, _driver.GetRunResult().Results.Single());
    }

    /// <summary>Adds a source file or edits it.</summary>
    public GeneratorHarness Set(string path, string source)
    {
        SyntaxTree? old = _compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == path);
        SyntaxTree parsed = Parse(source, path);
        _compilation = old is null ? _compilation.AddSyntaxTrees(parsed) : _compilation.ReplaceSyntaxTree(old, parsed);
        return this;
    }

    /// <summary>Adds an AdditionalFile or edits it.</summary>
    public GeneratorHarness SetAdditional(string path, string? text)
    {
        MemoryText added = new(path, text);
        _driver = _additionalTexts.TryGetValue(path, out MemoryText? old)
            ? _driver.ReplaceAdditionalText(old, added)
            : _driver.AddAdditionalTexts([added]);
        _additionalTexts[path] = added;
        return this;
    }

    /// <summary>Lets the project reference the host.</summary>
    public GeneratorHarness AddHost()
    {
        _compilation = _compilation.AddReferences(MetadataReference.CreateFromFile(typeof(Hosting.FlowHost).Assembly.Location));
        return this;
    }

    /// <summary>Says where the project is and what it calls its files.</summary>
    public GeneratorHarness SetOptions(ProjectOptions options)
    {
        _driver = _driver.WithUpdatedAnalyzerConfigOptions(options);
        return this;
    }

    /// <summary>How often an AdditionalFile, as it is now, was opened.</summary>
    public int ReadsOf(string path) => _additionalTexts[path].Reads;

    private SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, _parseOptions, path);
}
