using FlowDsl.Analysis;
using FlowDsl.Generators.Planning;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints what is known of a sampler's errors before it runs: as documentation, and as part of its descriptor.</summary>
internal static class ForecastEmitter
{
    private const int ListedSteps = 32;

    /// <summary>The documentation: what holds for the whole flow, the table, and how to read it.</summary>
    public static IEnumerable<string> Explain(SamplerPlan plan)
    {
        if (plan.Stability is { } stability) yield return $"<para>{Whole(stability)}.</para>";
        yield return plan.Forecast is { } forecast
            ? $"<para>Forecast, on {ModelEmitter.Text(forecast.Samples)} exact trajectories: relative MSE {Brief(forecast.RelativeMeanSquaredError)}; the whole flow amplifies an error by {Brief(forecast.MedianAmplification)} (median) and {Brief(forecast.HighAmplification)} (99 %).</para>"
            : "<para>No forecast of its errors: the mixture is too large, or the steps are too many, to follow trajectories while compiling.</para>";
        List<Column> columns = [.. Columns(plan)];
        yield return "<code>";
        yield return Row(columns, column => column.Title);
        for (int i = 0; i < Math.Min(plan.Program.Steps.Length, ListedSteps); i++) yield return Row(columns, column => column.Value(i));
        if (plan.Program.Steps.Length > ListedSteps) yield return $"and {plan.Program.Steps.Length - ListedSteps} more";
        yield return "</code>";
        if (plan.Stability is not null)
            yield return "<para>∫L, ∫μ, ∫μ⁺: worst cases over all x, logarithms of what a segment can amplify. ∫E‖∇v‖: the mean over the samples' law.</para>";
        if (plan.Forecast is not null)
        {
            yield return "<para>Stretch: quantiles of the norm of the exact flow's Jacobian over the segment, by which it amplifies an error. Step error: what the solver's step does wrong, "
                + "r.m.s. in units of x. Downstream: by how much the rest of the flow amplifies that.</para>";
        }
    }

    /// <summary>The part of the descriptor.</summary>
    public static void Write(SourceWriter writer, SamplerPlan plan)
    {
        WriteStability(writer, plan.Stability, plan.Times);
        if (plan.Forecast is not { } forecast) return;
        WriteList(
            writer,
            $"Forecast = new({ModelEmitter.Text(forecast.Samples)}, {Measured(forecast.RelativeMeanSquaredError, forecast.MedianAmplification, forecast.HighAmplification)},",
            forecast.Segments.Select(segment => Measured(segment.MedianAmplification, segment.HighAmplification, segment.LocalError, segment.PropagatedError)),
            "]),");
    }

    /// <summary>The part of the descriptor that concerns the exact flow.</summary>
    public static void WriteStability(SourceWriter writer, StabilityPlan? plan, double[] times)
    {
        if (plan is not { } stability)
        {
            writer.Line("Stability = SegmentStability.Table(Tables.Model, Times),");
            writer.Line("SpeciationTime = Tables.Model.Stability.SpeciationTime,");
            writer.Line("DangerWindow = Tables.Model.Stability.DangerWindow,");
        }
        else
        {
            WriteList(writer, "Stability =", stability.Segments.Select((segment, i) => Arguments(
                times[i], times[i + 1], segment.Lipschitz, segment.OneSided, segment.PositiveOneSided, segment.Expected)), "],");
            if (stability.SpeciationTime is { } time) writer.Line($"SpeciationTime = {ModelEmitter.Number(time)},");
            if (stability.DangerWindow is { } window) writer.Line($"DangerWindow = new({Arguments(window.From, window.To)}),");
        }
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

    private static string Whole(StabilityPlan stability)
    {
        string modes = stability.SpeciationTime is { } time ? $"The modes separate at t = {Brief(time)} (speciation time)" : "The modes never separate";
        return modes + (stability.DangerWindow is { } window
            ? $"; 90 % of the expected growth of errors is from t = {Brief(window.From)} to {Brief(window.To)} (danger window)"
            : "; errors never grow");
    }

    private static IEnumerable<Column> Columns(SamplerPlan plan)
    {
        yield return new Column("segment", 7, i => ModelEmitter.Text(i));
        yield return new Column("from", 13, i => ModelEmitter.Short(plan.Times[i]));
        yield return new Column("to", 13, i => ModelEmitter.Short(plan.Times[i + 1]));
        if (plan.Stability is { Segments: var segments })
        {
            yield return new Column("∫L", 10, i => Brief(segments[i].Lipschitz));
            yield return new Column("∫μ", 10, i => Brief(segments[i].OneSided));
            yield return new Column("∫μ⁺", 10, i => Brief(segments[i].PositiveOneSided));
            yield return new Column("∫E‖∇v‖", 10, i => Brief(segments[i].Expected));
        }
        if (plan.Forecast is { Segments: var forecast })
        {
            yield return new Column("stretch 50 %", 14, i => Brief(forecast[i].MedianAmplification));
            yield return new Column("99 %", 9, i => Brief(forecast[i].HighAmplification));
            yield return new Column("step error", 12, i => Brief(forecast[i].LocalError));
            yield return new Column("downstream", 12, i => Brief(forecast[i].DownstreamAmplification));
        }
    }

    private static string Row(List<Column> columns, Func<Column, string> text) => string.Concat(columns.Select(column => text(column).PadLeft(column.Width)));

    private static string Arguments(params double[] values) => string.Join(", ", values.Select(ModelEmitter.Number));

    // What was measured on some hundred trajectories is not known to more digits.
    private static string Measured(params double[] values) => Arguments([.. values.Select(Rounded)]);

    private static double Rounded(double value) => PortableNumber.TryParse(PortableNumber.Format(value, 4), out double rounded) ? rounded : value;

    private static string Brief(double value) => double.IsPositiveInfinity(value) ? "∞" : PortableNumber.Format(value, 3);

    private sealed record Column(string Title, int Width, Func<int, string> Value);
}
