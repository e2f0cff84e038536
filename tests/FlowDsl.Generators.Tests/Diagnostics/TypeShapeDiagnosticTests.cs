using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Processes;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Generators.Tests;

public class TypeShapeDiagnosticTests
{
    private const string Attributes = "[FlowDsl.GaussianMixture(1), FlowDsl.Component(1, 0, Variance = 1)]\n";

    private const string Samplers =
        "[FlowDsl.Sampler(\"Fast\", Steps = 1), FlowDsl.Sampler(\"Fine\", Steps = 1, Precision = FlowDsl.Precision.Double)] ";

    [Theory]
    [InlineData("public class ⟦Ring⟧;")]
    [InlineData("public struct ⟦Ring⟧;")]
    [InlineData("public record ⟦Ring⟧(int Size);")]
    [InlineData("public record struct ⟦Ring⟧;")]
    public void FLOW0001NotPartial(string type)
        => Assert.Empty(DiagnosticAssert.Reports("FLOW0001", Attributes + type, "'Ring'", "'partial' modifier").HintNames);

    [Theory]
    [InlineData("public class ⟦Outer⟧ { ", "'Outer.Ring'", "'Outer'")]
    [InlineData("public interface ⟦Outer⟧<T> { ", "'Outer<T>.Ring'", "'Outer<T>'")]
    public void FLOW0002ContainingTypeNotPartial(string outer, params string[] words)
        => DiagnosticAssert.Reports("FLOW0002", outer + Attributes + "public partial class Ring; }", words);

    [Fact]
    public void FLOW0002ContainingTypeNotPartialNamesTheLevel()
        => DiagnosticAssert.Reports(
            "FLOW0002", "partial class A { struct ⟦B⟧ { partial record C { " + Attributes + "partial class Ring; } } }", "'A.B.C.Ring'", "'A.B'");

    [Fact]
    public void FLOW0003StaticType()
        => DiagnosticAssert.Reports("FLOW0003", Attributes + "public static partial class ⟦Ring⟧;", "'Ring' is static", "non-static");

    [Fact]
    public void FLOW0004RefStruct()
        => DiagnosticAssert.Reports("FLOW0004", Attributes + "public ref partial struct ⟦Ring⟧;", "'Ring' is a ref struct");

    [Theory]
    [InlineData("file partial class ⟦Ring⟧;")]
    [InlineData("file static partial class ⟦Ring⟧;")]
    public void FLOW0005FileLocalType(string type)
        => DiagnosticAssert.Reports("FLOW0005", Attributes + type, "'Ring'", "'file' modifier");

    [Fact]
    public void FLOW0005FileLocalTypeContaining()
        => DiagnosticAssert.Reports(
            "FLOW0005", "file partial class ⟦Outer⟧ { " + Attributes + "public partial class Ring; }",
            "'Outer.Ring'", "'Outer' is file-local");

    [Theory]
    [InlineData("public partial class Ring { public int ⟦Dimension⟧ => 1; }", "member 'Dimension'")]
    [InlineData("public partial class Ring { private const int ⟦ComponentCount⟧ = 1; }", "member 'ComponentCount'")]
    [InlineData(
        "public partial class Ring { int ⟦get_Dimension⟧() => 1; }", "member 'Dimension'", "its accessor would have the name of the member 'get_Dimension'")]
    [InlineData("public partial class Ring { public void ⟦LogDensity⟧(double t, System.ReadOnlySpan<double> x) { } }", "member 'LogDensity'")]
    [InlineData("public partial class Ring { public event System.Action? ⟦Score⟧; }", "member 'Score'")]
    [InlineData("public partial class ⟦Velocity⟧;", "member 'Velocity'", "the type itself")]
    [InlineData("public partial record Ring(double ⟦Responsibilities⟧);", "member 'Responsibilities'")]
    [InlineData("public partial class ⟦Ring⟧<PosteriorMean>;", "member 'PosteriorMean'", "a type parameter")]
    [InlineData("public partial class Ring { int ⟦JacobianVectorProduct⟧; }", "member 'JacobianVectorProduct'")]
    [InlineData("public partial class Ring { double ⟦StabilityBound⟧(double t) => t; }", "member 'StabilityBound'")]
    [InlineData("public partial class Ring; partial class Ring { int ⟦ExpectedStability⟧; }", "member 'ExpectedStability'")]
    public void FLOW0006MemberNameTaken(string type, params string[] words)
        => Assert.Empty(DiagnosticAssert.Reports("FLOW0006", Attributes + type, words).HintNames);

