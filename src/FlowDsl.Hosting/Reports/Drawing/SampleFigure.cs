using System.Globalization;
using System.Text;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Samples of each sampler, coloured by their distance from where the exact flow takes their starts.</summary>
internal static class SampleFigure
{
    private const double Width = 320;
    private const int MostPanels = 9, Classes = 5;

    /// <summary>Draws one panel a sampler.</summary>
    public static Figure Draw(ModelReport report)
    {
        SamplerResult[] ran = [.. report.Ran];
        int first = FirstExponent(report);
        List<Panel> panels = [];
        foreach (SamplerResult sampler in ran.Take(MostPanels))
        {
            SampleErrors samples = sampler.Samples!;
            int flips = samples.Errors.Count(error => !(error <= samples.FlipDistance));
            Canvas canvas = report.Pictures.Data is { } grid ? Plane(report, grid, samples, first) : Line(report, samples, first);
            string description = $"{samples.Errors.Length} samples of {sampler.Name}. Median error {Notation.Of(sampler.Compared!.MedianError)}, "
                + $"99 % of the errors below {Notation.Of(sampler.Compared.HighError)}; {flips} of these samples ended in another mode.";
            panels.Add(new(canvas, sampler.Name, description, $"data-s=\"{report.Samplers.IndexOf(sampler)}\""));
        }
        int count = ran[0].Samples!.Errors.Length;
        string left = ran.Length > MostPanels ? $" The first {MostPanels} of {ran.Length} samplers." : "";
        string legend = "<span class=\"shades\">" + string.Concat(Enumerable.Range(0, Classes).Select(i => Swatch(i, first)))
            + "<span class=\"shade\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path class=\"flip\" d=\"M2.5 2.5l7 7m0-7l-7 7\"/></svg>"
            + "another mode</span></span>";
        return new(
            "samples", "Samples, by their error", [.. panels],
            $"{Notation.Count(count)} samples of each sampler, from the same starts; the colour is |x̂ − x|, the distance from where the exact flow "
                + $"takes the start; the command writes the samples with their estimated errors.{left} {legend}",
            $"sample {report.Request.ShortName}.{ran[0].Name} -n {count} --seed {report.Request.Seed} --errors --out samples.csv")
        { Style = "panels wide" };
    }

    /// <summary>The power of ten below which an error is of the first class: four decades below the data's spread.</summary>
    private static int FirstExponent(ModelReport report)
    {
        double spread = Math.Sqrt(report.Pictures.Unit.Variance);
        return (spread > 0 ? (int)Math.Round(Math.Log10(spread)) : 0) - 4;
    }

    private static string Swatch(int index, int first)
    {
        string words = index == 0 ? $"below {Notation.Power(first)}" : index == Classes - 1 ? $"above {Notation.Power(first + Classes - 2)}"
            : $"to {Notation.Power(first + index)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<span class=\"shade\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><circle class=\"f{index}\" cx=\"6\" cy=\"6\" r=\"4\"/></svg>"
            + $"{words}</span>");
    }

    private static Canvas Plane(ModelReport report, DensityGrid grid, SampleErrors samples, int first)
    {
        PlotArea area = PlaneFrame.Create(grid, report.Pictures.View, Width, 5, hasTitles: false);
        Shades.Outline(area, grid);
        Scatter(area, samples, first, i => (samples.Points[2 * i], samples.Points[2 * i + 1]));
        return area.Canvas;
    }

    /// <summary>On a line the second axis is the error itself.</summary>
    private static Canvas Line(ModelReport report, SampleErrors samples, int first)
    {
        DensityCurve curve = report.Pictures.Curves[^1];
        var canvas = new Canvas(Width, 250);
        double low = Math.Pow(10, first - 1), high = Math.Pow(10, first + Classes);
        var area = new PlotArea(canvas, new(curve.X[0], curve.X[^1], 56, Width - 12), new(low, high, 224, 28, IsLog: true));
        area.Below(Ticks.Linear(curve.X[0], curve.X[^1], 6)).Beside(Ticks.Logarithmic(low, high, 5), "|x̂ − x| against x̂");
        Scatter(area, samples, first, i => (samples.Points[i], samples.Errors[i]));
        return canvas;
    }

    /// <summary>Points by classes, the largest errors last, so that none hides them.</summary>
    private static void Scatter(PlotArea area, SampleErrors samples, int first, Func<int, (double X, double Y)> place)
    {
        var groups = new StringBuilder[Classes + 1];
        for (int i = 0; i < samples.Errors.Length; i++)
        {
            (double x, double y) = place(i);
            // A sample that is not finite, or far out, has no place here; the table counts it.
            if (!area.X.Holds(x) || double.IsNaN(y) || (!area.Y.Holds(y) && !area.Y.IsLog)) continue;
            int own = ClassOf(samples.Errors[i], samples.FlipDistance, first);
            string point = Canvas.Point(area.X[x], area.Y[y]);
            (groups[own] ??= new StringBuilder()).Append(own == Classes ? $"M{point}m-3-3l6 6m0-6l-6 6" : $"M{point}h0");
        }
        for (int own = 0; own <= Classes; own++)
            if (groups[own] is { } data) area.Canvas.Add($"<path class=\"{(own == Classes ? "flip" : $"e{own}")}\" d=\"{data}\"/>");
    }

    private static int ClassOf(double error, double flipDistance, int first)
        => !(error <= flipDistance) ? Classes : error <= 0 ? 0 : Math.Clamp((int)Math.Floor(Math.Log10(error)) - first + 1, 0, Classes - 1);
}
