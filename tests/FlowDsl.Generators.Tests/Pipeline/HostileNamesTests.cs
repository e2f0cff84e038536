using System.Text.RegularExpressions;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Tests;

/// <summary>Generated code compiles whatever a project calls its own; where that cannot be, the generator says so.</summary>
public partial class HostileNamesTests
{
    /// <summary>
    /// A model that makes every kind of generated code: both precisions, errors of each kind, history, flow maps, a student, networks and samplers of them.
    /// </summary>
    private const string Model = """
        [global::FlowDsl.GaussianMixture(1), global::FlowDsl.Component(0.5, -1, Variance = 0.1), global::FlowDsl.Component(0.5, 1, Variance = 0.2)]
        [global::FlowDsl.Sampler("Fast", Steps = 1, Grid = global::FlowDsl.Grid.Angle, Tracking = global::FlowDsl.Tracking.Companion)]
        [global::FlowDsl.Sampler("Fine", Steps = 1, Grid = global::FlowDsl.Grid.Angle, Tracking = global::FlowDsl.Tracking.Tangent,
            Precision = global::FlowDsl.Precision.Double)]
        [global::FlowDsl.Sampler("Multistep", Steps = 2, Solver = global::FlowDsl.Solver.DpmSolverPlusPlus2M, Field = "Trained")]
        [global::FlowDsl.Network("Trained")]
        [global::FlowDsl.FlowMap("Jump", Accuracy = 0.1), global::FlowDsl.FlowMap("FineJump", Accuracy = 0.1, Precision = global::FlowDsl.Precision.Double)]
        [global::FlowDsl.Student("Learned", Segments = 1, Width = 2), global::FlowDsl.ScoreNetwork("Net", Accuracy = 0.5, TimeDependent = false, Time = 1)]

        """;

    private const string Score = "void Score(double t, System.ReadOnlySpan<double> x, System.Span<double> score)";

    private const string Small = "[global::FlowDsl.GaussianMixture(1), global::FlowDsl.Component(1, 0, Variance = 1)] ";

