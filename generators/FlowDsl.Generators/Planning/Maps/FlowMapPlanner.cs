using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
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
        Grid grid = spec.Grid == Grid.Auto ? Grid.ExpectedStability : spec.Grid;
        if (Times(spec, ref grid) is not { } times) return null;
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
        return new FlowMapPlan(spec, grid, times, StabilityPlan.Of(times, analysis.Stability, model.Mixture), axes, [.. segments], model.Mixture.MeanVariance);
    }

    private double[]? Times(FlowMapSpec spec, ref Grid grid)
    {
        // One segment needs no grid.
        if (spec.Segments == 1) return [model.Process.Horizon, model.Process.EarlyStop];
        if (TimeGrid.Obstacle(grid, model.Process) is { } obstacle)
        {
            Report(spec, DiagnosticIds.FlowMapInvalid, "Grid", "Grid", $"{grid}", obstacle switch
            {
                GridObstacle.EarlyStopIsZero => "its coordinate is infinite at the early stop 0",
                GridObstacle.HorizonIsPureNoise => "its coordinate is infinite at the horizon, where the signal factor is 0",
                _ => "only samplers take the profile of a network",
            });
            return null;
        }
        var frame = ChartFrame.Canonical(model.Mixture.MeanVariance);
        if (TimeGrid.TryCreate(new GridRequest(grid, spec.Segments, Solver.RungeKutta4, frame), analysis) is not { } result)
        {
            Report(spec, DiagnosticIds.FlowMapInvalid, "Segments", "Segments", $"{spec.Segments}",
                $"Grid.{grid} then has times that double precision cannot distinguish; use fewer");
            return null;
        }
        grid = result.Grid;
        return [.. result.Times];
    }

    private void Report(FlowMapSpec spec, string id, string argument, params string[] arguments)
        => issues.Add(new Issue(id, new Site(SitePart.FlowMap, spec.Index, argument),
            new EquatableArray<string>([model.Spec.Type.DisplayName, spec.Name, .. arguments])));
}