    [Theory]
    [InlineData("public partial class Ring { class Fast; }", "a member it declares")]
    [InlineData("public partial class Ring<Fast>;", "a type parameter")]
    public void FLOW0006MemberNameTakenLeavesTheSamplerOut(string type, string owner)
        => Assert.NotEmpty(DiagnosticAssert.Reports(
            "FLOW0006", Attributes + "[FlowDsl.Sampler(⟦\"Fast\"⟧, Steps = 8)]\n" + type, "sampler 'Fast'", owner).HintNames);

    [Theory]
    [InlineData("Clone", "public partial record Ring;", "records may have no member of that name")]
    [InlineData("EqualityContract", "public partial record Ring;", "a member that the compiler declares")]
    [InlineData("Item", "public partial class Ring { int this[int i] => i; }", "a member it declares")]
    [InlineData(
        "Fast", "public abstract partial class Ring : Base; public abstract class Base { public abstract void Fast(); }", "the abstract member 'Base.Fast()'")]
    public void FLOW0006MemberNameTakenByTheRulesOfTheLanguage(string name, string type, string reason)
        => DiagnosticAssert.Reports("FLOW0006", Attributes + $"[FlowDsl.Sampler(⟦\"{name}\"⟧, Steps = 8)]\n" + type, $"sampler '{name}'", reason);

    [Theory]
    [InlineData("⟦FlowDsl.Component(1, 0, Variance = 1)⟧, FlowDsl.Sampler(\"Fast\", Steps = 8)", "[Component]")]
    [InlineData("⟦FlowDsl.Sampler(\"Fast\", Steps = 8)⟧", "[Sampler]")]
    [InlineData("⟦FlowDsl.Student(\"Learned\")⟧", "[Student]")]
    [InlineData("⟦FlowDsl.ScoreNetwork(\"Net\")⟧", "[ScoreNetwork]")]
    [InlineData("System.Obsolete, ⟦FlowDsl.OrnsteinUhlenbeck⟧", "[OrnsteinUhlenbeck]")]
    [InlineData("⟦FlowDsl.VarianceExploding⟧", "[VarianceExploding]")]
    [InlineData("⟦FlowDsl.LinearInterpolant⟧", "[LinearInterpolant]")]
    public void FLOW0007NoMixture(string attributes, string shown)
        => Assert.Empty(
            DiagnosticAssert.Reports("FLOW0007", $"[{attributes}] public partial class Ring;", $"{shown} on 'Ring'", "add [GaussianMixture(d)]").HintNames);

    [Fact]
    public void FLOW0007NoMixtureIsNotAskedOfOtherParts()
        => GeneratorHarness.Run(Attributes + "public partial class Ring; [FlowDsl.Sampler(\"Fast\", Steps = 8)] partial class Ring;")
            .WithAnalyzers().AssertClean();

    [Fact]
    public void FLOW0008NameHidesAttributeWord()
        => DiagnosticAssert.Reports(
            "FLOW0008",
            "using FlowDsl; [GaussianMixture(1), Component(1, 0, Variance = 1), Sampler(⟦\"Grid\"⟧, Steps = 8, Grid = Grid.Angle)] partial class Ring;",
            "sampler 'Grid' of 'Ring'", "another name");

    [Fact]
    public void FLOW0009KnownTypeReplaced()
        => Assert.Empty(
            DiagnosticAssert.Reports("FLOW0009", Attributes + "partial class ⟦Ring⟧; namespace System { class Span<T>; }",
            "'Ring'", "'System.Span<T>'").HintNames);

