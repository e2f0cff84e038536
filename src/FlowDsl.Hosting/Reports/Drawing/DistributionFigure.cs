using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>How the errors of each sampler's samples are distributed: most are far smaller than the few that make the mean.</summary>
internal static class DistributionFigure
{
    private const double Width = 520, Height = 440, Left = 58, Right = 16, Top = 34, Bottom = 52;
    private const int MostPoints = 120;

    /// <summary>Draws the share of samples whose error is above each length.</summary>
    public static Figure Draw(ModelReport report)
    {
        (SamplerResult Sampler, int Index, double[] Errors)[] drawn = [.. report.Samplers.Select((sampler, i) => (sampler, i))
            .Where(own => own.sampler.Samples is not null)
            .Select(own => (own.sampler, own.i, own.sampler.Samples!.Errors.Where(error => error is > 0 and < double.PositiveInfinity).Order().ToArray()))
            .Where(own => own.Item3.Length > 0)];
        var canvas = new Canvas(Width, Height);
        int count = report.Ran.First().Samples!.Errors.Length;
        if (drawn.Length > 0) Fill(canvas, drawn, count);
        else canvas.Words("axis", 0.5 * Width, 0.5 * Height, "No sample has an error that is positive and finite.", "middle");
        string description = string.Join("; ", drawn.Select(own =>
            $"{own.Sampler.Name}: half below {Notation.Of(own.Sampler.Compared!.MedianError)}, 99 % below {Notation.Of(own.Sampler.Compared.HighError)}"));
        return new(
            "distribution", "Distribution of errors", [new(canvas, "Share of samples whose error is above a length", description + ".")],
            $"The share of {Notation.Count(count)} samples whose error |x̂ − x| is above a length. A long tail to the right is of samples near the border of two modes, "
                + "which a mean squared error is mostly made of. The command prints the median and the 99 % quantile of all samples.",
            $"compare {report.Request.ShortName} -n {report.Request.Count} --seed {report.Request.Seed}");
    }

    private static void Fill(Canvas canvas, (SamplerResult Sampler, int Index, double[] Errors)[] drawn, int count)
    {
        double low = Math.Pow(10, Math.Floor(Math.Log10(drawn.Min(own => own.Errors[own.Errors.Length / 20]))));
        double high = Math.Pow(10, Math.Ceiling(Math.Log10(drawn.Max(own => own.Errors[^1]))));
        if (high <= low) high = 10 * low;
        var area = new PlotArea(
            canvas, new(low, high, Left, Width - Right, IsLog: true), new(0.5 / count, 1, Height - Bottom, Top, IsLog: true));
        area.Below(Ticks.Logarithmic(low, high, 8), "error |x̂ − x|", hasGrid: true);
        area.Beside(Ticks.Logarithmic(area.Y.Low, 1, 6), "share of samples above", hasGrid: true);
        foreach ((SamplerResult sampler, int index, double[] errors) in drawn)
        {
            canvas.Add($"<g class=\"{SamplerMark.Colour(index)}\" data-s=\"{index}\"><title>{Markup.Text(sampler.Name)}</title>");
            (double X, double Y)[] points = [.. Places(errors.Length).Where(i => area.X.Holds(errors[i]))
                .Select(i => (area.X[errors[i]], area.Y[(double)(errors.Length - i) / count]))];
            canvas.Lines("tail", points);
            // The marks tell the curves apart without colours: at the median, at a tenth, at a hundredth.
            foreach (double share in new[] { 0.5, 0.1, 0.01 })
            {
                int i = errors.Length - (int)Math.Round(share * count);
                if (i >= 0 && i < errors.Length && area.X.Holds(errors[i])) canvas.Add(SamplerMark.At(index, area.X[errors[i]], area.Y[share], 3.6));
            }
            canvas.Add("</g>");
        }
    }

    /// <summary>Indices that are even by the logarithm of the share above.</summary>
    private static IEnumerable<int> Places(int count)
        => Enumerable.Range(0, MostPoints).Select(i => count - (int)Math.Ceiling(Math.Pow(count, 1 - (double)i / (MostPoints - 1)))).Distinct();
}
