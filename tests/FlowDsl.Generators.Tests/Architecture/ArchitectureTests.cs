using FlowDsl.Figures;
using Microsoft.CodeAnalysis;
using Xunit.Abstractions;

namespace FlowDsl.Generators.Tests;

/// <summary>The walls of the house. docs/architecture.md says why they stand where they do.</summary>
public class ArchitectureTests(ITestOutputHelper output)
{
    // From the ground up: a room takes only from rooms above it in this list.
    private static readonly string[] s_rooms =
    [
        "FlowDsl/Vocabulary",
        "FlowDsl.Mathematics/Numerics",
        "FlowDsl.Mathematics/Mixtures",
        "FlowDsl.Mathematics/Processes",
        "FlowDsl.Mathematics/Fields",
        "FlowDsl.Mathematics/Structure",
        "FlowDsl.Mathematics/Solvers",
        "FlowDsl.Mathematics/Stability",
        "FlowDsl.Mathematics/Trajectories",
        "FlowDsl.Mathematics/Grids",
        "FlowDsl.Mathematics/Discovery",
        "FlowDsl.Mathematics/ScoreNetworks",
        "FlowDsl.Mathematics/Files",
        "FlowDsl.Mathematics/Students",
        "FlowDsl.Mathematics/Maps",

        "FlowDsl/Attributes",
        "FlowDsl/Runtime/Draws",
        "FlowDsl/Runtime/Arithmetic",
        "FlowDsl/Runtime/Points",
        "FlowDsl/Fitting",
        "FlowDsl/Runtime/Blocks",
        "FlowDsl/Runtime/Evaluations",
        "FlowDsl/Runtime/Loops",
        "FlowDsl/Data",
        "FlowDsl/Runtime/Data",
        "FlowDsl/Flows",
        "FlowDsl/Models",
        "FlowDsl/Samplers",
        "FlowDsl/ScoreNetworks",
        "FlowDsl/Runtime/Networks",
        "FlowDsl/Runtime/Students",
        "FlowDsl/Runtime/Laws",
        "FlowDsl/Runtime/Maps",
        "FlowDsl/Students",
        "FlowDsl/Errors/Certification",
        "FlowDsl/Runtime/Trackers",
        "FlowDsl/Sampling",
        "FlowDsl/Networks",
        "FlowDsl/Errors/Budget",
        "FlowDsl/Metrics",
        "FlowDsl/Errors/Comparison",
        "FlowDsl.Training",
        "FlowDsl.Onnx",

        "FlowDsl.Hosting/Output",
        "FlowDsl.Hosting/Registry",
        "FlowDsl.Hosting/Names",
        "FlowDsl.Hosting/Data",
        "FlowDsl.Hosting/Files",
        "FlowDsl.Hosting/Shards",
        "FlowDsl.Hosting/Studies",
        "FlowDsl.Hosting/Schedules",
        "FlowDsl.Hosting/Measurements",
        "FlowDsl.Hosting/Cluster",
        "FlowDsl.Hosting/Pictures",
        "FlowDsl.Hosting/Reports/Gathering",
        "FlowDsl.Hosting/Reports/Drawing",
        "FlowDsl.Hosting/Reports/Writing",
        "FlowDsl.Hosting/Commands",
        "FlowDsl.Hosting",

        "FlowDsl.Generators/Model",
        "FlowDsl.Generators/Reading",
        "FlowDsl.Generators/Reporting",
        "FlowDsl.Generators/Analyzers",
        "FlowDsl.Generators/Validation",
        "FlowDsl.Generators/Planning/Arithmetic",
        "FlowDsl.Generators/Planning/Targets",
        "FlowDsl.Generators/Planning/Forms",
        "FlowDsl.Generators/Planning/Networks",
        "FlowDsl.Generators/Planning/Samplers",
        "FlowDsl.Generators/Planning/Students",
        "FlowDsl.Generators/Planning/Maps",
        "FlowDsl.Generators/Planning/Audits",
        "FlowDsl.Generators/Planning",
        "FlowDsl.Generators/Emission",
        "FlowDsl.Generators",
    ];

