using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace FlowDsl.Generators.Tests;

/// <summary>The file that introduces models to the host: when there is one, when it is made again, and that it compiles beside any names.</summary>
public class RegistryTests
{
    private const string Pair = """
        [FlowDsl.GaussianMixture(1), FlowDsl.Component(0.5, -1, Variance = 0.1), FlowDsl.Component(0.5, 1, Variance = 0.1)]
        [FlowDsl.Sampler("Fast", Steps = 1, Grid = FlowDsl.Grid.Angle)]

        """;

    private const string Ring = Pair + "public partial class Ring;";

    [Fact]
    public void ProjectWithoutTheHostHasNoRegistry()
    {
        GeneratorOutcome outcome = new GeneratorHarness(Ring).Run();
        Assert.Equal(["Ring.g.cs"], outcome.HintNames);
        Assert.Null(Assert.Single(outcome.Values(TrackingNames.Registry)));
    }

    [Fact]
    public void ProjectWithoutModelsHasNoRegistry() => Assert.Empty(new GeneratorHarness("class Nothing;").AddHost().Run().HintNames);

    [Fact]
    public void ProjectThatBeginsToReferenceTheHostGetsOneAndCompilesNoModelAgain()
    {
        GeneratorHarness harness = new(Ring);
        harness.Run();
        GeneratorOutcome outcome = harness.AddHost().Run();
        Assert.Equal(["FlowDsl-Registry.g.cs", "Ring.g.cs"], outcome.HintNames);
        Assert.Equal(1, harness.Generator.Models.Count);
    }

    /// <summary>The numbers of a model are no business of the registry's.</summary>
    [Fact]
    public void NumberChangedLeavesTheRegistry()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring).AddHost().Set("Other.cs", Pair + "public partial class Other;");
        harness.Run();
        GeneratorOutcome outcome = harness.Set("Main.cs", Ring.Replace("0.1", "0.2", StringComparison.Ordinal)).Run();
        Assert.Equal([Modified, Cached], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Registered));
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Registry));
    }

    [Fact]
    public void SamplerRenamedWritesTheRegistryAndNoOtherModel()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring).AddHost().Set("Other.cs", Pair + "public partial class Other;");
        harness.Run();
        GeneratorOutcome outcome = harness.Set("Main.cs", Ring.Replace("Fast", "Faster", StringComparison.Ordinal)).Run();
        Assert.Equal([Modified, Cached], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal([Modified], outcome.Reasons(TrackingNames.Registry));
        Assert.Contains("global::Ring.Faster", Text(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public void UnrelatedEditStopsBeforeTheRegistry()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring).AddHost();
        harness.Run();
        GeneratorOutcome outcome = harness.Set("Other.cs", "class Other;").Run();
        Assert.Equal([Unchanged], outcome.Reasons(TrackingNames.Host));
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Registry));
    }

    [Fact]
    public void SamplerWithAnErrorIsNotRegistered()
    {
        GeneratorOutcome outcome = new GeneratorHarness(Ring.Replace("Steps = 1", "Steps = 0", StringComparison.Ordinal)).AddHost().Run();
        Assert.Contains("global::Ring", Text(outcome), StringComparison.Ordinal);
        Assert.DoesNotContain("Fast", Text(outcome), StringComparison.Ordinal);
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData("an obsolete model", "[System.Obsolete(\"old\", error: true)] $partial class Ring;", true)]
    [InlineData("an experimental model", "[System.Diagnostics.CodeAnalysis.Experimental(\"X1\")] $partial class Ring;", true)]
    [InlineData("a model in FlowDsl.Hosting", "namespace FlowDsl.Hosting { $partial class Ring; }", true)]
    [InlineData("a model called Registry", "namespace FlowDsl { $partial class Registry; }", true)]
    [InlineData("a project's own type Hosting", "$partial class Ring; namespace FlowDsl { class Hosting; }", false)]
    [InlineData("a project's own ModelRegistry", "$partial class Ring; namespace FlowDsl.Hosting.Registry { class ModelRegistry; }", false)]
    [InlineData(
        "types of the names in scope", "$partial class Ring; class ModelRegistry; class ModelEntry<T>; class SamplerEntry<T, U>; class Registration;", true)]
    [InlineData(
        "an own ModuleInitializerAttribute",
        "$partial class Ring; namespace System.Runtime.CompilerServices { class ModuleInitializerAttribute : System.Attribute; }", true)]
    [InlineData("names that are keywords", "namespace @namespace { partial class @record { $internal partial class @class; } }", true)]
    [InlineData("a model of a private type", "partial class Outer { $private partial class Ring; }", false)]
    [InlineData("a model of a generic type", "partial class Outer<T> { $partial class Ring; }", false)]
    [InlineData("CLS compliance", "[assembly: System.CLSCompliant(true)] $public partial class Ring;", true)]
    public void ProjectCompiles(string arrangement, string source, bool isRegistered)
    {
        GeneratorOutcome outcome = new GeneratorHarness(source.Replace("$", Pair, StringComparison.Ordinal)).AddHost().Run();
        Assert.Empty(outcome.Ids);
        Assert.Equal(isRegistered, outcome.HintNames.Contains(HintNames.Registry));
        Diagnostic[] found =
        [
            .. outcome.Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                || (diagnostic.Severity == DiagnosticSeverity.Warning
                    && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true)),
        ];
        Assert.True(found.Length == 0, $"{arrangement}: {string.Join("\n", found.Take(5).Select(diagnostic => diagnostic.ToString()))}");
    }

    private static string Text(GeneratorOutcome outcome)
        => outcome.Result.GeneratedSources.Single(file => file.HintName == HintNames.Registry).SourceText.ToString();
}
