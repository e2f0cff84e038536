namespace FlowDsl.Generators.Model;

/// <summary>How a kind of process is declared.</summary>
/// <param name="Attribute">The metadata name of its attribute.</param>
/// <param name="Horizon">What the attribute calls the horizon.</param>
/// <param name="EarlyStop">What the attribute calls the early stop.</param>
/// <param name="MaxHorizon">The maximum horizon; infinite where there is none.</param>
/// <param name="Default">The process of the attribute without arguments.</param>
internal sealed record ProcessDeclaration(string Attribute, string Horizon, string EarlyStop, double MaxHorizon, ProcessSpec Default)
{
    /// <summary>An entry for each kind.</summary>
    public static ProcessDeclaration[] All { get; } =
    [
        new(AttributeNames.OrnsteinUhlenbeck, "Horizon", "EarlyStop", double.PositiveInfinity,
            new(ProcessKind.OrnsteinUhlenbeck, Horizon: 3, EarlyStop: 1e-3, Beta: 1, Sigma: 1)),
        new(AttributeNames.VarianceExploding, "SigmaMax", "SigmaMin", double.PositiveInfinity,
            new(ProcessKind.VarianceExploding, Horizon: 80, EarlyStop: 0.002, Beta: 1, Sigma: 1)),
        new(AttributeNames.LinearInterpolant, "Horizon", "EarlyStop", 1,
            new(ProcessKind.LinearInterpolant, Horizon: 1, EarlyStop: 1e-3, Beta: 1, Sigma: 1)),
    ];

    /// <summary>The kind.</summary>
    public ProcessKind Kind => Default.Kind;

    /// <summary>The declaration of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind has none.</exception>
    public static ProcessDeclaration Of(ProcessKind kind)
        => Array.Find(All, declaration => declaration.Kind == kind)
            ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "The process has no declaration.");
}
