using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Tests;

/// <summary>Every type that may be annotated, by the names of the generated files; the output compiles.</summary>
public class TypeShapeTests
{
    private const string A = "[global::FlowDsl.GaussianMixture(1), global::FlowDsl.Component(1, 0, Variance = 1)] ";

    [Theory]
    [InlineData("$partial class Ring;", "Ring")]
    [InlineData("$partial struct Ring;", "Ring")]
    [InlineData("$partial record Ring;", "Ring")]
    [InlineData("$partial record class Ring(int Size);", "Ring")]
    [InlineData("$partial record struct Ring(int Size);", "Ring")]
    [InlineData("$public readonly partial struct Ring;", "Ring")]
    [InlineData("$public sealed partial class Ring;", "Ring")]
    [InlineData("$internal abstract partial class Ring;", "Ring")]
    [InlineData("namespace Physics; $public partial class Ring;", "Physics.Ring")]
    [InlineData("namespace A.B { namespace C { $partial class Ring; } }", "A.B.C.Ring")]
    [InlineData("namespace A { $partial class Ring; } namespace B { $partial class Ring; }", "A.Ring", "B.Ring")]
    [InlineData("namespace @namespace.@record { $partial class @class; }", "namespace.record.class")]
    [InlineData("$partial class @record;", "record")]
    [InlineData("partial class Outer { $private partial class Ring; }", "Outer+Ring")]
    [InlineData("partial class Outer { $protected internal partial record struct Ring; }", "Outer+Ring")]
    [InlineData("partial class A { $partial class Ring; } partial struct B { $partial class Ring; }", "A+Ring", "B+Ring")]
    [InlineData("public static partial class Outer { $public partial class Ring; }", "Outer+Ring")]
    [InlineData("ref partial struct Outer { $public partial class Ring; }", "Outer+Ring")]
    [InlineData("readonly ref partial struct Outer { $public partial class Ring; }", "Outer+Ring")]
    [InlineData("partial interface IOuter { $partial class Ring; }", "IOuter+Ring")]
    [InlineData("partial record Outer(int X) { partial record struct Middle { $partial class Ring; } }", "Outer+Middle+Ring")]
    [InlineData("partial class Outer<T, @class> where T : class, new() where @class : struct { $partial class Ring; }", "Outer`2+Ring")]
    [InlineData("$partial class Ring<T> where T : System.IComparable<T>; $partial class Ring; $partial class Ring<T, U>;", "Ring", "Ring`1", "Ring`2")]
    [InlineData("$partial class Ring; partial class Ring { $partial class Inner; }", "Ring", "Ring+Inner")]
    [InlineData("$partial class Кольцо;", "Кольцо")]
    [InlineData("namespace System { $partial class Vector; } class Vector; class String;", "System.Vector")]
    [InlineData("namespace User.System { $partial class Ring; class Numerics; class Span; } ", "User.System.Ring")]
    [InlineData("partial class Outer { class System; class Vector; class FlowDsl; $partial class Ring; }", "Outer+Ring")]
    public void TypesAreExtended(string source, params string[] names)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(source.Replace("$", A, StringComparison.Ordinal)).AssertClean();
        Assert.Equal(names.Select(name => name + ".g.cs").Order(StringComparer.Ordinal), outcome.HintNames);
        // The generated part is a part of the annotated type and no type of its own.
        foreach (string name in names)
        {
            Assert.Contains(
                outcome.Output.GetTypeByMetadataName(name)!.DeclaringSyntaxReferences,
                reference => reference.SyntaxTree.FilePath.EndsWith($"/{name}.g.cs", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void NamesThatDifferInCaseDoNotCollide()
    {
        GeneratorHarness harness = new($"{A} partial class Ring; {A} partial class RING; {A} partial class ring; {A} partial class Disc;");
        GeneratorOutcome outcome = harness.Run();
        Assert.Null(outcome.Result.Exception);
        Assert.Empty(outcome.Errors);
        Assert.Equal(["Disc.g.cs", "RING.g.cs", "Ring-2.g.cs", "ring-3.g.cs"], outcome.HintNames);
        Assert.Equal(2, Assert.IsType<EquatableArray<HintRename>>(Assert.Single(outcome.Values(TrackingNames.Renames))).Count);
    }

    [Fact]
    public void PartsMayLieInSeveralFiles()
    {
        GeneratorHarness harness = new GeneratorHarness("[FlowDsl.GaussianMixture(1)] partial class Ring;")
            .Set("Component.cs", "[FlowDsl.Component(0.5, 0, Variance = 1)] [FlowDsl.Component(-0.5, 0, Variance = 1)] partial class Ring;");
        Diagnostic diagnostic = Assert.Single(harness.Run().Diagnostics);
        Assert.Equal("Component.cs", diagnostic.Location.SourceTree!.FilePath);
        harness.Set("Component.cs", "[FlowDsl.Component(1, 0, Variance = 1)] partial class Ring;").Run().AssertClean();
    }

    [Theory]
    [InlineData("$ partial class Ring; $ partial class Ring;", 0.5)]
    [InlineData("$ $ partial class Ring;", 0.5)]
    [InlineData("$ class Ring; $ partial class Ring;", 0.5)]
    [InlineData("$ partial class Ring; $ partial struct Ring;", 1)]
    [InlineData("partial class Outer { $ partial class Ring; } partial struct Outer { $ partial class Ring; }", 1)]
    public void OfSeveralDeclarationsTheFirstIsRead(string source, double weight)
    {
        string attributes = FormattableString.Invariant($"[FlowDsl.GaussianMixture(1), FlowDsl.Component({weight}, 0, Variance = 1)]");
        GeneratorOutcome outcome = GeneratorHarness.Run(source.Replace("$", attributes, StringComparison.Ordinal));
        Assert.Null(outcome.Result.Exception);
        Assert.Empty(outcome.Ids);
        Assert.Single(outcome.HintNames);
        Assert.NotEmpty(outcome.Errors);

        outcome = GeneratorHarness.Run(source.Replace("$", "[FlowDsl.GaussianMixture(1)]", StringComparison.Ordinal));
        Assert.Null(outcome.Result.Exception);
        Assert.Equal(["FLOW0102"], outcome.Ids);
    }

    [Fact]
    public void AttributesMayBeAliased()
        => Assert.Equal(
            ["Ring.g.cs"],
            GeneratorHarness.Run(
                "using Mix = FlowDsl.GaussianMixtureAttribute; using FlowDsl; [Mix(1)] [type: Component(1, 0, Variance = 1)] partial class Ring;")
                .AssertClean().HintNames);

    [Fact]
    public void AttributesOfOthersAreNotRead()
        => Assert.Empty(GeneratorHarness.Run(
            "[GaussianMixture(1)] partial class Ring; class GaussianMixtureAttribute(int dimension) : System.Attribute { public int D => dimension; }")
            .AssertClean().HintNames);
}
