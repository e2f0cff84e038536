using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Exact flow paths from noise to data.</summary>
internal static class PathFigure
{
    private const double Width = 480;

    /// <summary>The paths in the plane, over the density of the data; null for a line, which has no plane.</summary>
    public static Figure? InPlane(ModelReport report) => report.Pictures.Stages.Length == 0 ? null : new(
        "paths", "Trajectories in the plane",
        [new(
            OverPlane(report, report.Pictures.Stages[^1]), "Trajectories",
            $"{report.Paths.Count} exact flow paths from noise, spread widely, to data, gathered at the modes.")],
        $"{report.Paths.Count} exact paths of the probability-flow ODE over the density of the data, from x<sub>T</sub> (rings) to x<sub>0</sub> "
            + $"(dots){Unit(report)}. The starts are those of the first samples of this seed; the command writes where a sampler takes them.",
        Command(report));

    /// <summary>The first coordinate of the paths, over its law at each time.</summary>
    public static Figure OverTime(ModelReport report)
    {
        string name = report.Pictures.View.Labels[0];
        string where = report.Pictures.View.Axes.Length == 1 ? "x"
            : report.Pictures.View.IsWhole ? "the first coordinate"
            : "the coordinate along the first principal axis";
        return new(
            "time-paths", "Trajectories over time",
            [new(OverTime(report, name), "Trajectories over time", $"The same paths against time. They part where the modes separate{Danger(report)}.")],
            $"The paths against time, over the exact law of {where}{Unit(report)}. "
                + $"The shades hold the same shares of the probability at each time: {Shades.Legend}",
            Command(report));
    }

    private static string Unit(ModelReport report)
        => report.Pictures.Unit.IsScaled ? ", in the unit m + (x − am)·√(v/(a²v + s²)), which has the centre and the spread of the data at all times" : "";

    private static string Danger(ModelReport report)
        => report.Stability.DangerWindow is { } window ? $"; errors grow most from t = {Notation.Of(window.From)} to {Notation.Of(window.To)}" : "";

    private static string Command(ModelReport report) => report.Ran.FirstOrDefault() is { } sampler
        ? $"sample {report.Request.ShortName}.{sampler.Name} -n {report.Paths.Count} --seed {report.Request.Seed} --errors --out paths.csv"
        : $"show {report.Request.ShortName}";

    private static Canvas OverPlane(ModelReport report, DensityGrid grid)
    {
        PlotArea area = PlaneFrame.Create(grid, report.Pictures.View, Width, 7, hasTitles: true);
        Shades.Fill(area, grid);
        Draw(area, report.Paths, (_, point) => (area.X[point[0]], area.Y[point[1]]));
        return area.Canvas;
    }

    private static Canvas OverTime(ModelReport report, string name)
    {
        DensityOverTime density = report.Pictures.OverTime;
        bool isAlone = report.Pictures.View.Axes.Length == 1;
        double width = isAlone ? 2 * Width : Width;
        // As high as the plane beside it.
        double height = isAlone ? 420 : PlaneFrame.Create(report.Pictures.Stages[^1], report.Pictures.View, Width, 7, hasTitles: true).Bottom + 48;
        var canvas = new Canvas(width, height);
        var area = new PlotArea(canvas, new(0, 1, 56, width - 20), new(density.X[0], density.X[^1], height - 48, 30));
        Shades.Fill(area, density);
        Draw(area, report.Paths, (time, point) => (area.X[report.Axis.Place(time)], area.Y[point[0]]));
        area.Below(Ticks.OfTime(report.Axis).Select(tick => tick with { Value = report.Axis.Place(tick.Value) }), "time t, sampling runs to the right");
        area.Beside(Ticks.Linear(density.X[0], density.X[^1], 7), name);
        return canvas;
    }

    private static void Draw(PlotArea area, PathBundle paths, Func<double, ReadOnlySpan<double>, (double X, double Y)> place)
    {
        int columns = paths.Points[0].Length / paths.Count;
        for (int i = 0; i < paths.Count; i++)
        {
            (double X, double Y)[] points = new (double, double)[paths.Times.Length];
            for (int j = 0; j < points.Length; j++) points[j] = place(paths.Times[j], paths.Points[j].AsSpan().Slice(i * columns, columns));
            area.Canvas.Lines("path", points);
            area.Canvas.Add($"<circle class=\"start\" cx=\"{Markup.Number(points[0].X)}\" cy=\"{Markup.Number(points[0].Y)}\" r=\"2.2\"/>");
            area.Canvas.Add($"<circle class=\"end\" cx=\"{Markup.Number(points[^1].X)}\" cy=\"{Markup.Number(points[^1].Y)}\" r=\"2.4\"/>");
        }
    }
}
