using System.Globalization;
using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>All samplers side by side; the script sorts them by the keys of the cells.</summary>
internal static class SamplerTable
{
    /// <summary>Writes the table.</summary>
    public static string Of(ModelReport report)
    {
        (string Title, string Sort, bool IsWords)[] columns =
        [
            ("sampler", "text", true), ("solver", "text", true), ("grid", "text", true), ("steps", "number", false), ("NFE", "number", false),
            ("relative MSE", "number", false), ("95 % interval", "number", false), ("forecast", "number", false), ("median error", "number", false),
            ("99 % error", "number", false), ("flips", "number", false),
        ];
        string head = string.Concat(columns.Select(column =>
            $"<th scope=\"col\"{(column.IsWords ? " class=\"words\"" : "")}><button type=\"button\" data-sort=\"{column.Sort}\">{Markup.Text(column.Title)}</button></th>"));
        string rows = string.Concat(report.Samplers.Select((sampler, i) => Row(sampler, i)));
        bool hasUntrained = report.Samplers.Any(sampler => sampler.Compared is null);
        string note = hasUntrained ? " Students without weights have no figures." : "";
        return $"""
            <div class="table wide" id="samplers-table" tabindex="0" role="group" aria-label="Samplers">
            <table class="sortable"><caption>Samplers against the exact flow, on {Notation.Count(report.Request.Count)} samples of seed {report.Request.Seed.ToString(CultureInfo.InvariantCulture)}</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>{rows}</tbody></table>
            </div>
            <p class="note">NFE: function evaluations per sample. Relative MSE: E|x̂ − x|²/E|x|², x the exact end. Forecast: the same as the compiler expected it. Errors are |x̂ − x|.
            Flips: the share of samples whose error exceeds half the smallest distance of two means; they ended in another mode.{note}</p>
            <p class="source"><span>Numbers:</span> {CommandLines.Code($"compare {report.Request.ShortName} -n {report.Request.Count} --seed {report.Request.Seed}")}</p>

            """;
    }

    private static string Row(SamplerResult sampler, int index)
    {
        SamplerDescriptor own = sampler.Descriptor;
        ComparedSampler? compared = sampler.Compared;
        string grid = own.Grid is { } named ? $"{named}" : "given times";
        string precision = own.Precision == Precision.Double ? ", double" : "";
        return $"<tr data-s=\"{index}\"><th scope=\"row\" class=\"words\" data-key=\"{Markup.Text(sampler.Name)}\">{SamplerMark.Inline(index)}{Markup.Text(sampler.Name)}</th>"
            + Words(compared is null ? "student" : $"{own.Solver}{precision}") + Words(grid) + Cell(own.SegmentCount, Notation.Count(own.SegmentCount))
            + Cell(own.FunctionEvaluations, Notation.Count(own.FunctionEvaluations))
            + Error(compared?.RelativeMeanSquaredError)
            + Cell(compared?.High, compared is null ? "" : $"{Notation.Scientific(compared.Low)} to {Notation.Scientific(compared.High)}")
            + Error(own.Forecast?.RelativeMeanSquaredError) + Error(compared?.MedianError) + Error(compared?.HighError)
            + Cell(compared?.FlipShare, compared is null ? "" : Notation.Percent(compared.FlipShare)) + "</tr>";
    }

    private static string Words(string text) => $"<td class=\"words\" data-key=\"{Markup.Text(text)}\">{Markup.Text(text)}</td>";

    private static string Error(double? value) => Cell(value, value is { } known ? Notation.Scientific(known) : "");

    /// <summary>A number; one that is not known is sorted last.</summary>
    private static string Cell(double? key, string text) => $"<td data-key=\"{Key(key)}\">{(text.Length > 0 ? Markup.Text(text) : "<span class=\"none\">not known</span>")}</td>";

    private static string Key(double? value) => value switch
    {
        null => "",
        double.PositiveInfinity => "Infinity",
        { } known => known.ToString("R", CultureInfo.InvariantCulture),
    };
}
