using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Hosting.Files;

/// <summary>The columns of a file of samples: the coordinates, and the errors if they are asked for.</summary>
/// <param name="Dimension">d.</param>
/// <param name="Precision">The precision of the coordinates; errors are always double.</param>
/// <param name="HasErrors">Whether there are errors.</param>
internal sealed record SampleColumns(int Dimension, Precision Precision, bool HasErrors)
{
    /// <summary>The errors' columns.</summary>
    public static ImmutableArray<string> ErrorNames { get; } = ["estimate", "bound", "margin"];

    /// <summary>The coordinates' columns.</summary>
    public IEnumerable<string> CoordinateNames => Enumerable.Range(0, Dimension).Select(CoordinateName);

    /// <summary>All columns.</summary>
    public IEnumerable<string> Names => HasErrors ? CoordinateNames.Concat(ErrorNames) : CoordinateNames;

    /// <summary>The number of columns.</summary>
    public int Count => Dimension + (HasErrors ? ErrorNames.Length : 0);

    /// <summary>The name of a coordinate's column.</summary>
    public static string CoordinateName(int index) => $"x{PortableNumber.Format(index)}";

    /// <summary>An error's value in one of its columns.</summary>
    public static double Error(FlowError error, int column) => column switch
    {
        0 => error.Estimate,
        1 => error.Bound,
        _ => error.BranchMargin,
    };

    /// <summary>The error of its values in these columns; the others are not in a file.</summary>
    public static FlowError Error(ReadOnlySpan<double> values) => new(values[0], values[1], double.NaN, values[2]);
}
