using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Tests;

/// <summary>A case that returns before its assertions passes whatever the code does. Choose the cases beforehand, and count what is compared.</summary>
public class TestsThatTestTests
{
    [Fact]
    public void NoTestReturnsBeforeItsEnd()
    {
        string[] files = [.. Directory.EnumerateFiles(Folder(), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".verified.cs", StringComparison.Ordinal) && !file.EndsWith(".received.cs", StringComparison.Ordinal))];
        Assert.True(files.Length > 100, "The tests are in more files than that.");
        Assert.Equal([], files.SelectMany(file => EarlyReturns(File.ReadAllText(file)).Select(test => $"{Path.GetFileName(file)}: {test}")));
    }

    [Theory]
    [InlineData("[Fact] public void A() { if (x) return; Check(); }", "A")]
    [InlineData("[Theory, InlineData(1)] public void A(int x) { Sample(y => { if (y == x) return; Check(); }); }", "A")]
    [InlineData("[NativeAotFact] public async Task A() { await B(); if (x) { return; } Check(); }", "A")]
    [InlineData("[Fact] public Task A() { return Check(); }")]
    [InlineData("[Fact] public void A() { Check(); void Local() { if (x) return; Check(); } }")]
    [InlineData("public void A() { if (x) return; Check(); }")]
    public void EarlyReturnsAreFound(string member, params string[] found) => Assert.Equal(found, EarlyReturns($"class Tests {{ {member} }}"));

    // In a function for elements, as those of CsCheck are, too; a local function has a task of its own.
    private static IEnumerable<string> EarlyReturns(string source)
        => from method in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
           where method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTest)
           where method.DescendantNodes(node => node is not LocalFunctionStatementSyntax).OfType<ReturnStatementSyntax>()
               .Any(statement => statement.Expression is null)
           select method.Identifier.Text;

    private static bool IsTest(AttributeSyntax attribute)
        => attribute.Name.ToString() is var name && (name.EndsWith("Fact", StringComparison.Ordinal) || name == "Theory");

    private static string Folder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, ".."));
}
