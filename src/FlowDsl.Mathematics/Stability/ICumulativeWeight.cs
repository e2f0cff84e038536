namespace FlowDsl.Mathematics.Stability;

/// <summary>c(t) = ∫ w dt from the early stop to t, for a weight w ≥ 0: what a balanced grid divides into equal shares.</summary>
internal interface ICumulativeWeight
{
    /// <summary>c at the horizon.</summary>
    double Total { get; }

    /// <summary>The time at which c has a given value.</summary>
    /// <param name="amount">Between 0 and <see cref="Total"/>.</param>
    double TimeAt(double amount);
}
