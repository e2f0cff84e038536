using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>The ways in which a matrix fails to be a covariance.</summary>
public enum CovarianceFault
{
    /// <summary>An entry is NaN or infinite.</summary>
    NotFinite,

    /// <summary>An entry is out of <see cref="SupportedRange"/>.</summary>
    OutOfRange,

    /// <summary>Two mirrored entries differ by more than the rounding of single precision.</summary>
    NotSymmetric,

    /// <summary>An eigenvalue is negative by more than the rounding of single precision.</summary>
    NotPositiveSemidefinite,
}

/// <summary>Why a matrix is not a covariance. Constructors throw this; the file reader and the generator report it at its place.</summary>
/// <param name="Fault">The kind of fault.</param>
/// <param name="Row">The row of the first bad entry, from 0; 0 for an eigenvalue, and -1 for one that is out of the supported range.</param>
/// <param name="Column">Its column, from 0; greater than the row if the matrix is not symmetric.</param>
/// <param name="Value">The entry, or the smallest eigenvalue.</param>
/// <param name="Mirrored">The entry at (Column, Row).</param>
public sealed record CovarianceProblem(CovarianceFault Fault, int Row, int Column, double Value, double Mirrored)
{
    /// <summary>The problem with the entry's size, as a predicate that follows the matrix's name.</summary>
    public string Size => Row < 0
        ? $"has the variance {PortableNumber.Format(Value, 6)} along one of its axes; {SupportedRange.OfEntry(Value, isDiagonal: true)}"
        : $"has {PortableNumber.Format(Value, 6)} at ({Row}, {Column}); {SupportedRange.OfEntry(Value, Row == Column)}";

    internal string Words => Fault switch
    {
        CovarianceFault.NotFinite => $"Entry ({Row}, {Column}) of the covariance is {PortableNumber.Format(Value)}; every entry must be finite.",
        CovarianceFault.OutOfRange => $"The covariance {Size}.",
        CovarianceFault.NotSymmetric =>
            $"The covariance is not symmetric: entry ({Row}, {Column}) is {PortableNumber.Format(Value)} " +
            $"and entry ({Column}, {Row}) is {PortableNumber.Format(Mirrored)}.",
        CovarianceFault.NotPositiveSemidefinite =>
            $"The covariance is not positive semidefinite: its smallest eigenvalue is {PortableNumber.Format(Value, 6)}; it must be at least 0.",
        _ => throw new InvalidOperationException($"There is no text for {Fault}."),
    };
}
