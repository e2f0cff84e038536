namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>On how many samples a report follows the laws of samplers: as many as take some seconds.</summary>
internal static class LawSamples
{
    /// <summary>With fewer, an interval says little.</summary>
    public const int Least = 200;

    // Multiplications for a sampler: a few seconds of one core.
    private const double MostWork = 5e9;

    /// <summary>The samples of all samplers whose law is followed; 0 if there is none.</summary>
    /// <param name="samplers">Those that can run.</param>
    /// <param name="count">The samples that they are compared on.</param>
    public static int Count(IEnumerable<SamplerDescriptor> samplers, long count)
    {
        int[] affordable = [.. samplers.Select(Affordable).Where(most => most >= Least)];
        return affordable.Length == 0 || count < 2 ? 0 : (int)Math.Min(count, affordable.Min());
    }

    /// <summary>Whether a sampler's law is followed.</summary>
    public static bool Affords(SamplerDescriptor sampler) => Affordable(sampler) >= Least;

    // An upper bound of the work, which needs no component of a data set: each evaluation for the state and for each tangent.
    private static int Affordable(SamplerDescriptor sampler)
    {
        GaussianMixtureModel model = sampler.Model;
        int d = model.Dimension;
        double tangents = sampler switch
        {
            { Map: not null } => 1,
            // Differences of fourth order.
            { Score: not null } => 4 * d,
            _ when model.Data is not null || model.Mixture.HasSharedIsotropicCovariance => Math.Min(d, model.ComponentCount - 1),
            _ => d,
        };
        return (int)Math.Min(MostWork / ((double)Math.Max(1, sampler.FunctionEvaluations) * model.ComponentCount * d * (1 + tangents)), int.MaxValue);
    }
}
