using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>What is known of a sampler's stability before it runs.</summary>
/// <param name="Segments">∫L, ∫μ, ∫μ⁺ and ∫E‖∇v‖ for each segment.</param>
/// <param name="SpeciationTime">When the modes separate; null where they never do.</param>
/// <param name="DangerWindow">Where the flow amplifies errors; null where it never does.</param>
internal sealed record StabilityPlan(
    (double Lipschitz, double OneSided, double PositiveOneSided, double Expected)[] Segments, double? SpeciationTime, TimeWindow? DangerWindow)
{
    // Pairs of components in the stability bounds, points in the expectation: beyond this the run time computes the table.
    private const int MaxCount = 64;

    /// <summary>The stability of a mixture between times; null where it is left to the run time.</summary>
    public static StabilityPlan? Of(double[] times, StabilityProfile profile, Mixture mixture)
    {
        if (mixture.Count > MaxCount) return null;
        (double, double, double, double)[] segments = [.. profile.BoundIntegrals(times)
            .Select((bounds, i) => (bounds.Lipschitz, bounds.OneSided, bounds.PositiveOneSided, profile.ExpectedIntegral(times[i + 1], times[i])))];
        return new StabilityPlan(segments, profile.SpeciationTime, profile.DangerWindow);
    }
}
