using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Tests;

/// <summary>The sources as one compilation: rooms are folders, and an arrow is a type that one room names and another declares.</summary>
internal sealed class House
{
    private static readonly string[] s_projects =
        ["src/FlowDsl.Mathematics", "src/FlowDsl", "src/FlowDsl.Training", "src/FlowDsl.Hosting", "src/FlowDsl.Onnx", "generators/FlowDsl.Generators"];

    private static readonly Lazy<House> s_instance = new(() => new House());

    private House()
    {
        string[] symbols = ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"];
        var options = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: symbols);
        List<SyntaxTree> trees = [CSharpSyntaxTree.ParseText(GlobalUsings, options)];
        foreach (string project in s_projects)
        {
            string folder = Path.Combine(Root, project);
            trees.AddRange(
                from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                select CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, Path.GetRelativePath(Root, file).Replace('\\', '/')));
        }
        // All projects at once: what they may see of each other, the real builds decide.
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        MetadataReference[] references =
        [
            .. from path in trusted.Split(Path.PathSeparator)
               where !Path.GetFileName(path).StartsWith("FlowDsl", StringComparison.Ordinal)
               select MetadataReference.CreateFromFile(path),
        ];
        Compilation = CSharpCompilation.Create(
            "House", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        foreach (SyntaxTree tree in trees.Skip(1)) Read(tree);
    }

    /// <summary>The house, read once.</summary>
    public static House Instance => s_instance.Value;

    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = PathOfRoot();

    /// <summary>All sources.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The room of each file, as <c>FlowDsl/Models</c>.</summary>
    public Dictionary<string, string> Rooms { get; } = [];

    /// <summary>From room to room, with the names that tie them, as <c>BlockDriver.cs: Transposition</c>.</summary>
    public Dictionary<(string From, string To), SortedSet<string>> Arrows { get; } = [];

    /// <summary>The types outside the sources that a room names, by namespace.</summary>
    public Dictionary<string, SortedSet<string>> Outside { get; } = [];

    /// <summary>The types that the sources declare outside other types, with their files.</summary>
    public IEnumerable<(INamedTypeSymbol Type, string File)> Types
        => from tree in Compilation.SyntaxTrees
           where Rooms.ContainsKey(tree.FilePath)
           let model = Compilation.GetSemanticModel(tree)
           from declaration in tree.GetRoot().DescendantNodes(node => node is not TypeDeclarationSyntax).OfType<MemberDeclarationSyntax>()
           where declaration is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
           select ((INamedTypeSymbol)model.GetDeclaredSymbol(declaration)!, tree.FilePath);

    /// <summary>The room of a file below one of the projects.</summary>
    public static string RoomOf(string file) => string.Join('/', file.Split('/')[1..^1]);

    private void Read(SyntaxTree tree)
    {
        string room = Rooms[tree.FilePath] = RoomOf(tree.FilePath);
        SemanticModel model = Compilation.GetSemanticModel(tree);
        SortedSet<string> outside = Outside.TryGetValue(room, out SortedSet<string>? known) ? known : Outside[room] = [];
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (name.Ancestors().Any(node => node is UsingDirectiveSyntax)) continue;
            ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
            INamedTypeSymbol? type = symbol switch
            {
                INamedTypeSymbol own => own,
                // A call that reads like the receiver's own.
                IMethodSymbol { IsExtensionMethod: true, ReducedFrom: not null } method => method.ContainingType,
                _ => null,
            };
            if (type is null) continue;
            while (type.ContainingType is { } outer) type = outer;
            if (type.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath is not { Length: > 0 } file)
            {
                outside.Add(type.ContainingNamespace.ToDisplayString());
                continue;
            }
            string other = RoomOf(file);
            if (other == room) continue;
            if (!Arrows.TryGetValue((room, other), out SortedSet<string>? names)) names = Arrows[(room, other)] = [];
            names.Add($"{Path.GetFileName(tree.FilePath)}: {type.Name}");
        }
    }

    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Collections.Immutable;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static string PathOfRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
