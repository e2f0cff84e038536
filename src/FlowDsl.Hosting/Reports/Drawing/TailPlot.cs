namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>The errors of a sampler's samples.</summary>
/// <param name="Name">The sampler's name.</param>
/// <param name="Index">Its number.</param>
/// <param name="Errors">Those that are positive and finite, in increasing order; at least one.</param>
internal sealed record Tail(string Name, int Index, double[] Errors)
{
    /// <summary>Of the errors of all its samples; null if none is positive and finite.</summary>
    public static Tail? Of(string name, int index, IEnumerable<double> errors)
        => errors.Where(error => error is > 0 and < double.PositiveInfinity).Order().ToArray() is { Length: > 0 } sorted ? new(name, index, sorted) : null;
}

/// <summary>How errors of samples are distributed, both axes by factors: most are far smaller than the few that make the mean.</summary>
internal static class TailPlot
{
    private const double Width = 520, Height = 440, Left = 58, Right = 16, Top = 34, Bottom = 52;
    private const int MostPoints = 120;

    /// <summary>Draws the share of samples whose error is above each size.</summary>
    /// <param name="drawn">The samplers.</param>
    /// <param name="count">The samples of each, those without a finite error too.</param>
    /// <param name="axis">What the error is.</param>
    /// <param name="none">What to say if there are none.</param>
    public static Canvas Draw(Tail[] drawn, int count, string axis, string none)
    {
        var canvas = new Canvas(Width, Height);
        if (drawn.Length > 0) Fill(canvas, drawn, count, axis);
        else canvas.Words("axis", 0.5 * Width, 0.5 * Height, none, "middle");
        return canvas;
    }

    private static void Fill(Canvas canvas, Tail[] drawn, int count, string axis)
    {
        double low = Math.Pow(10, Math.Floor(Math.Log10(drawn.Min(own => own.Errors[own.Errors.Length / 20]))));
        double high = Math.Pow(10, Math.Ceiling(Math.Log10(drawn.Max(own => own.Errors[^1]))));
        if (high <= low) high = 10 * low;
        var area = new PlotArea(
            canvas, new(low, high, Left, Width - Right, IsLog: true), new(0.5 / count, 1, Height - Bottom, Top, IsLog: true));
        area.Below(Ticks.Logarithmic(low, high, 8), axis, hasGrid: true);
        area.Beside(Ticks.Logarithmic(area.Y.Low, 1, 6), "share of samples above", hasGrid: true);
        foreach ((string name, int index, double[] errors) in drawn)
        {
            canvas.Add($"<g class=\"{SamplerMark.Colour(index)}\" data-s=\"{index}\"><title>{Markup.Text(name)}</title>");
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