    // The public face alone is in the namespace of its package.
    private static readonly string[] s_faces = ["FlowDsl", "FlowDsl.Mathematics", "FlowDsl.Metrics", "FlowDsl.Training", "FlowDsl.Onnx", "FlowDsl.Hosting"];

    // These read syntax and report diagnostics; the others know nothing of the compiler.
    private static readonly string[] s_readers =
        ["FlowDsl.Generators", "FlowDsl.Generators/Reading", "FlowDsl.Generators/Reporting", "FlowDsl.Generators/Analyzers"];

    [Fact]
    public void TheSourcesCompile()
        => Assert.Equal([],
            House.Instance.Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString()).Take(20));

    [Fact]
    public void EveryRoomHasItsPlace()
        => Assert.Equal(s_rooms.Order(StringComparer.Ordinal), House.Instance.Rooms.Values.Distinct().Order(StringComparer.Ordinal));

    /// <summary>Data flows one way, so there is no circle of rooms.</summary>
    [Fact]
    public void RoomsTakeOnlyFromRoomsBelowThem()
    {
        foreach (((string from, string to), SortedSet<string> names) in House.Instance.Arrows)
            output.WriteLine($"{from} -> {to}: {string.Join(", ", names.Take(8))}");
        Assert.Equal([], House.Instance.Arrows
            .Where(arrow => Array.IndexOf(s_rooms, arrow.Key.From) < Array.IndexOf(s_rooms, arrow.Key.To))
            .Select(arrow => $"{arrow.Key.From} takes from {arrow.Key.To} above it: {string.Join(", ", arrow.Value)}"));
    }

    [Fact]
    public void NamespacesAreFolders()
        => Assert.Equal([], House.Instance.Types
            .Where(own => Space(own.Type) != House.RoomOf(own.File).Replace('/', '.') && !IsFace(own.Type))
            // What belongs to a public type may stand in its file.
            .Where(own => !House.Instance.Types.Any(other => other.File == own.File && IsFace(other.Type)))
            .Select(own => $"{own.File}: {own.Type.ToDisplayString()}"));

    /// <summary>What generated code must call is public and nobody else's business.</summary>
    [Fact]
    public void TheRuntimeIsHiddenFromEditors()
        => Assert.Equal([], House.Instance.Types
            .Where(own => own.File.StartsWith("src/", StringComparison.Ordinal) && own.Type.DeclaredAccessibility == Accessibility.Public && !IsFace(own.Type))
            .Where(own => !own.Type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "EditorBrowsableAttribute"))
            .Select(own => own.Type.ToDisplayString()).Distinct());

    [Fact]
    public void OnlyReadersAndReportersKnowTheCompiler()
        => Assert.Equal([], House.Instance.Outside
            .Where(room => !s_readers.Contains(room.Key))
            .SelectMany(room => room.Value
                .Where(space => space.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)).Select(space => $"{room.Key}: {space}")));

    /// <summary>The mathematics runs in the compiler: it opens no file and starts no process.</summary>
    [Fact]
    public void TheMathematicsDoesNoInputOrOutput()
        => Assert.Equal([], House.Instance.Outside
            .Where(room => room.Key.StartsWith("FlowDsl.Mathematics", StringComparison.Ordinal))
            .SelectMany(room => room.Value
                .Where(space => space is "System.Net" or "System.Diagnostics" || space.StartsWith("System.Net.", StringComparison.Ordinal))
                .Select(space => $"{room.Key}: {space}")));

    /// <summary>As wide as .editorconfig says, and as the pages: two editors fit beside each other. Snapshots are what the generator writes.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("generators")]
    [InlineData("tests")]
    [InlineData("examples")]
    public void LinesOfCodeAreShort(string folder)
        => Assert.Equal([], Directory.EnumerateFiles(Path.Combine(FigurePages.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".verified.cs", StringComparison.Ordinal) && !file.EndsWith(".received.cs", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (Place: $"{Path.GetRelativePath(FigurePages.Root, file)}:{i + 1}", line.Length)))
            .Where(line => line.Length > 160).Select(line => line.Place));

    private static bool IsFace(INamedTypeSymbol type) => type.DeclaredAccessibility == Accessibility.Public && s_faces.Contains(Space(type));

    private static string Space(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString();
}
