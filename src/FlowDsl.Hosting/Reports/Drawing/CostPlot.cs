using FlowDsl.Hosting.Reports.Gathering;
using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>A sampler in a plot of errors against costs.</summary>
/// <param name="Sampler">The sampler.</param>
/// <param name="Index">Its number.</param>
/// <param name="Error">Its error, positive and finite, with its interval.</param>
/// <param name="Forecast">What the compiler expected; null where it expected nothing.</param>
internal sealed record CostPoint(SamplerResult Sampler, int Index, MetricEstimate Error, double? Forecast = null);

/// <summary>Errors of samplers against their evaluations, both by factors.</summary>
internal static class CostPlot
{
    private const double Width = 520, Height = 440, Left = 58, Right = 16, Top = 34, Bottom = 52, Radius = 5;

    /// <summary>Draws each sampler with its interval, and joins those of one solver.</summary>
    /// <param name="drawn">The samplers.</param>
    /// <param name="axis">What the error is.</param>
    /// <param name="name">The same in a few letters.</param>
    /// <param name="none">What to say if there are none.</param>
    public static Canvas Draw(CostPoint[] drawn, string axis, string name, string none)
    {
        var canvas = new Canvas(Width, Height);
        if (drawn.Length > 0) Fill(canvas, drawn, axis, name);
        else canvas.Words("axis", 0.5 * Width, 0.5 * Height, none, "middle");
        return canvas;
    }

    /// <summary>The samplers in words, the cheapest first.</summary>
    public static string Describe(CostPoint[] drawn) => string.Join("; ", drawn.OrderBy(own => own.Sampler.Descriptor.FunctionEvaluations).Select(own =>
        $"{own.Sampler.Name} with {own.Sampler.Descriptor.FunctionEvaluations} evaluations has {Notation.Of(own.Error.Value)}")) + ".";

    private static void Fill(Canvas canvas, CostPoint[] drawn, string axis, string name)
    {
        double[] errors = [.. drawn.SelectMany(own => new[] { own.Error.Value, own.Error.Low, own.Error.High, own.Forecast ?? 0 })
            .Where(error => error is > 1e-300 and < double.PositiveInfinity)];
        // An interval may reach near 0, and would need an axis of its own.
        double least = 1e-3 * drawn.Min(own => own.Error.Value);
        double low = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(errors.Min(), least)) - 0.15));
        double high = Math.Pow(10, Math.Ceiling(Math.Log10(errors.Max()) + 0.1));
        double fewest = drawn.Min(own => own.Sampler.Descriptor.FunctionEvaluations), most = drawn.Max(own => own.Sampler.Descriptor.FunctionEvaluations);
        fewest = Math.Max(fewest, 0.5);
        var area = new PlotArea(
            canvas, new(fewest / 1.3, Math.Max(most, fewest) * 1.9, Left, Width - Right, IsLog: true), new(low, high, Height - Bottom, Top, IsLog: true));
        area.Below(Ticks.Doubling(area.X.Low, area.X.High), "function evaluations per sample (NFE)", hasGrid: true);
        area.Beside(Ticks.Logarithmic(low, high, 8), axis, hasGrid: true);

        foreach (IGrouping<Solver, CostPoint> solver in drawn.GroupBy(own => own.Sampler.Descriptor.Solver).Where(group => group.Count() > 1))
            canvas.Lines("join", solver.OrderBy(own => own.Sampler.Descriptor.FunctionEvaluations).Select(Place));
        var labels = new LabelPlaces(area);
        foreach (CostPoint point in drawn) labels.Block(Place(point), Radius + 1);
        foreach (CostPoint point in drawn)
        {
            (SamplerResult sampler, int index, MetricEstimate error, double? forecast) = point;
            (double x, double y) = Place(point);
            canvas.Add($"<g class=\"{SamplerMark.Colour(index)}\" data-s=\"{index}\">");
            string words = $"{sampler.Name}: {sampler.Descriptor.FunctionEvaluations} evaluations, {name} {Notation.Of(error.Value)} "
                + $"({Notation.Of(error.Low)} to {Notation.Of(error.High)})";
            canvas.Add($"<title>{Markup.Text(words)}</title>");
            if (double.IsFinite(error.High)) canvas.Line("whisker", x, area.Y[Math.Max(error.Low, low)], x, area.Y[error.High]);
            if (forecast is > 0 and < double.PositiveInfinity && area.Y.Holds(forecast.Value))
            {
                double height = area.Y[forecast.Value];
                canvas.Add($"<circle class=\"ring\" cx=\"{Markup.Number(x)}\" cy=\"{Markup.Number(height)}\" r=\"{Markup.Number(Radius + 3)}\"/>");
            }
            canvas.Add(SamplerMark.At(index, x, y, Radius));
            (double labelX, double labelY, string anchor) = labels.Find(sampler.Name, (x, y));
            canvas.Words("label", labelX, labelY, sampler.Name, anchor).Add("</g>");
        }

        (double X, double Y) Place(CostPoint point)
            => (area.X[Math.Max(0.5, point.Sampler.Descriptor.FunctionEvaluations)], area.Y[point.Error.Value]);
    }
}
