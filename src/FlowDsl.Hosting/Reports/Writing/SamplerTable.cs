using System.Globalization;
using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>All samplers side by side.</summary>
internal static class SamplerTable
{
    private static readonly string[] s_titles =
    [
        "<sampler", "<solver", "<grid", "steps", "NFE", "relative MSE", "95 % interval", "forecast", "median error", "99 % error", "flips",
    ];

    /// <summary>Writes the table.</summary>
    public static string Of(ModelReport report)
    {
        bool hasUntrained = report.Samplers.Any(sampler => sampler.Compared is null);
        string note = hasUntrained ? " Students without weights have no figures." : "";
        string seed = report.Request.Seed.ToString(CultureInfo.InvariantCulture);
        string caption = $"Samplers against the exact flow, on {Notation.Count(report.Request.Count)} samples of seed {seed}";
        return $"""
            {KeyedTable.Of("samplers-table", "Samplers", caption, s_titles, report.Samplers.Select(Row))}
            <p class="note">NFE: function evaluations per sample. Relative MSE: E|x̂ − x|²/E|x|², x the exact end. Forecast: the same as the compiler expected
            it. Errors are |x̂ − x|.
            Flips: the share of samples whose error exceeds half the smallest distance of two means; they ended in another mode.{note}</p>
            <p class="source"><span>Numbers:</span> {CommandLines.Code($"compare {report.Request.ShortName} -n {report.Request.Count} --seed {seed}")}</p>

            """;
    }

    private static string Row(SamplerResult sampler, int index)
    {
        SamplerDescriptor own = sampler.Descriptor;
        ComparedSampler? compared = sampler.Compared;
        string grid = own.Grid is { } named ? $"{named}" : "given times";
        string precision = own.Precision == Precision.Double ? ", double" : "";
        return KeyedTable.Row(
            sampler.Name, index,
            KeyedTable.Words(compared is null ? "student" : $"{own.Solver}{precision}") + KeyedTable.Words(grid)
            + KeyedTable.Cell(own.SegmentCount, Notation.Count(own.SegmentCount))
            + KeyedTable.Cell(own.FunctionEvaluations, Notation.Count(own.FunctionEvaluations))
            + KeyedTable.Measured(compared?.RelativeMeanSquaredError)
            + KeyedTable.Cell(compared?.High, compared is null ? "" : $"{Notation.Scientific(compared.Low)} to {Notation.Scientific(compared.High)}")
            + KeyedTable.Measured(own.Forecast?.RelativeMeanSquaredError) + KeyedTable.Measured(compared?.MedianError)
            + KeyedTable.Measured(compared?.HighError)
            + KeyedTable.Cell(compared?.FlipShare, compared is null ? "" : Notation.Percent(compared.FlipShare)));
    }
}
