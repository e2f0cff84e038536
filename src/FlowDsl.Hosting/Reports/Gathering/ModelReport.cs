namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>Everything that a report shows, as numbers.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Name">The model's name in full.</param>
/// <param name="Model">The model.</param>
/// <param name="Axis">The axis of time.</param>
/// <param name="Pictures">The densities.</param>
/// <param name="Paths">Exact flow paths.</param>
/// <param name="Stability">How much the flow stretches.</param>
/// <param name="Samplers">The samplers in the order of their declarations.</param>
/// <param name="Origin">What made it.</param>
internal sealed record ModelReport(
    ReportRequest Request, string Name, GaussianMixtureModel Model, TimeScale Axis, DensityPictures Pictures, PathBundle Paths, StabilityCurves Stability,
    ImmutableArray<SamplerResult> Samplers, ReportOrigin Origin)
{
    /// <summary>The samplers that ran.</summary>
    public IEnumerable<SamplerResult> Ran => Samplers.Where(sampler => sampler.Compared is not null);

    /// <summary>The samples of each sampler whose law was followed; 0 if there is none.</summary>
    public int LawCount => Samplers.FirstOrDefault(sampler => sampler.Law is not null)?.Law!.Count ?? 0;
}
