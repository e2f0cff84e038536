using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints what is known of a sampler's errors before it runs: as documentation, and as part of its descriptor.</summary>
internal static class ForecastEmitter
{
    /// <summary>The documentation: what holds for the whole flow, the table, and how to read it.</summary>
    public static IEnumerable<string> Explain(SamplerPlan plan)
    {
        if (plan.Stability is { } stability) yield return $"<para>{SegmentTable.Whole(stability.SpeciationTime, stability.DangerWindow)}.</para>";
        yield return plan.Forecast is { } forecast
            ? $"<para>{SegmentTable.Whole(forecast)}.</para>"
            : "<para>No forecast of its errors: the mixture is too large, or there are too many steps, to follow trajectories at compile time.</para>";
        if (plan.Forecast is { } measured)
            yield return $"<para>In units of the components' widths: the solver's error is {NumberText.Brief(measured.StandardizedError)}, the rounding "
                + $"error of {(plan.Spec.Precision == Precision.Single ? "float" : "double")} is {NumberText.Brief(measured.RoundingError)} (r.m.s. of "
                + "the worst coordinate).</para>";
        yield return "<code>";
        Func<int, (double, double, double, double)>? bounds = plan.Stability is { Segments: var segments }
            ? i => (segments[i].Lipschitz, segments[i].OneSided, segments[i].PositiveOneSided, segments[i].Expected)
            : null;
        foreach (string line in SegmentTable.Lines(plan.Program.Steps.Length, plan.Times, bounds, plan.Forecast?.Segments)) yield return line;
        yield return "</code>";
        if (plan.Stability is not null)
            yield return "<para>∫L, ∫μ, ∫μ⁺: worst cases over all x: the logarithm of how much a segment can amplify an error. ∫E‖∇v‖: the mean over the "
                + "samples.</para>";
        if (plan.Forecast is not null)
        {
            yield return "<para>Stretch: quantiles of the norm of the exact flow's Jacobian over the segment, which amplifies an error. Step error: the "
                + "error of the solver's own step, "
                + "r.m.s. in units of x. Downstream: how much the rest of the flow amplifies it.</para>";
        }
    }

    /// <summary>The part of the descriptor.</summary>
    public static void Write(SourceWriter writer, SamplerPlan plan)
    {
        WriteStability(writer, plan.Stability, plan.Times);
        if (plan.Forecast is not { } forecast) return;
        WriteList(
            writer,
            $"Forecast = new({Invariant.Text(forecast.Samples)}, {Measured(
                forecast.RelativeMeanSquaredError, forecast.StandardizedError, forecast.RoundingError, forecast.MedianAmplification,
                forecast.HighAmplification)},",
            forecast.Segments.Select(segment => Measured(segment.MedianAmplification, segment.HighAmplification, segment.LocalError, segment.PropagatedError)),
            "]),");
    }

    /// <summary>The part of the descriptor that concerns the exact flow.</summary>
    public static void WriteStability(SourceWriter writer, StabilityPlan? plan, double[] times)
    {
        // What is left to the run time is computed there when it is asked for.
        if (plan is not { } stability) return;
        WriteList(writer, "Stability =", stability.Segments.Select((segment, i) => Arguments(
            times[i], times[i + 1], segment.Lipschitz, segment.OneSided, segment.PositiveOneSided, segment.Expected)), "],");
        if (stability.SpeciationTime is { } time) writer.Line($"SpeciationTime = {Literals.Number(time)},");
        if (stability.DangerWindow is { } window) writer.Line($"DangerWindow = new({Arguments(window.From, window.To)}),");
    }

    private static void WriteList(SourceWriter writer, string start, IEnumerable<string> rows, string end)
    {
        writer.Line(start);
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (string row in rows) writer.Line($"new({row}),");
        }
        writer.Line(end);
    }

    private static string Arguments(params double[] values) => string.Join(", ", values.Select(Literals.Number));

    // What was measured on some hundred trajectories is not known to more digits.
    private static string Measured(params double[] values) => Arguments([.. values.Select(Rounded)]);

    private static double Rounded(double value) => PortableNumber.TryParse(PortableNumber.Format(value, 4), out double rounded) ? rounded : value;
}
