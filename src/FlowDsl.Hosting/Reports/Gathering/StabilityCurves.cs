using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>How much the flow stretches at each time: bounds over all x, and expectations.</summary>
/// <param name="Times">Decreasing times from the horizon to the early stop.</param>
/// <param name="Bound">L(t), an upper bound on ‖∇v‖₂; infinite where there is none.</param>
/// <param name="Regional">The same bound over the region that holds at least 99.9 % of p_t: finite for every mixture.</param>
/// <param name="OneSided">μ(t), an upper bound on the eigenvalues of the reverse flow's Jacobian; infinite where there is none.</param>
/// <param name="Expected">E‖∇v‖₂.</param>
/// <param name="Growth">E[λ_max(-∇v)]⁺.</param>
/// <param name="SpeciationTime">When the modes separate; null if they never do.</param>
/// <param name="DangerWindow">When the flow amplifies errors; null if it never does.</param>
internal sealed record StabilityCurves(
    ImmutableArray<double> Times, ImmutableArray<double> Bound, ImmutableArray<double> Regional, ImmutableArray<double> OneSided,
    ImmutableArray<double> Expected, ImmutableArray<double> Growth, double? SpeciationTime, TimeWindow? DangerWindow)
{
    /// <summary>Evaluates a model's profile.</summary>
    public static StabilityCurves Of(GaussianMixtureModel model, IReadOnlyList<double> times, CancellationToken cancellationToken)
    {
        // A profile of its own, which the token stops.
        var profile = new StabilityProfile(model.Mixture, model.Process, cancellationToken);
        return new(
            [.. times], Each(profile.LipschitzBound), Each(profile.RegionalLipschitzBound), Each(profile.OneSidedBound), Each(profile.ExpectedNorm),
            Each(profile.ExpectedGrowth), profile.SpeciationTime, profile.DangerWindow);

        ImmutableArray<double> Each(Func<double, double> value) => [.. times.Select(value)];
    }
}
