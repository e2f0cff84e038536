namespace FlowDsl.Errors.Certification;

/// <summary>How closely a path is to follow the flow.</summary>
/// <param name="Tolerance">The defect that a piece may have from cutting its series, as a share of the data's size.</param>
/// <param name="LongestPiece">The largest share of its disc's radius that a piece may span: shorter pieces have sharper rates of growth.</param>
internal readonly record struct PathAccuracy(double Tolerance, double LongestPiece)
{
    /// <summary>Enough for errors of 10⁻⁷ and more.</summary>
    public static PathAccuracy Quick { get; } = new(1e-10, 0.3);

    /// <summary>Near the last bits, and with sharp rates for the neighbourhood of separatrices; about four times the work.</summary>
    public static PathAccuracy Fine { get; } = new(1e-14, 0.05);
}
