using FlowDsl.Hosting.Reports.Gathering;
using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>The density of the data, and of the law on the way from noise to data.</summary>
internal static class DensityFigure
{
    private const double Width = 480, SmallWidth = 240;

    /// <summary>The density at the early stop.</summary>
    public static Figure Data(ModelReport report)
    {
        DensityPictures pictures = report.Pictures;
        string time = Notation.Of(report.Model.Process.EarlyStop);
        Canvas canvas = pictures.Data is { } grid ? Plane(report, grid) : Line(pictures.Curves[^1]);
        string plane = pictures.View.Labels[0] == "x₁" ? "the first two coordinates" : "the two longest principal axes";
        string part = pictures.View.IsWhole
            ? ""
            : $"This is the exact marginal in the plane of {plane}, which holds {Notation.Percent(pictures.View.VarianceShare)} of the variance.";
        string caption = pictures.Data is null
            ? $"The exact density at t = {time}."
            : $"Crosses are the means. Each shade is the smallest region that holds a share of the probability: {Shades.Legend}";
        string description = $"The density of {report.Model.ComponentCount} Gaussians at time {time}. {Means(report.Model.Mixture, pictures.View)}";
        return new(
            "density", "The density of the data", [new(canvas, "The density of the data", description)],
            part.Length > 0 ? part + " " + caption : caption, $"show {report.Request.ShortName}");
    }

    /// <summary>The density at some times.</summary>
    public static Figure Stages(ModelReport report)
    {
        DensityPictures pictures = report.Pictures;
        List<Panel> panels = [];
        foreach (DensityGrid grid in pictures.Stages)
        {
            PlotArea area = PlaneFrame.Create(grid, pictures.View, SmallWidth, 4, hasTitles: false);
            Shades.Fill(area, grid);
            panels.Add(new(area.Canvas, $"t = {Notation.Of(grid.Time)}", $"The density at time {Notation.Of(grid.Time)}."));
        }
        foreach (DensityCurve curve in pictures.Curves)
            panels.Add(new(Small(curve), $"t = {Notation.Of(curve.Time)}", $"The density at time {Notation.Of(curve.Time)}."));
        string scaled = pictures.Unit.IsScaled && pictures.Data is not null
            ? " So that all times share one scale, they show m + (x − am)·√(v/(a²v + s²)), m and v the data’s mean and mean variance."
            : "";
        return new(
            "stages", "From noise to data", [.. panels],
            $"The exact law of x<sub>t</sub> at {panels.Count} times, chosen so that noise turns into signal at an even pace.{scaled}",
            $"show {report.Request.ShortName}")
        { Style = "strip wide" };
    }

    private static Canvas Plane(ModelReport report, DensityGrid grid)
    {
        PlotArea area = PlaneFrame.Create(grid, report.Pictures.View, Width, 7, hasTitles: true);
        Shades.Fill(area, grid);
        Mixture mixture = report.Model.Mixture;
        double a = report.Model.Process.At(grid.Time).A;
        const int most = 200;
        foreach (ImmutableArray<double> mean in mixture.Means.Take(most))
        {
            double[] place = report.Pictures.View.Project(mean.AsSpan());
            double x = area.X[a * place[0]], y = area.Y[a * place[1]];
            area.Canvas.Add($"<path class=\"mean\" d=\"M{Canvas.Point(x - 4, y)}h8M{Canvas.Point(x, y - 4)}v8\"/>");
        }
        return area.Canvas;
    }

    private static Canvas Line(DensityCurve curve)
    {
        var canvas = new Canvas(Width, 360);
        double high = 1.05 * curve.Density.Max();
        var area = new PlotArea(canvas, new(curve.X[0], curve.X[^1], 56, Width - 12), new(0, high, 312, 30));
        Fill(area, curve);
        area.Below(Ticks.Linear(curve.X[0], curve.X[^1], 8), "x").Beside(Ticks.Linear(0, high, 6), "density");
        return canvas;
    }

    private static Canvas Small(DensityCurve curve)
    {
        var canvas = new Canvas(SmallWidth, 190);
        double high = 1.05 * curve.Density.Max();
        var area = new PlotArea(canvas, new(curve.X[0], curve.X[^1], 40, SmallWidth - 12), new(0, high, 164, 8));
        Fill(area, curve);
        area.Below(Ticks.Linear(curve.X[0], curve.X[^1], 4)).Beside(Ticks.Linear(0, high, 3));
        return canvas;
    }

    private static void Fill(PlotArea area, DensityCurve curve)
    {
        (double X, double Y)[] points = [.. curve.X.Select((x, i) => (area.X[x], area.Y[curve.Density[i]]))];
        area.Canvas.Add($"<path class=\"d3\" d=\"{Canvas.Polyline([(area.Left, area.Bottom), .. points, (area.Right, area.Bottom)])}Z\"/>");
        area.Canvas.Lines("curve", points);
    }

    private static string Means(Mixture mixture, PictureView view)
    {
        const int most = 6;
        IEnumerable<string> means = mixture.Means.Take(most).Select((mean, k) =>
            $"weight {Notation.Of(mixture.Weights[k])} at {string.Join(", ", view.Project(mean.AsSpan()).Select(value => Notation.Of(value)))}");
        return $"Components: {string.Join("; ", means)}{(mixture.Count > most ? $"; and {mixture.Count - most} more" : "")}.";
    }
}
