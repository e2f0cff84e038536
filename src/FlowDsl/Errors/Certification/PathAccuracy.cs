namespace FlowDsl.Errors.Certification;

/// <summary>How closely a path follows the flow.</summary>
/// <param name="Tolerance">The accepted defect of a piece from truncating its series, relative to the data's size.</param>
/// <param name="LongestPiece">The maximum length of a piece relative to its disc's radius; shorter pieces have sharper growth rates.</param>
internal readonly record struct PathAccuracy(double Tolerance, double LongestPiece)
{
    /// <summary>Enough for errors of 10⁻⁷ and more.</summary>
    public static PathAccuracy Quick { get; } = new(1e-10, 0.3);

    /// <summary>Close to the last bits, with sharp rates near separatrices; about four times the work.</summary>
    public static PathAccuracy Fine { get; } = new(1e-14, 0.05);
}
