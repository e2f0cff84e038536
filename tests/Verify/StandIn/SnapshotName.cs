using System.Globalization;
using System.Reflection;

namespace VerifyTests;

/// <summary>The start of the names of a test's files: Type.Method, and _parameter=value for each argument of a theory.</summary>
internal static class SnapshotName
{
    public static string Of(MethodInfo test, VerifySettings settings)
    {
        Type type = test.ReflectedType!;
        string typeName = settings.TypeName ?? (type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name);
        return $"{typeName}.{settings.MethodName ?? test.Name}{Arguments(test, settings.Parameters)}";
    }

    private static string Arguments(MethodInfo test, object?[]? arguments)
    {
        ParameterInfo[] parameters = test.GetParameters();
        if (arguments is null && parameters.Length > 0)
        {
            string names = string.Join(", ", parameters.Select(parameter => parameter.Name));
            throw new InvalidOperationException(
                $"{test.Name} is a theory, and all its cases would share one file: call UseParameters with its arguments ({names}).");
        }
        if (arguments?.Length > parameters.Length)
            throw new InvalidOperationException($"{test.Name} has {parameters.Length} parameters, and UseParameters was given {arguments.Length}.");
        return string.Concat((arguments ?? []).Select((argument, i) => $"_{parameters[i].Name}={Text(argument)}"));
    }

    private static string Text(object? argument)
    {
        string text = argument is null ? "null" : Convert.ToString(argument, CultureInfo.InvariantCulture)!;
        // What no file may be called anywhere, not only on this system, and #, after which a target's name starts.
        return string.Concat(text.Select(c => c is < ' ' or '"' or '<' or '>' or '|' or ':' or '*' or '?' or '\\' or '/' or '#' ? '-' : c));
    }
}
