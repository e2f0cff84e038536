using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
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

        if (SegmentTimes.Find(analysis, model, spec.Grid, spec.Segments, DiagnosticIds.StudentInvalid, Report) is not { } found) return null;
        double[] times = [.. found.Times];
        var shape = StudentShape.Create(spec.Form, spec.Activation, spec.Width, spec.Depth, model.Mixture);
        if (CapacityAudit.Find(model, spec, shape, times, cancellationToken) is { } mismatch) Report(DiagnosticIds.LipschitzMismatch, "WeightBound",
            mismatch.Words());
        StabilityPlan? stability = StabilityPlan.Of(times, analysis.Stability, model.Mixture);
        Solver solver = reference?.Spec.Solver ?? Solver.RungeKutta4;
        ChartFrame frame = reference?.Frame ?? ChartFrame.Canonical(model.Mixture.MeanVariance);
        return new StudentPlan(spec, found.Grid, times, stability, shape, StudentProgramPlanner.Plan(shape), model.Mixture.Dimension, solver, frame, reference,
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

    private void Report(StudentSpec spec, string id, string argument, params string[] arguments)
        => issues.Add(new Issue(id, new Site(SitePart.Student, spec.Index, argument),
            new EquatableArray<string>([model.Spec.Type.DisplayName, spec.Name, .. arguments])));
}
