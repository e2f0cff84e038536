using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>The error of samplers against their cost, both by factors.</summary>
internal static class ErrorFigure
{
    private const double Width = 520, Height = 440, Left = 58, Right = 16, Top = 34, Bottom = 52, Radius = 5;

    /// <summary>Draws each sampler with its interval, and joins those of one solver.</summary>
    public static Figure Draw(ModelReport report)
    {
        (SamplerResult Sampler, int Index)[] drawn = [.. report.Samplers.Select((sampler, i) => (sampler, i))
            .Where(own => own.sampler.Compared is { RelativeMeanSquaredError: > 0 and < double.PositiveInfinity })];
        var canvas = new Canvas(Width, Height);
        if (drawn.Length > 0) Fill(canvas, drawn);
        else canvas.Words("axis", 0.5 * Width, 0.5 * Height, "No sampler has an error that is positive and finite.", "middle");
        string description = string.Join("; ", drawn.OrderBy(own => own.Sampler.Descriptor.FunctionEvaluations).Select(own =>
            $"{own.Sampler.Name} with {own.Sampler.Descriptor.FunctionEvaluations} evaluations has {Notation.Of(own.Sampler.Compared!.RelativeMeanSquaredError)}"));
        return new(
            "errors", "Error against cost", [new(canvas, "Relative mean squared error against function evaluations", description + ".")],
            $"Relative mean squared error E|x̂ − x|²/E|x|² on {Notation.Count(report.Request.Count)} samples, against the exact flow x from the same starts. "
                + "Bars are 95 % intervals, which are too short where few samples carry the error; rings are the compiler’s forecast. Lines join the samplers of one solver.",
            $"compare {report.Request.ShortName} -n {report.Request.Count} --seed {report.Request.Seed}");
    }

    private static void Fill(Canvas canvas, (SamplerResult Sampler, int Index)[] drawn)
    {
        double[] errors = [.. drawn.SelectMany(own => new[]
        {
            own.Sampler.Compared!.RelativeMeanSquaredError, own.Sampler.Compared.Low, own.Sampler.Compared.High,
            own.Sampler.Descriptor.Forecast?.RelativeMeanSquaredError ?? 0,
        }).Where(error => error is > 1e-300 and < double.PositiveInfinity)];
        // An interval may reach near 0, and would need an axis of its own.
        double least = 1e-3 * drawn.Min(own => own.Sampler.Compared!.RelativeMeanSquaredError);
        double low = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(errors.Min(), least)) - 0.15));
        double high = Math.Pow(10, Math.Ceiling(Math.Log10(errors.Max()) + 0.1));
        double fewest = drawn.Min(own => own.Sampler.Descriptor.FunctionEvaluations), most = drawn.Max(own => own.Sampler.Descriptor.FunctionEvaluations);
        fewest = Math.Max(fewest, 0.5);
        var area = new PlotArea(
            canvas, new(fewest / 1.3, Math.Max(most, fewest) * 1.9, Left, Width - Right, IsLog: true), new(low, high, Height - Bottom, Top, IsLog: true));
        area.Below(Ticks.Doubling(area.X.Low, area.X.High), "function evaluations per sample (NFE)", hasGrid: true);
        area.Beside(Ticks.Logarithmic(low, high, 8), "relative mean squared error", hasGrid: true);

        foreach (IGrouping<Solver, (SamplerResult Sampler, int Index)> solver in drawn.GroupBy(own => own.Sampler.Descriptor.Solver).Where(group => group.Count() > 1))
            canvas.Lines("join", solver.OrderBy(own => own.Sampler.Descriptor.FunctionEvaluations).Select(own => Place(own.Sampler)));
        var labels = new LabelPlaces(area);
        foreach ((SamplerResult sampler, _) in drawn) labels.Block(Place(sampler), Radius + 1);
        foreach ((SamplerResult sampler, int index) in drawn)
        {
            ComparedSampler compared = sampler.Compared!;
            (double x, double y) = Place(sampler);
            canvas.Add($"<g class=\"{SamplerMark.Colour(index)}\" data-s=\"{index}\">");
            canvas.Add($"<title>{Markup.Text($"{sampler.Name}: {sampler.Descriptor.FunctionEvaluations} evaluations, relative MSE {Notation.Of(compared.RelativeMeanSquaredError)} ({Notation.Of(compared.Low)} to {Notation.Of(compared.High)})")}</title>");
            if (double.IsFinite(compared.High)) canvas.Line("whisker", x, area.Y[Math.Max(compared.Low, low)], x, area.Y[compared.High]);
            if (sampler.Descriptor.Forecast is { RelativeMeanSquaredError: > 0 and < double.PositiveInfinity } forecast && area.Y.Holds(forecast.RelativeMeanSquaredError))
                canvas.Add($"<circle class=\"ring\" cx=\"{Markup.Number(x)}\" cy=\"{Markup.Number(area.Y[forecast.RelativeMeanSquaredError])}\" r=\"{Markup.Number(Radius + 3)}\"/>");
            canvas.Add(SamplerMark.At(index, x, y, Radius));
            (double labelX, double labelY, string anchor) = labels.Find(sampler.Name, (x, y));
            canvas.Words("label", labelX, labelY, sampler.Name, anchor).Add("</g>");
        }

        (double X, double Y) Place(SamplerResult sampler)
            => (area.X[Math.Max(0.5, sampler.Descriptor.FunctionEvaluations)], area.Y[sampler.Compared!.RelativeMeanSquaredError]);
    }
}