    [Fact]
    public void FLOW0010TypeNameTooLong()
        => DiagnosticAssert.Reports(
            "FLOW0010", "partial class Outer { " + Attributes + $"partial class ⟦{new string('a', 900)}⟧; }}",
            "906 bytes", "no more than 900");

    [Theory]
    [InlineData("FlowDsl.FlowSampling.Sample<Ring.Fast, ⟦double⟧>(1, 1)", "'Ring.Fast' is a sampler of float, not of double; write float, or Ring.Fast.Sample")]
    [InlineData("FlowDsl.FlowSampling.Sample<Ring.Fine, ⟦float⟧>(1, 1)", "'Ring.Fine' is a sampler of double, not of float; write double, or Ring.Fine.Sample")]
    [InlineData("FlowDsl.FlowSampling.Sample<Ring.Fast, ⟦System.Half⟧>(1, 1)", "not of System.Half; write float")]
    [InlineData("Use.Both<Ring.Fast, ⟦double⟧>()", "'Ring.Fast' is a sampler of float, not of double; write float")]
    public void FLOW0011WrongPrecision(string call, string message)
        => DiagnosticAssert.Reports(
            "FLOW0011",
            Attributes + Samplers + "partial class Ring { static object Draw() => " + call + "; }"
            + "static class Use { public static object Both<S, T>() where S : FlowDsl.IFlowSampler<S, T> "
            + "where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => 1; }",
            message);

    [Fact]
    public void SamplersDrawWithoutTypeArguments()
        => GeneratorHarness.Run(
            Attributes + Samplers + "partial class Ring { float[] A() => Fast.Sample(1, 1); double[] B() => Fine.Sample(count: 1, seed: 1, "
            + "new FlowDsl.SamplingOptions(), progress: null, cancellationToken: default); }").WithAnalyzers().AssertClean();

    [Fact]
    public void OverloadsOfGeneratedMethodsAreAllowed()
        => GeneratorHarness.Run(Attributes + "public partial class Ring { double StabilityBound(int t) => t; void Score<T>() { } }").AssertClean();

    [Fact]
    public void FLOW0901LanguageVersion()
    {
        const string source = Attributes + "public partial class ⟦Ring⟧ { }";
        GeneratorOutcome outcome = new GeneratorHarness(DiagnosticAssert.Unmark(source), LanguageVersion.CSharp12).Run();
        DiagnosticAssert.Check(outcome, "FLOW0901", source, "'Ring'", "C# 13.0 or newer", "uses C# 12.0");
        Assert.Empty(outcome.HintNames);
        new GeneratorHarness(DiagnosticAssert.Unmark(source), LanguageVersion.CSharp13).Run().AssertClean();
    }

    [Fact]
    public void FLOW0902InternalError()
    {
        // No declaration can trigger it, so a spec that no declaration can give.
        ProcessDefinition kind = new(
            "Broken", [new("Horizon", 1), new("EarlyStop", 0)], "Horizon", "EarlyStop", _ => throw new InvalidCastException("Broken."));
        ModelSpec spec = Specs.Valid with { Process = ProcessSpec.Default(kind) };
        CompiledModel compiled = ModelCompiler.Compile(spec, null, default, CancellationToken.None);
        Issue issue = Assert.Single(compiled.Issues);
        Assert.Equal("FLOW0902", issue.Id);
        Assert.Equal(new Site(SitePart.Type), issue.Site);
        Assert.Equal("Ring", issue.Arguments[0]);
        Assert.StartsWith("InvalidCastException: Broken.", issue.Arguments[1], StringComparison.Ordinal);
        Assert.Null(compiled.Source);
    }

    [Fact]
    public void CancellationIsNotAnInternalError()
        => Assert.Throws<OperationCanceledException>(() => ModelCompiler.Compile(Specs.Valid, null, default, new CancellationToken(true)));
}
