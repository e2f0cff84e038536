using System.Globalization;

namespace FlowDsl.Tests;

/// <summary>The rows of reference/elementary-functions.csv.</summary>
internal static class ElementaryReference
{
    internal readonly record struct Row(string Function, double X, double Y, double Value, double Residual)
    {
        /// <summary>The error of a computed value in units in the last place of the nearest double.</summary>
        internal double ErrorOf(double computed)
            => computed == Value ? Math.Abs(Residual) : Math.Abs((computed - Value) / Ulp(Value) - Residual);
    }

    internal static IEnumerable<Row> Rows(string function)
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reference", "elementary-functions.csv")))
        {
            string[] fields = line.Split(',');
            if (fields[0] == function)
                yield return new Row(function, Parse(fields[1]), fields[2].Length == 0 ? 0 : Parse(fields[2]), Parse(fields[3]), Parse(fields[4]));
        }
    }

    internal static double Ulp(double value)
    {
        int biased = (int)(BitConverter.DoubleToInt64Bits(value) >> 52) & 0x7FF;
        return Math.ScaleB(1, Math.Max(biased, 1) - 1075);
    }

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
