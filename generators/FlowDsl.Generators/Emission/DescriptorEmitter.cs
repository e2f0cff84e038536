using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Maps;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Planning.Students;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints the descriptor of a sampler or a student.</summary>
internal static class DescriptorEmitter
{
    public static void Write(SourceWriter writer, SamplerPlan plan)
    {
        SamplerSpec spec = plan.Spec;
        // The companion is the descriptor's default.
        Tracking? tracking = spec.Tracking is Tracking.Auto or Tracking.Companion ? null : spec.Tracking;
        Write(
            writer,
            new Common(
                spec.Name, spec.Solver, plan.Frame, plan.Grid, spec.Precision, tracking, plan.Program.FunctionEvaluations, plan.Program.HistoryLength,
                spec.Reference, plan.Form.Loops == LoopForm.Data),
            () =>
            {
                if (plan.StandIn is { } standIn) writer.Line($"StandIn = GridStandIn.{standIn},");
                if (plan.Pilot is { } pilot)
                    writer.Line($"Pilot = new({Invariant.Text(pilot.Samples)}, {Literals.Number(pilot.Pilot)}, {Literals.Number(pilot.HeldOut)}, "
                        + $"Grid.{pilot.Other}, {Literals.Number(pilot.OtherHeldOut)}),");
                if (plan.Discovery is not null) writer.Line("Weights = Array.AsReadOnly(Weights),");
                if (plan.Discovery?.Errors is { } errors) WriteErrors(writer, errors);
                if (!plan.Form.ComposesExactly) writer.Line("ComposesExactly = false,");
                if (plan.Form.Score is { } network)
                    writer.Line($"Score = \"{network.Spec.Name}\",\nScoreError = {(plan.ScoreError is { } error ? Literals.Number(error) : "null")},");
                ForecastEmitter.Write(writer, plan);
            });
    }

    private static void WriteErrors(SourceWriter writer, SearchErrors errors)
    {
        string build = errors.Build is { } error ? $", Build = {Literals.Number(error)}" : "";
        string tuned = $" {{ Budget = {Invariant.Text(errors.Budget)}{build} }}";
        writer.Line($"Search = new({Invariant.Text(errors.Samples)}, {Literals.Number(errors.Pilot)}, {Literals.Number(errors.HeldOut)})"
            + $"{(errors.IsTuned ? tuned : "")},");
    }

    public static void Write(SourceWriter writer, StudentPlan plan)
    {
        StudentSpec spec = plan.Spec;
        Write(
            writer,
            new Common(
                spec.Name, plan.Solver, plan.Frame, plan.Grid, Precision.Single, Tracking.Tangent, spec.Segments, HistoryLength: 0,
                plan.Reference?.Spec.Name),
            () => ForecastEmitter.WriteStability(writer, plan.Stability, plan.Times));
    }

    public static void Write(SourceWriter writer, FlowMapPlan plan)
    {
        FlowMapSpec spec = plan.Spec;
        // There is no solver; what compares a sampler with a solver of its own takes this one.
        Write(
            writer,
            new Common(
                spec.Name, Solver.RungeKutta4, ChartFrame.Canonical(plan.Variance), spec.Segments == 1 ? null : plan.Grid, spec.Precision,
                Tracking.Certified, FunctionEvaluations: 0, HistoryLength: 0, Reference: null),
            () =>
            {
                string errors = List(segment => segment.Error), tails = List(segment => segment.TailError);
                string numbers = $"{errors}, {tails}, {Number(plan.Reach)}, {Literals.Number(plan.Undecided)}";
                writer.Line($"Map = new FlowMapDescriptor({Literals.Number(spec.Accuracy)}, {numbers}),");
                ForecastEmitter.WriteStability(writer, plan.Stability, plan.Times);
            });

        string List(Func<Mathematics.Maps.SegmentTables, double> value)
            => "[" + string.Join(", ", plan.Segments.Select(segment => Number(value(segment)))) + "]";

        static string Number(double value) => double.IsInfinity(value) ? "double.PositiveInfinity" : Literals.Number(value);
    }

    private static void Write(SourceWriter writer, Common values, Action writeOwn)
    {
        writer.Line("public static readonly SamplerDescriptor Descriptor = new()");
        writer.Line("{");
        using (writer.Indent())
        {
            writer.Line($"Name = \"{values.Name}\",");
            writer.Line($"Dimension = Tables.{(values.IsData ? "Data" : "Mixture")}.Dimension,");
            writer.Line($"Solver = Solver.{values.Solver},");
            writer.Line($"Chart = Chart.{values.Frame.Chart},");
            writer.Line($"ChartVariance = {Literals.Number(values.Frame.Variance)},");
            writer.Line($"Grid = {(values.Grid is { } grid ? $"Grid.{grid}" : "null")},");
            writer.Line($"Precision = Precision.{values.Precision},");
            if (values.Tracking is { } tracking) writer.Line($"Tracking = Tracking.{tracking},");
            writer.Line("Times = Array.AsReadOnly(Times),");
            writer.Line($"FunctionEvaluations = {Invariant.Text(values.FunctionEvaluations)},");
            writer.Line($"HistoryLength = {Invariant.Text(values.HistoryLength)},");
            if (values.Reference is { } reference) writer.Line($"Reference = \"{reference}\",");
            writeOwn();
            writer.Line("Model = Tables.Model,");
        }
        writer.Line("};");
    }

    private sealed record Common(
        string Name, Solver Solver, ChartFrame Frame, Grid? Grid, Precision Precision, Tracking? Tracking, int FunctionEvaluations, int HistoryLength,
        string? Reference, bool IsData = false);
}
