using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Maps;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Planning.Maps;

/// <summary>Decides everything about a flow map: segments, axes, tables. What cannot be decided becomes an issue.</summary>
internal sealed class FlowMapPlanner(ResolvedModel model, ModelAnalysis analysis, List<Issue> issues, CancellationToken cancellationToken)
{
    /// <summary>Plans a flow map; null where there is none.</summary>
    public FlowMapPlan? Plan(FlowMapSpec spec)
    {
        if (FlowAxes.Find(model.Mixture, out string reason) is not { } axes)
        {
            Report(spec, DiagnosticIds.FlowNotSplit, "name", reason);
            return null;
        }
        if (Times(spec) is not { } found) return null;
        double[] times = [.. found.Times];
        var segments = new List<SegmentTables>();
        for (int i = 0; i + 1 < times.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            segments.Add(SegmentTables.Build(
                model.Mixture, axes, model.Process.At(times[i]), model.Process.At(times[i + 1]), spec.Accuracy, spec.Precision));
            // A proof that fails has taken its time; those of the other segments would take as long.
            if (double.IsInfinity(segments[i].Error)) break;
        }
        double error = segments.Max(segment => segment.Error);
        if (!(error <= spec.Accuracy))
        {
            string advice = double.IsInfinity(error) ? "another Grid or more Segments may help"
                : spec.Precision == Precision.Single ? "ask for less, or take Precision.Double" : "ask for less";
            Report(spec, DiagnosticIds.AccuracyUnreachable, "Accuracy", PortableNumber.Format(spec.Accuracy), PortableNumber.Format(error, 3), advice);
            return null;
        }
        StabilityPlan? stability = StabilityPlan.Of(times, analysis.Stability, model.Mixture);
        return new FlowMapPlan(spec, found.Grid, times, stability, axes, [.. segments], model.Mixture.MeanVariance);
    }

    // One segment needs no grid.
    private GridTimes? Times(FlowMapSpec spec) => spec.Segments == 1
        ? new GridTimes(SegmentTimes.Chosen(spec.Grid), [model.Process.Horizon, model.Process.EarlyStop])
        : SegmentTimes.Find(
            analysis, model, spec.Grid, spec.Segments, DiagnosticIds.FlowMapInvalid, (id, argument, words) => Report(spec, id, argument, words));

    private void Report(FlowMapSpec spec, string id, string argument, params string[] arguments)
        => issues.Add(new Issue(id, new Site(SitePart.FlowMap, spec.Index, argument),
            new EquatableArray<string>([model.Spec.Type.DisplayName, spec.Name, .. arguments])));
}
