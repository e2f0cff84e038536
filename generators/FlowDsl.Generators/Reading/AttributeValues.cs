using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>
/// The arguments of an attribute that may be half typed. Reading never fails: what is not there takes its default, and what
/// cannot be read makes <see cref="IsReadable"/> false, in which case the compiler has an error of its own to show.
/// </summary>
internal sealed class AttributeValues
{
    private readonly Dictionary<string, TypedConstant> _arguments = new(StringComparer.Ordinal);

    public AttributeValues(AttributeData data, CancellationToken cancellationToken)
    {
        // A skipped token or a missing expression can leave an attribute that binds but does not say what was meant.
        IsReadable = data.AttributeConstructor is not null
            && data.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is { } syntax
            && !(syntax.ContainsDiagnostics && syntax.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        if (data.AttributeConstructor is { } constructor && constructor.Parameters.Length == data.ConstructorArguments.Length)
        {
            for (int i = 0; i < constructor.Parameters.Length; i++)
                _arguments[constructor.Parameters[i].Name] = data.ConstructorArguments[i];
        }
        else
        {
            IsReadable = false;
        }
        foreach (KeyValuePair<string, TypedConstant> named in data.NamedArguments) _arguments[named.Key] = named.Value;
    }

    /// <summary>Whether everything read so far could be read.</summary>
    public bool IsReadable { get; private set; }

    public double Double(string name, double fallback = 0)
        => _arguments.TryGetValue(name, out TypedConstant constant) ? Double(constant) : fallback;

    public int Int32(string name, int fallback = 0) => Int32(name, TypedConstantKind.Primitive, fallback);

    public bool Boolean(string name, bool fallback)
    {
        if (!_arguments.TryGetValue(name, out TypedConstant constant)) return fallback;
        if (constant.Kind == TypedConstantKind.Primitive && constant.Value is bool value) return value;
        IsReadable = false;
        return fallback;
    }

    /// <summary>The number of an enumeration's value, which may be undefined.</summary>
    public int Enum(string name, int fallback) => Int32(name, TypedConstantKind.Enum, fallback);

    public string? String(string name)
    {
        if (!_arguments.TryGetValue(name, out TypedConstant constant) || IsNull(constant)) return null;
        if (constant.Kind == TypedConstantKind.Primitive && constant.Value is string value) return value;
        IsReadable = false;
        return null;
    }

    /// <summary>Whether an argument is there and not null.</summary>
    public bool Has(string name) => _arguments.TryGetValue(name, out TypedConstant constant) && !IsNull(constant);

    /// <summary>The values of an array; empty where it is not there or null.</summary>
    public EquatableArray<double> Doubles(string name)
    {
        if (!_arguments.TryGetValue(name, out TypedConstant constant) || IsNull(constant)) return default;
        if (constant.Kind != TypedConstantKind.Array)
        {
            IsReadable = false;
            return default;
        }
        double[] values = new double[constant.Values.Length];
        for (int i = 0; i < values.Length; i++) values[i] = Double(constant.Values[i]);
        return new EquatableArray<double>(values);
    }

    private int Int32(string name, TypedConstantKind kind, int fallback)
    {
        if (!_arguments.TryGetValue(name, out TypedConstant constant)) return fallback;
        // The kind first: Value of an array throws.
        if (constant.Kind == kind && constant.Value is int value) return value;
        IsReadable = false;
        return fallback;
    }

    // An erroneous constant says that it is null, too; it is there all the same, and cannot be read.
    private static bool IsNull(TypedConstant constant) => constant.Kind != TypedConstantKind.Error && constant.IsNull;

    private double Double(TypedConstant constant)
    {
        if (constant.Kind == TypedConstantKind.Primitive && constant.Value is double value)
        {
            // 0.0 equals -0.0, so records that differ in this sign alone are equal and an edit from one to the other would
            // not run the later steps again: neither may they see a difference.
            return value == 0 ? 0.0 : value;
        }
        IsReadable = false;
        return 0;
    }
}
