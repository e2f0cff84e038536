using System.Text;
using FlowDsl.Generators.Emission;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Generators.Reporting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators;

/// <summary>Turns annotated types into specialised samplers: Declarations, Analysis, Planning, Emission.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class FlowSamplerGenerator : IIncrementalGenerator
{
    private static readonly Encoding s_utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>What was compiled before.</summary>
    internal CompiledModelCache Models { get; } = new();

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Runs again for every declaration at every edit, so it only reads. Its results differ each time: they have positions.
        IncrementalValuesProvider<Declaration> declarations = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeNames.GaussianMixture,
                static (node, _) => node is ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax,
                DeclarationReader.Read)
            .Where(static declaration => declaration is not null)
            .Select(static (declaration, _) => declaration!)
            .WithTrackingName(TrackingNames.Declarations);

        // Values from here on: an edit that changes no attribute ends at this step.
        IncrementalValuesProvider<ModelSpec> specs = declarations
            .Where(static declaration => declaration.Spec is not null)
            .Select(static (declaration, _) => declaration.Spec!)
            .WithTrackingName(TrackingNames.Specs);

        // What there is, without what it says. The host makes a new AdditionalText of a file that changed.
        IncrementalValuesProvider<(AdditionalText Text, ProjectFile File)> candidates = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => (Text: pair.Left, File: ProjectFile.Of(pair.Left, pair.Right)!))
            .Where(static pair => pair.File is not null);

        // Sorted and without repetition, so that neither the order of the items nor an item given twice is a change.
        IncrementalValueProvider<EquatableArray<ProjectFile>> files = candidates
            .Select(static (pair, _) => pair.File)
            .Collect()
            .Select(static (found, _) => Sort(found, static file => file.Path))
            .WithTrackingName(TrackingNames.Files);

        // Names first: a file that no model names is never opened, however large it is.
        IncrementalValueProvider<EquatableArray<string>> named = specs
            .SelectMany(static (spec, _) => FileName.AllOf(spec))
            .Collect()
            .Select(static (names, _) => new EquatableArray<FileName>(names.Distinct().ToArray()))
            .Combine(files)
            .Select(static (pair, _) => FileName.Paths(pair.Left, pair.Right))
            .WithTrackingName(TrackingNames.NamedFiles);

        IncrementalValuesProvider<(AdditionalText Text, ProjectFile File)> opened = candidates
            .Combine(named)
            .Where(static pair => pair.Right.Contains(pair.Left.File.Path))
            .Select(static (pair, _) => pair.Left);

        IncrementalValueProvider<EquatableArray<TextFile>> texts = opened
            .Where(static pair => pair.File.Kind is FileKind.Mixture or FileKind.Profile or FileKind.Plan or FileKind.Solver)
            .Select(static (pair, cancellationToken) => TextFile.Read(pair.Text, cancellationToken))
            .Collect()
            .Select(static (found, _) => Sort(found, static file => file.Path))
            .WithTrackingName(TrackingNames.Texts);

        IncrementalValueProvider<EquatableArray<WeightsFile>> weights = opened
            .Where(static pair => pair.File.Kind == FileKind.Weights)
            .Select(static (pair, cancellationToken) => WeightsFile.Read(pair.Text, cancellationToken))
            .Collect()
            .Select(static (found, _) => Sort(found, static file => file.Path))
            .WithTrackingName(TrackingNames.Weights);

        // A step of its own: all models look at all files, but only the one that names a changed file differs afterwards.
        IncrementalValuesProvider<ModelInput> inputs = specs
            .Combine(files.Combine(texts.Combine(weights)))
            .Select(static (pair, _) => ModelInput.Find(pair.Left, pair.Right.Left, pair.Right.Right.Left, pair.Right.Right.Right))
            .WithTrackingName(TrackingNames.Inputs);

        // The expensive step, apart from reading so that equal values stop before it.
        IncrementalValuesProvider<CompiledModel> compiled = inputs
            .Select(Models.Compile)
            .WithTrackingName(TrackingNames.Compiled);

        // Without the issues: a change of theirs alone adds no source again.
        IncrementalValuesProvider<(string HintName, string Source)> sources = compiled
            .Where(static model => model.Source is not null)
            .Select(static (model, _) => (model.HintName, model.Source!))
            .WithTrackingName(TrackingNames.Sources);

        // The one thing that concerns all models: hint names are compared without case. The result is empty unless two collide.
        IncrementalValueProvider<EquatableArray<HintRename>> renames = specs
            .Select(static (spec, _) => spec.Type.HintName)
            .Collect()
            .Select(static (names, _) => HintNames.FindCollisions(names))
            .WithTrackingName(TrackingNames.Renames);

        // Not the implementation output: users call what is generated, so the editor has to know it.
        context.RegisterSourceOutput(sources.Combine(renames), static (production, model) => production.AddSource(
            HintNames.FileName(model.Left.HintName, model.Right),
            SourceText.From(model.Left.Source, s_utf8)));

        // The names of all models, for a project that runs commands over them. Numbers that change leave it as it is.
        IncrementalValueProvider<bool> host = context.CompilationProvider
            .Select(static (compilation, _) => HostReference.IsIn(compilation))
            .WithTrackingName(TrackingNames.Host);

        IncrementalValueProvider<EquatableArray<RegisteredModel>> registered = compiled
            .Where(static model => model.Registered is not null)
            .Select(static (model, _) => model.Registered!)
            .Collect()
            .Select(static (models, _) => new EquatableArray<RegisteredModel>([.. models.OrderBy(model => model.Name, StringComparer.Ordinal)]))
            .WithTrackingName(TrackingNames.Registered);

        IncrementalValueProvider<string?> registry = registered
            .Combine(host)
            .Select(static (pair, _) => pair.Right && pair.Left.Count > 0 ? RegistryEmitter.Emit(pair.Left) : null)
            .WithTrackingName(TrackingNames.Registry);

        context.RegisterSourceOutput(registry, static (production, source) =>
        {
            if (source is not null) production.AddSource(HintNames.Registry, SourceText.From(source, s_utf8));
        });

        // Issues are found far from the syntax; collected, they meet the declarations of the current source again, whose
        // locations are the only ones that are right after an edit.
        IncrementalValueProvider<EquatableArray<ModelIssues>> issues = compiled
            .Where(static model => model.Issues.Count > 0)
            .Select(static (model, _) => new ModelIssues(model.HintName, model.Issues))
            .Collect()
            .Select(static (models, _) => new EquatableArray<ModelIssues>([.. models]))
            .WithTrackingName(TrackingNames.Issues);

        context.RegisterSourceOutput(declarations.Combine(issues), static (production, pair) => IssueReporter.Report(production, pair.Left, pair.Right));
    }
    private static EquatableArray<T> Sort<T>(IEnumerable<T> files, Func<T, string> path)
        where T : IEquatable<T>
        => new(files.GroupBy(path).Select(same => same.First()).OrderBy(path, StringComparer.Ordinal).ToArray());
}
