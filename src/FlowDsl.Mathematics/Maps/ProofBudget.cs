namespace FlowDsl.Mathematics.Maps;

/// <summary>How much may still be spent on the proof of a table: a build must not wait for one that cannot be found.</summary>
/// <param name="units">Evaluations of a component's Taylor coefficients.</param>
internal sealed class ProofBudget(long units)
{
    private long _left = units;

    /// <summary>Whether everything is spent.</summary>
    public bool IsSpent => _left < 0;

    /// <summary>Spends some of it; false where nothing is left.</summary>
    public bool Spend(long units) => (_left -= units) >= 0;
}
