using FlowDsl.Errors.Budget;
using FlowDsl.Hosting.Registry;
using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>Computes what a report shows.</summary>
internal static class ReportGathering
{
    // Enough to see a law's shape, few enough to tell them apart.
    private const int PathCount = 36, PointCount = 1200, StageCount = 5, StabilityTimes = 97;

    // Each needs two exact flow maps a segment.
    private const int MostBudgetSamples = 1000;

    /// <summary>The samples of the budgets by segment.</summary>
    public static long BudgetSamples(ReportRequest request) => Math.Min(request.Count, MostBudgetSamples);

    /// <summary>
    /// The steps that <see cref="Gather"/> reports: one for each sample of the exact flow, as many for each sampler, and those of its law.
    /// </summary>
    public static long Steps(ModelEntry entry, ReportRequest request)
    {
        SamplerDescriptor[] trained = Trained(entry);
        return trained.Length == 0
            ? 1
            : request.Count * (1 + trained.Length) + (long)LawSamples.Count(trained, request.Count) * trained.Count(LawSamples.Affords);
    }

    /// <summary>Computes a report.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Receives the number of finished steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ModelReport Gather(ModelEntry entry, ReportRequest request, IProgress<long> progress, CancellationToken cancellationToken)
    {
        GaussianMixtureModel model = entry.Model;
        PictureView view = PictureView.Of(model.Mixture, cancellationToken);
        var viewed = new ViewedMixture(model.Mixture, view);
        var axis = TimeScale.For(model.Process, entry.Samplers.SelectMany(sampler => sampler.Descriptor.Times));
        var scale = StateScale.For(model.Process, viewed);
        var stability = StabilityCurves.Of(model, axis.Even(StabilityTimes), cancellationToken);
        double[] pathTimes = [.. PathBundle.EvenAngles(model.Process, viewed.Variance, 33).Concat(axis.Even(33)).Distinct().OrderDescending()];
        return new ModelReport(
            request, entry.Name, model, axis, Draw(model, viewed, axis, scale, cancellationToken),
            PathBundle.Follow(model, view, scale, pathTimes, PathCount, request.Seed, cancellationToken), stability,
            Run(entry, view, request, progress, cancellationToken), ReportOrigin.OfProcess());
    }

    private static SamplerDescriptor[] Trained(ModelEntry entry)
        => [.. entry.Samplers.Where(sampler => sampler.IsTrained).Select(sampler => sampler.Descriptor)];

    private static DensityPictures Draw(
        GaussianMixtureModel model, ViewedMixture viewed, TimeScale axis, StateScale scale, CancellationToken cancellationToken)
    {
        var densities = new Densities(viewed, model.Process, scale);
        // The marginal of the first axis has a line's pictures.
        var line = new ViewedMixture(model.Mixture, viewed.View with { Axes = [viewed.View.Axes[0]] });
        DensityOverTime overTime = new Densities(line, model.Process, scale).OverTime(axis, 121, 321, cancellationToken);
        double[] stages = PathBundle.EvenAngles(model.Process, viewed.Variance, StageCount);
        return viewed.IsLine
            ? new(
                viewed.View, scale, [.. stages.Select(time => densities.Curve(time, 241))], overTime, null, [])
            : new(
                viewed.View, scale, [], overTime, densities.Grid(model.Process.EarlyStop, 181, cancellationToken),
                densities.Grids(stages, 91, cancellationToken));
    }

    private static ImmutableArray<SamplerResult> Run(
        ModelEntry entry, PictureView view, ReportRequest request, IProgress<long> progress, CancellationToken cancellationToken)
    {
        GaussianMixtureModel model = entry.Model;
        if (!entry.Samplers.Any(sampler => sampler.IsTrained))
            return [.. entry.Samplers.Select(sampler => SamplerResult.NotRun(sampler.Name, sampler.Form, sampler.Descriptor))];
        FlowComparison comparison = FlowComparison.Create(model, request.Count, request.Seed, progress: progress, cancellationToken: cancellationToken);
        int points = Math.Min(PointCount, comparison.SampleCount) * model.Dimension;
        double flipDistance = 0.5 * MeanDistances.Of(model.Mixture).Min;
        int lawCount = LawSamples.Count(Trained(entry), request.Count);

        long finished = request.Count;
        var results = ImmutableArray.CreateBuilder<SamplerResult>(entry.Samplers.Length);
        foreach (SamplerEntry sampler in entry.Samplers)
        {
            if (!sampler.IsTrained)
            {
                results.Add(SamplerResult.NotRun(sampler.Name, sampler.Form, sampler.Descriptor));
                continue;
            }
            comparison = sampler.AddTo(comparison, withLaw: false, accuracy: null, cancellationToken);
            SampleErrors samples = SampleErrors.Of(
                view, sampler.Ends(comparison.Starts[..points], cancellationToken), [.. comparison.ExactEnds[..points]], flipDistance);
            ErrorBudget budget = sampler.Budget(BudgetSamples(request), request.Seed, progress: null, cancellationToken);
            progress.Report(finished += request.Count);
            ImportanceWeights? law = null;
            if (lawCount > 0 && LawSamples.Affords(sampler.Descriptor))
            {
                law = sampler.Law(comparison.Starts[..(lawCount * model.Dimension)], cancellationToken);
                progress.Report(finished += lawCount);
            }
            results.Add(new(sampler.Name, sampler.Form, sampler.Descriptor, comparison.Samplers[^1], samples, budget, law));
        }
        return results.MoveToImmutable();
    }
}
