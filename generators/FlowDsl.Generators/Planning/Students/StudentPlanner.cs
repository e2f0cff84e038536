using System.Globalization;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Students;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Planning.Students;

/// <summary>Decides everything about a student: segments, networks, whether there are weights. What cannot be decided becomes an issue.</summary>
internal sealed class StudentPlanner(ResolvedModel model, ModelAnalysis analysis, IReadOnlyList<SamplerPlan> samplers, List<Issue> issues,
    CancellationToken cancellationToken)
{
    /// <summary>What a reference's own predicted relative MSE must stay below.</summary>
    private const double MaxTeacherError = 1e-4;

    /// <summary>Plans a student; null where it has no segments.</summary>
    public StudentPlan? Plan(StudentSpec spec)
    {
        SamplerPlan? reference = samplers.FirstOrDefault(sampler => sampler.Spec.Name == spec.Reference);
        if (spec.Reference is not null && reference is null) return null;
        if (reference?.Forecast is { RelativeMeanSquaredError: var error } && !(error <= MaxTeacherError))
            Report(DiagnosticIds.TeacherInexact, "Reference", spec.Reference!, PortableNumber.Format(error, 2), PortableNumber.Format(MaxTeacherError));

        Grid grid = spec.Grid == Grid.Auto ? Grid.ExpectedStability : spec.Grid;
        if (Times(spec, ref grid) is not { } times) return null;
        var shape = StudentShape.Create(spec.Form, spec.Activation, spec.Width, spec.Depth, model.Mixture);
        if (CapacityAudit.Find(model, spec, shape, times, cancellationToken) is { } mismatch) Report(DiagnosticIds.LipschitzMismatch, "WeightBound",
            mismatch.Words());
        StabilityPlan? stability = StabilityPlan.Of(times, analysis.Stability, model.Mixture);
        Solver solver = reference?.Spec.Solver ?? Solver.RungeKutta4;
        ChartFrame frame = reference?.Frame ?? ChartFrame.Canonical(model.Mixture.MeanVariance);
        return new StudentPlan(spec, grid, times, stability, shape, StudentProgramPlanner.Plan(shape), model.Mixture.Dimension, solver, frame, reference,
            Weights());

        float[][]? Weights()
        {
            if (model.Weights.FirstOrDefault(file => file.Student == spec.Name) is not { } file)
            {
                Report(DiagnosticIds.NoWeights, "name", $"{model.Spec.Type.DisplayName}.{spec.Name}");
                return null;
            }
            // What is wrong with it was said where it was looked for.
            if (file.Bytes is null) return null;
            try
            {
                float[][] weights = StudentTensors.Read(SafeTensors.Read(file.Bytes), shape, times);
                float largest = weights.Max(segment => spec.Bound.Largest(shape, segment));
                if (largest <= (float)spec.Bound.Size) return weights;
                Report(DiagnosticIds.WeightsInvalid, "Weights", spec.Weights!,
                    $"a weight of size {PortableNumber.Format(largest, 6)} is beyond the WeightBound of {PortableNumber.Format(spec.Bound.Size)}");
                return null;
            }
            catch (SafeTensorsFormatException exception)
            {
                Report(DiagnosticIds.WeightsInvalid, "Weights", spec.Weights!, exception.Message.TrimEnd('.'));
                return null;
            }
        }

        void Report(string id, string argument, params string[] arguments) => this.Report(spec, id, argument, arguments);
    }

    private double[]? Times(StudentSpec spec, ref Grid grid)
    {
        if (TimeGrid.Obstacle(grid, model.Process) is { } obstacle)
        {
            Report(spec, DiagnosticIds.StudentInvalid, "Grid", "Grid", $"{grid}", obstacle switch
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
            string segments = spec.Segments.ToString(CultureInfo.InvariantCulture);
            Report(spec, DiagnosticIds.StudentInvalid, "Segments", "Segments", segments,
                $"Grid.{grid} then has times that double precision cannot distinguish; use fewer");
            return null;
        }
        if (result.StandIn is { } why) Report(spec, DiagnosticIds.GridReplaced, "Grid", $"{grid}", $"{result.Grid}", why.Description());
        grid = result.Grid;
        return [.. result.Times];
    }

    private void Report(StudentSpec spec, string id, string argument, params string[] arguments)
        => issues.Add(new Issue(id, new Site(SitePart.Student, spec.Index, argument),
            new EquatableArray<string>([model.Spec.Type.DisplayName, spec.Name, .. arguments])));
}