    [Theory]
    [InlineData("nothing", "$partial class Ring;")]
    [InlineData("a model in FlowDsl.System", "namespace FlowDsl.System { $partial class Ring; }")]
    [InlineData("a namespace FlowDsl.System", "$partial class Ring; namespace FlowDsl.System { class Array; }")]
    [InlineData("a namespace FlowDsl.Generated.System", "$partial class Ring; namespace FlowDsl.Generated.System { class Array; class Span<T>; }")]
    [InlineData("a model in X.System.FlowDsl", "namespace X.System.FlowDsl { $partial class Ring; }")]
    [InlineData("a model in FlowDsl.FlowDsl", "namespace FlowDsl.FlowDsl { $partial class Ring; class Kernels; }")]
    [InlineData(
        "a model in FlowDsl.Generated", "namespace FlowDsl.Generated { $partial class Ring; class Tables; class Vector; class FastKernel; class Solver; }")]
    [InlineData("a type FlowDsl.Generated", "$partial class Ring; namespace FlowDsl { class Generated { class Tables; } }")]
    [InlineData(
        "types and namespaces that take both places",
        "$partial class Ring; namespace FlowDsl { class Generated; } namespace FlowDsl.Generated2 { class Vector; }")]
    [InlineData(
        "types around the model",
        "partial class Outer { class System; class FlowDsl; class Vector; class Solver; class Process; class MethodImpl; class GeneratedCode; "
            + "$partial class Ring; }")]
    [InlineData(
        "types in the model's namespace",
        "namespace N { class System; class FlowDsl; class Vector; class Vector<T>; class Solver; class MethodImpl; class GeneratedCode; "
            + "$partial class Ring; }")]
    [InlineData(
        "types in the global namespace",
        "$partial class Ring; class Vector; class Vector<T>; class Solver; class Process; class Span<T>; class Unsafe; class Array; class Mixture; "
            + "class SimdMath;")]
    [InlineData(
        "attributes in the global namespace",
        "$partial class Ring; class MethodImpl(int x) : System.Attribute { int Y => x; } class MethodImplAttribute : System.Attribute; "
            + "class GeneratedCode : System.Attribute;")]
    [InlineData(
        "attributes in scope everywhere",
        "global using System.Runtime.CompilerServices; global using System.CodeDom.Compiler; global using System.Numerics; $partial class Ring;")]
    [InlineData(
        "types in FlowDsl",
        "$partial class Ring; namespace FlowDsl { class Vector; class Vector<T>; class Process; class Array; class SimdMath; class Kernels2; class Mixture; }")]
    [InlineData(
        "types in System",
        "$partial class Ring; namespace System { class Vector; class Vector<T>; class Solver; class Process; class SimdMath; class IBlockKernel<T>; }")]
    [InlineData(
        "types in System.Numerics",
        "$partial class Ring; namespace System.Numerics { class Array; class Span<T>; class Solver; class TableKernel<T>; "
            + "class MethodImplAttribute : Attribute; }")]
    [InlineData(
        "types beside attributes",
        "$partial class Ring; namespace System.Runtime.CompilerServices { class Vector; class Process; } namespace System.CodeDom.Compiler { class Grid; }")]
    [InlineData(
        "types in the library's namespaces",
        "$partial class Ring; namespace FlowDsl.Mathematics { class Vector; class SimdMath; class Array; } "
            + "namespace FlowDsl.Runtime.Blocks { class Process; class Mixture; class Vector<T>; }")]
    [InlineData(
        "a type nuint", "#pragma warning disable CS8981\n$partial class Ring; class nuint; class nint; class dynamic; namespace FlowDsl { class nuint; }")]
    [InlineData("a global alias of the type's name", "global using Ring = System.Int32; $partial class Ring;")]
    [InlineData(
        "global aliases of what is used",
        "global using Vector = System.Int32; global using Solver = System.String; global using Tables = System.Int64; global using nuint = System.Byte; "
            + "$partial class Ring;")]
    [InlineData("a base with a type of the model's name", "class Base { public class Ring; public class Fast; } $partial class Ring : Base;")]
    [InlineData("such a base within a generic type", "class Base { public class Ring; } partial class Outer<T> { $partial class Ring : Base; }")]
    [InlineData("type parameters of the containing type", "partial class Outer<Fast, Vector, System> { $partial class Ring; }")]
    [InlineData("a member type named like the containing type's parameter", "partial class Outer<T> { $partial class Ring { public class T; } }")]
    [InlineData("CLS compliance", "[assembly: System.CLSCompliant(true)] namespace N { $public partial class Ring; }")]
    [InlineData("an obsolete model", "[System.Obsolete(\"old\", error: true)] $partial class Ring;")]
    [InlineData("a member Model", "$partial class Ring { public int Model => 1; }")]
    [InlineData("a type Model", "$partial class Model;")]
    [InlineData("a nested type Model in a record", "$partial record Ring { public class Model; }")]
    [InlineData("a nested type of a sampler's name with type parameters", "$partial class Ring { class Fast<T>; }")]
    [InlineData("members of object", "$partial class Ring { public override string ToString() => \"\"; public override int GetHashCode() => 1; }")]
    [InlineData(
        "explicit implementations",
        "interface IScorer { int Dimension { get; } " + Score + "; } $partial class Ring : IScorer { int IScorer.Dimension => 1; "
            + "void IScorer.Score(double t, System.ReadOnlySpan<double> x, System.Span<double> score) { } }")]
    [InlineData("a default implementation", "interface IScorer { " + Score + " { } } $partial class Ring : IScorer;")]
    [InlineData(
        "an interface that the base implements",
        "interface IScorer { " + Score + "; } class Base : IScorer { public " + Score + " { } } $partial class Ring : Base, IScorer;")]
    [InlineData(
        "a virtual base member",
        "class Base { public virtual int Dimension => 1; public virtual " + Score + " { } public void Fast() { } } $partial class Ring : Base;")]
    [InlineData(
        "an abstract member that a base overrides",
        "abstract class A { public abstract int Dimension { get; } } class Base : A { public override int Dimension => 1; } $partial class Ring : Base;")]
    [InlineData("an abstract overload", "abstract class Base { public abstract void Score(double t); } $abstract partial class Ring : Base;")]
    [InlineData("a member whose name has a formatting character", "$partial class Ring { int Sco\\u200Dre2; int Di\u200Dmension2; }")]
    [InlineData("a base that is a model", "$partial class Ring; $partial class Derived : Ring;")]
    [InlineData("names that are keywords", "namespace @namespace.@record { $partial class @class { class @int; } }")]
    public void ProjectCompiles(string arrangement, string source)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(source.Replace("$", Model, StringComparison.Ordinal)).Without("FLOW0504").Without("FLOW0503");
        Assert.True(outcome.Ids.Length == 0, $"{arrangement}: {string.Join("\n", outcome.Diagnostics)}");
        Assert.NotEmpty(outcome.HintNames);
        AssertCompiles(outcome, arrangement);
    }

    /// <summary>
    /// Every name that generated code uses, declared in each namespace where it could be looked for but not its own; and around the model, and in its base.
    /// </summary>
    [Fact]
    public void EveryUsedNameMayBeDeclaredElsewhere()
    {
        (string Namespace, string Name)[] known = [.. KnownTypes.All];
        string[] names = [.. known.Select(type => type.Name).Concat(["nuint", "Tables", "Components", "FastKernel"]).Distinct()];
        string[] spaces = [.. known.Select(type => type.Namespace).Append("FlowDsl.Generated").Distinct()];
        string source = string.Concat(spaces.Select(space => $"namespace {space} {{ {Declare(names.Where(name => !known.Contains((space, name))))} }}\n"));
        string around = Declare(names);
        source += $"{around}\npublic class Base {{ {around} }}\npartial class Outer {{ {around} {Model} partial class Ring : Base; }}\n"
            + $"{Model} partial class Ring : Base;";
        GeneratorOutcome outcome = GeneratorHarness.Run("#pragma warning disable CS8981\n" + source).Without("FLOW0504").Without("FLOW0503");
        Assert.Empty(outcome.Ids);
        Assert.Equal(["Outer+Ring.g.cs", "Ring.g.cs"], outcome.HintNames);
        AssertCompiles(outcome, "every name");

        static string Declare(IEnumerable<string> names) => string.Concat(names.Select(name => $"public class {name.Split('`')[0]}{Parameters(name)}; "));

        static string Parameters(string name) => name.EndsWith("`1", StringComparison.Ordinal) ? "<T>"
            : name.EndsWith("`2", StringComparison.Ordinal) ? "<T, U>"
            : "";
    }

    [Theory]
    [InlineData("get_Descriptor2")]
    [InlineData("Item")]
    [InlineData("Clone")]
    [InlineData("ToString")]
    [InlineData("Finalize")]
    [InlineData("Equals")]
    [InlineData("Grid")]
    [InlineData("Solver")]
    [InlineData("Sampler")]
    [InlineData("System")]
    [InlineData("FlowDsl")]
    [InlineData("Student")]
    [InlineData("Table")]
    [InlineData("IBlock")]
    [InlineData("Tables")]
    [InlineData("Components")]
    [InlineData("Vector")]
    [InlineData("Model")]
    [InlineData("_")]
    [InlineData("__")]
    [InlineData("Größe")]
    [InlineData("fast")]
    [InlineData("T")]
    public void SamplerCompiles(string name)
    {
        string model = $"{Small}[global::FlowDsl.Sampler(\"{name}\", Steps = 1, Grid = global::FlowDsl.Grid.Angle)] partial class";
        AssertCompiles(GeneratorHarness.Run($"{model} Outer {{ {model} Ring; }}"), name);
    }

    [Theory]
    [InlineData(
        "[FlowDsl.ScoreNetwork(\"Net\", TimeDependent = false, Time = 1, Accuracy = 0.5), FlowDsl.Student(\"NetScore\", Width = 2, Segments = 1)] "
            + "partial class Ring;")]
    [InlineData(
        "[FlowDsl.Sampler(\"Net\", Steps = 1), FlowDsl.Student(\"NetStudent\", Width = 2, Segments = 1), FlowDsl.Sampler(\"NetScore\", Steps = 1)] "
            + "partial class Ring;")]
    [InlineData(
        "[FlowDsl.FlowMap(\"Net\", Accuracy = 1), FlowDsl.Sampler(\"NetFlowMap\", Steps = 1), FlowDsl.FlowMap(\"NetKernel\", Accuracy = 1)] "
            + "partial class Ring;")]
    [InlineData("[FlowDsl.Sampler(\"Fast\", Steps = 1), FlowDsl.Sampler(\"FastKernel\", Steps = 1), FlowDsl.Sampler(\"fast\", Steps = 1)] partial class Ring;")]
    [InlineData(
        "[FlowDsl.Sampler(\"A\\u200DB\", Steps = 1), FlowDsl.Sampler(\"C\", Steps = 1, Reference = \"AB\"), "
            + "FlowDsl.Sampler(\"D\", Steps = 1, Reference = \"A\\u00ADB\")] partial class Ring;")]
    public void NamesBesideEachOtherCompile(string source)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(Small + source);
        Assert.DoesNotContain(outcome.Diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        AssertCompiles(outcome, source);
    }

    [Theory]
    [InlineData("FLOW0006", "partial class Ring { void get_Dimension() { } int @get_ComponentCount; void set_Dimension(int value) { } }", 2)]
    [InlineData("FLOW0006", "partial record Ring { private int Sco\u200Dre; }", 1)]
    [InlineData("FLOW0006", "[FlowDsl.Sampler(\"Clone\", Steps = 1)] partial record Ring;", 1)]
    [InlineData("FLOW0006", "[FlowDsl.Sampler(\"Clone\", Steps = 1)] partial record struct Ring;", 1)]
    [InlineData("FLOW0006", "[FlowDsl.Sampler(\"EqualityContract\", Steps = 1)] partial record Ring;", 1)]
    [InlineData(
        "FLOW0006",
        "[FlowDsl.Sampler(\"PrintMembers\", Steps = 1), FlowDsl.Sampler(\"ToString\", Steps = 1), FlowDsl.Sampler(\"GetHashCode\", Steps = 1)] "
            + "partial record struct Ring;",
        3)]
    [InlineData(
        "FLOW0006",
        "[FlowDsl.Sampler(\"Deconstruct\", Steps = 1), FlowDsl.Sampler(\"Size\", Steps = 1), FlowDsl.Sampler(\"get_Size\", Steps = 1)] "
            + "partial record Ring(int Size);",
        3)]
    [InlineData("FLOW0006", "[FlowDsl.Sampler(\"Item\", Steps = 1)] partial class Ring { int this[int i] => i; }", 1)]
    [InlineData(
        "FLOW0006",
        "[FlowDsl.Sampler(\"Cell\", Steps = 1)] partial class Ring { [System.Runtime.CompilerServices.IndexerName(\"Cell\")] int this[int i] => i; }", 1)]
    [InlineData("FLOW0006", "partial class Ring { [System.Runtime.CompilerServices.IndexerName(\"Dimension\")] int this[int i] => i; }", 1)]
    [InlineData("FLOW0006", "[FlowDsl.Sampler(\"Finalize\", Steps = 1)] partial class Ring { ~Ring() { } }", 1)]
    [InlineData(
        "FLOW0006",
        "[FlowDsl.Sampler(\"get_Size\", Steps = 1), FlowDsl.Sampler(\"add_Changed\", Steps = 1)] partial class Ring { int Size => 1; "
            + "event System.Action Changed { add { } remove { } } }",
        2)]
    [InlineData("FLOW0006", "[FlowDsl.Sampler(\"op_Addition\", Steps = 1)] partial class Ring { public static Ring operator +(Ring a, Ring b) => a; }", 1)]
    [InlineData("FLOW0006", "abstract class Base { public abstract int Dimension { get; } } $abstract partial class Ring : Base;", 1)]
    [InlineData("FLOW0006", "abstract class Base { public abstract " + Score + "; } $abstract partial class Ring : Base;", 1)]
    [InlineData("FLOW0006", "abstract class Base { public abstract " + Score + "; } $partial class Ring : Base { public override " + Score + " { } }", 1)]
    [InlineData(
        "FLOW0006", "abstract class Base { public abstract void Fast(); } [FlowDsl.Sampler(\"Fast\", Steps = 1)] $abstract partial class Ring : Base;", 1)]
    [InlineData("FLOW0006", "partial class get_Dimension;", 1)]
    [InlineData("FLOW0008", "using FlowDsl; [Sampler(\"SamplerAttribute\", Steps = 1)] $partial class Ring;", 1)]
    [InlineData("FLOW0008", "[FlowDsl.Sampler(\"FlowDsl\", Steps = 1, Grid = FlowDsl.Grid.Angle)] partial class Ring;", 1)]
    [InlineData("FLOW0009", "partial class Ring; namespace System.Numerics { class Vector; }", 1)]
    [InlineData("FLOW0009", "partial class Ring; namespace System { class Numerics; }", 1)]
    [InlineData("FLOW0009", "partial class Ring; namespace System.Array { class Any; }", 1)]
    [InlineData("FLOW0009", "partial class Ring; namespace FlowDsl { class FlowSampling; }", 1)]
    [InlineData("FLOW0009", "#pragma warning disable CS8981\npartial class Ring; class var;", 1)]
    [InlineData("FLOW0009", "#pragma warning disable CS8981\npartial class Ring; class _;", 1)]
    [InlineData("FLOW0301", "[FlowDsl.Sampler(\"\\u200D\", Steps = 1)] partial class Ring;", 1)]
    [InlineData(
        "FLOW0302",
        "[FlowDsl.Sampler(\"get_Dimension\", Steps = 1), FlowDsl.Sampler(\"set_Dimension\", Steps = 1), FlowDsl.Sampler(\"get_Descriptor\", Steps = 1)] "
            + "partial class Ring;",
        3)]
    [InlineData(
        "FLOW0302", "[FlowDsl.Sampler(\"Sample\", Steps = 1), FlowDsl.Student(\"Student\"), FlowDsl.Sampler(\"Score\", Steps = 1)] partial class Ring;", 3)]
    [InlineData("FLOW0302", "[FlowDsl.Sampler(\"A\\u200DB\", Steps = 1), FlowDsl.Sampler(\"AB\", Steps = 1)] partial class Ring;", 1)]
    [InlineData("FLOW0302", "[FlowDsl.Sampler(\"Sco\\u200Dre\", Steps = 1)] partial class Ring;", 1)]
    [InlineData("FLOW0302", "[FlowDsl.Sampler(\"Ri\\u200Dng\", Steps = 1)] partial class Ring;", 1)]
    public void ProjectIsRefused(string id, string source, int count)
    {
        // The mixture stands before the type, whatever that is in the source.
        string marked = source.Contains('$', StringComparison.Ordinal) ? source.Replace("$", Small, StringComparison.Ordinal)
            : source.StartsWith('#') ? source.Replace("\npartial", $"\n{Small}partial", StringComparison.Ordinal)
            : Small + source;
        GeneratorOutcome outcome = GeneratorHarness.Run(marked);
        Assert.Equal(Enumerable.Repeat(id, count), outcome.Ids);
        Assert.Empty(outcome.Input.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        // What is left of the model compiles.
        AssertCompiles(outcome, source);
    }

    [Theory]
    [InlineData("Grid", "Grid = Grid.Angle")]
    [InlineData("Precision", "Precision = Precision.Double")]
    [InlineData("Solver", "Solver = Solver.Euler")]
    [InlineData("Math", "Rho = Math.PI")]
    public void SamplerThatHidesWhatAnAttributeMeansIsRefused(string name, string argument)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(
            "using System; using FlowDsl; [GaussianMixture(1), Component(1, 0, Variance = 1)] "
            + $"[Sampler(\"{name}\", Steps = 1)] [Sampler(\"Other\", Steps = 1, {argument})] partial class Ring;");
        Assert.Equal(["FLOW0008"], outcome.Ids);
        AssertCompiles(outcome, name);
        Assert.Equal(["Other"], outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name));
    }

    [Fact]
    public void LongNamesFitFileSystemsAndMetadata()
    {
        string name = new('a', 400), other = new string('a', 399) + "A", wide = new('日', 250);
        string sampler = $"[FlowDsl.Sampler(\"{new string('s', 500)}\", Steps = 1)]";
        GeneratorOutcome outcome = GeneratorHarness.Run(
            $"{Small} partial class {name}; {Small} partial class {other}; namespace {wide}.B {{ {Small} {sampler} partial class Ring; }}");
        Assert.Empty(outcome.Ids);
        Assert.Equal(3, outcome.HintNames.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(outcome.HintNames, hint => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(hint), 1, 130));
        using CompiledModels models = new(outcome);
        Assert.Equal(500, models.Type($"{wide}.B.Ring").GetNestedTypes().Single().Name.Length);
    }

    [Fact]
    public void NamesThatMetadataCannotHoldAreRefused()
    {
        Assert.Equal(["FLOW0010"], GeneratorHarness.Run($"{Small} partial class {new string('a', 901)};").Ids);
        Assert.Equal(["FLOW0301"], GeneratorHarness.Run($"{Small} [FlowDsl.Sampler(\"{new string('s', 501)}\", Steps = 1)] partial class Ring;").Ids);
        using CompiledModels longest = new(GeneratorHarness.Run($"{Small} partial class {new string('a', 900)};").AssertClean());
    }

    [Fact]
    public void EveryTypeThatGeneratedCodeNamesIsKnown()
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(Model + "partial class Ring;");
        HashSet<string> known = [.. KnownTypes.All.Select(type => $"{type.Namespace}.{type.MetadataName.Split('`')[0]}")];
        string text = outcome.Result.GeneratedSources.Single().SourceText.ToString();
        string[] named = [.. QualifiedName().Matches(text).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length > 30);
        Assert.All(named.Where(name => !name.StartsWith("FlowDsl.Generated.", StringComparison.Ordinal) && name != "Ring" && name != "Ring.Trained.Convention"),
            name => Assert.True(
                known.Contains(name) || known.Any(type => name.StartsWith(type + ".", StringComparison.Ordinal)) || name is "System.Numerics", name));
        foreach ((string space, string name) in KnownTypes.All)
            Assert.True(name == "GeneratedCode" || outcome.Input.GetTypeByMetadataName($"{space}.{name}") is not null, name);
    }

    private static void AssertCompiles(GeneratorOutcome outcome, string arrangement)
    {
        Assert.Null(outcome.Result.Exception);
        // Warnings of generated files too: a project may treat them as errors.
        Diagnostic[] found =
        [
            .. outcome.Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                || (diagnostic.Severity == DiagnosticSeverity.Warning
                    && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true)),
        ];
        Assert.True(found.Length == 0, $"{arrangement}: {string.Join("\n", found.Take(5).Select(diagnostic => diagnostic.ToString()))}");
    }

    [GeneratedRegex(@"global::([\w.]+)")]
    private static partial Regex QualifiedName();
}
