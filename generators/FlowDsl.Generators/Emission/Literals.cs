using System.Globalization;
using System.Text;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Emission;

/// <summary>Numbers and texts as C#, and numbers for readers.</summary>
internal static class Literals
{
    public static string Number(double value) => PortableNumber.CSharpLiteral(value);

    public static string Number(double value, Precision precision)
        => precision == Precision.Single ? PortableNumber.CSharpLiteral((float)value) : PortableNumber.CSharpLiteral(value);

    /// <summary>The type of numbers of a precision.</summary>
    public static string Type(Precision precision) => precision == Precision.Single ? "float" : "double";

    /// <summary>A number with as many digits as documentation needs.</summary>
    public static string Short(double value) => PortableNumber.Format(value, 5);

    /// <summary>A text in quotes. Characters that have no place on a line are escaped.</summary>
    public static string Text(string value)
    {
        var literal = new StringBuilder("\"");
        foreach (char character in value)
        {
            bool isPlain = char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
            if (character is '"' or '\\') literal.Append('\\').Append(character);
            else if (character == '\n') literal.Append("\\n");
            else if (isPlain) literal.Append(character);
            else literal.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
        }
        return literal.Append('"').ToString();
    }
}
