using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Where samplers make their errors: each segment's own, and what the exact flow makes of it by the end.</summary>
internal static class BudgetFigure
{
    private const double Width = 320, Height = 230, Left = 50, Right = 20, Top = 26, Bottom = 46;
    private const int MostPanels = 9, MostRows = 64;

    /// <summary>Draws one panel a sampler that ran; null if there is none.</summary>
    public static Figure? Draw(ModelReport report)
    {
        SamplerResult[] known = [.. report.Samplers.Where(sampler => sampler.Budget is not null)];
        if (known.Length == 0) return null;
        double[] errors = [.. known.SelectMany(sampler => sampler.Budget!.Segments)
            .SelectMany(segment => new[] { segment.LocalError, segment.Contribution }).Where(error => error is > 0 and < double.PositiveInfinity)];
        double high = errors.Length > 0 ? 1.6 * errors.Max() : 1;
        double low = errors.Length > 0 ? Math.Max(0.6 * errors.Min(), 1e-8 * high) : 1e-8;
        List<Panel> panels = [];
        foreach (SamplerResult sampler in known.Take(MostPanels))
        {
            int index = report.Samplers.IndexOf(sampler);
            panels.Add(new(
                Panel(report, sampler, index, low, high), sampler.Name, Describe(sampler), $"data-s=\"{index}\""));
        }
        string left = known.Length > MostPanels ? $" The first {MostPanels} of {known.Length} samplers." : "";
        ReportRequest request = report.Request;
        return new(
            "budget", "Where the error arises", [.. panels],
            $"For each step, the root mean square of its own error (pale line) and of what the exact flow turns it into by the end (strong line), measured on "
                + $"{known[0].Budget!.SampleCount} samples. Between them is the amplification downstream; the danger window is shaded.{left}",
            $"budget {request.ShortName}.{known[0].Name} -n {known[0].Budget!.SampleCount} --seed {request.Seed}")
        { Style = "panels wide", Table = string.Concat(known.Select(Table)) };
    }

    private static Canvas Panel(ModelReport report, SamplerResult sampler, int index, double low, double high)
    {
        var canvas = new Canvas(Width, Height);
        var area = new PlotArea(canvas, new(0, 1, Left, Width - Right), new(low, high, Height - Bottom, Top, IsLog: true));
        TimeFigure.Marks(canvas, report, area.X, area.Top, area.Bottom, hasWords: false);
        area.Below(Ticks.OfTime(report.Axis).Select(tick => tick with { Value = report.Axis.Place(tick.Value) }), "t");
        area.Beside(Ticks.Logarithmic(low, high, 5), "r.m.s. error", hasGrid: true);
        IReadOnlyList<SegmentBudget> segments = sampler.Budget!.Segments;
        canvas.Add($"<g class=\"{SamplerMark.Colour(index)}\">");
        for (int j = 0; j < segments.Count; j++)
        {
            double start = sampler.Descriptor.Times[j], end = sampler.Descriptor.Times[j + 1];
            double from = area.X[report.Axis.Place(start)], to = area.X[report.Axis.Place(end)];
            double local = area.Y[segments[j].LocalError], late = area.Y[segments[j].Contribution];
            string words = $"Step {j + 1}, t = {Notation.Of(start)} to {Notation.Of(end)}: own error {Notation.Of(segments[j].LocalError)}, "
                + $"at the end {Notation.Of(segments[j].Contribution)}";
            canvas.Add($"<g><title>{Markup.Text(words)}</title>");
            canvas.Box("band", from, Math.Min(local, late), to - from, Math.Max(Math.Abs(local - late), 0.1));
            canvas.Line("own", from, local, to, local).Line("late", from, late, to, late).Add("</g>");
        }
        canvas.Add("</g>");
        return canvas;
    }

    private static string Describe(SamplerResult sampler)
    {
        IReadOnlyList<SegmentBudget> segments = sampler.Budget!.Segments;
        int worst = Enumerable.Range(0, segments.Count).MaxBy(j => segments[j].Contribution);
        return $"Of the {segments.Count} steps of {sampler.Name}, that from t = {Notation.Of(sampler.Descriptor.Times[worst])} to "
            + $"{Notation.Of(sampler.Descriptor.Times[worst + 1])} adds most: {Notation.Of(segments[worst].Contribution)} at the end.";
    }

    private static string Table(SamplerResult sampler)
    {
        IReadOnlyList<SegmentBudget> segments = sampler.Budget!.Segments;
        string first = segments.Count > MostRows ? $", the first {MostRows} of {segments.Count} steps" : "";
        return NumberTable.Of(
            sampler.Name + first, ["step", "from t", "to t", "own error", "at the end", "amplification"],
            segments.Take(MostRows).Select((segment, j) => new[]
            {
                Notation.Count(j + 1), Notation.Of(sampler.Descriptor.Times[j], 4), Notation.Of(sampler.Descriptor.Times[j + 1], 4),
                Notation.Scientific(segment.LocalError), Notation.Scientific(segment.Contribution), Notation.Of(segment.Amplification),
            }));
    }
}
