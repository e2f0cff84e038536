using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.MultiplotLayouts;

namespace FlowDsl.Examples;

/// <summary>Starts and samples, each in the colour of its estimated error.</summary>
internal static class Picture
{
    private const int Shades = 48, MaxPoints = 6000;

    public static void Save(string path, float[] starts, float[] samples, double[] estimates)
    {
        double[] logarithms = [.. estimates.Take(MaxPoints).Select(Math.Log10)];
        var scale = new Scale(Math.Floor(Quantile(logarithms, 0.01)), Math.Ceiling(Quantile(logarithms, 0.999)));
        var figure = new Multiplot();
        figure.AddPlots(2);
        figure.Layout = new Columns();
        Fill(figure.GetPlot(0), "starts x_T", starts, logarithms, scale);
        Fill(figure.GetPlot(1), "samples x_0", samples, logarithms, scale);
        figure.GetPlot(1).Add.ColorBar(scale).Label = "log10 of the estimated error";
        figure.SavePng(path, 960, 430);
    }

    private static void Fill(Plot plot, string title, float[] points, double[] logarithms, Scale scale)
    {
        // One set of points a shade, the worst on top.
        IEnumerable<IGrouping<int, int>> shades =
            Enumerable.Range(0, logarithms.Length).GroupBy(i => (int)(scale.Position(logarithms[i]) * (Shades - 1)));
        foreach (IGrouping<int, int> shade in shades.OrderBy(shade => shade.Key))
        {
            Coordinates[] places = [.. shade.Select(i => new Coordinates(points[2 * i], points[2 * i + 1]))];
            plot.Add.ScatterPoints(places, scale.Colormap.GetColor((double)shade.Key / (Shades - 1))).MarkerSize = 3;
        }
        plot.Title(title);
        plot.Axes.SquareUnits();
    }

    private static double Quantile(double[] values, double share) => values.Order().ElementAt((int)(share * (values.Length - 1)));

    private sealed class Scale(double least, double greatest) : IHasColorAxis
    {
        public IColormap Colormap { get; } = new Turbo();

        public double Position(double value) => Math.Clamp((value - least) / (greatest - least), 0, 1);

        public ScottPlot.Range GetRange() => new(least, greatest);
    }
}
