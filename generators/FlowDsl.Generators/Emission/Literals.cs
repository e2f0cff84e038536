using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Emission;

/// <summary>Numbers as C#, and for readers.</summary>
internal static class Literals
{
    public static string Number(double value) => PortableNumber.CSharpLiteral(value);

    public static string Number(double value, Precision precision)
        => precision == Precision.Single ? PortableNumber.CSharpLiteral((float)value) : PortableNumber.CSharpLiteral(value);

    /// <summary>The type of numbers of a precision.</summary>
    public static string Type(Precision precision) => precision == Precision.Single ? "float" : "double";

    /// <summary>A number with as many digits as documentation needs.</summary>
    public static string Short(double value) => PortableNumber.Format(value, 5);
}
