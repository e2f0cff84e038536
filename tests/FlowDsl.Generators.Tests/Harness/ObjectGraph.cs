using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Tests;

/// <summary>Walks all that a value holds on to, through private fields too.</summary>
internal static class ObjectGraph
{
    /// <summary>What of the compiler a value keeps alive, as the path of fields that leads there; empty where it is only values.</summary>
    public static List<string> FindCompilerObjects(object root)
    {
        List<string> found = [];
        Walk(root, root.GetType().Name, new HashSet<object>(ReferenceEqualityComparer.Instance), found);
        return found;
    }

    private static void Walk(object? value, string path, HashSet<object> seen, List<string> found)
    {
        // A text is a value: it holds its characters and nothing of the compiler.
        if (value is null or string or SourceText) return;
        Type type = value.GetType();
        if (type.IsPrimitive || type.IsEnum) return;
        if (value is ISymbol or Compilation or SyntaxNode or SyntaxTree or SyntaxReference or SemanticModel or Location or AttributeData or AdditionalText
            or Diagnostic)
        {
            found.Add($"{path}: {type.Name}");
            return;
        }
        if (!type.IsValueType && !seen.Add(value)) return;
        if (value is IEnumerable items)
        {
            foreach (object? item in items) Walk(item, path + "[]", seen, found);
            return;
        }
        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
            foreach (FieldInfo field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen, found);
    }
}
