using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Pictures of a plane: with one unit for both axes, unless one of them is far longer.</summary>
internal static class PlaneFrame
{
    /// <summary>A picture with labelled axes.</summary>
    /// <param name="grid">What is shown; its window is the picture's.</param>
    /// <param name="view">The axes' names.</param>
    /// <param name="width">The width of the picture.</param>
    /// <param name="most">The most ticks of the horizontal axis.</param>
    /// <param name="hasTitles">Whether the axes are named.</param>
    public static PlotArea Create(DensityGrid grid, PictureView view, double width, int most, bool hasTitles)
    {
        double left = hasTitles ? 56 : 34, right = 12, top = hasTitles ? 30 : 8, bottom = hasTitles ? 48 : 26;
        double across = grid.X[^1] - grid.X[0], up = grid.Y[^1] - grid.Y[0];
        double inner = width - left - right, height = inner * Math.Clamp(up / across, 0.55, 1);
        // One unit for both: the shorter axis gets more of the plane.
        double unit = Math.Max(across / inner, up / height);
        bool isEqual = up / across is > 0.2 and < 5;
        (double low, double high) = isEqual ? Widened(grid.X, unit * inner) : (grid.X[0], grid.X[^1]);
        (double floor, double ceiling) = isEqual ? Widened(grid.Y, unit * height) : (grid.Y[0], grid.Y[^1]);
        var canvas = new Canvas(width, top + height + bottom);
        var area = new PlotArea(canvas, new(low, high, left, width - right), new(floor, ceiling, top + height, top));
        area.Below(Ticks.Linear(low, high, most), hasTitles ? view.Labels[0] : "");
        area.Beside(Ticks.Linear(floor, ceiling, Math.Max(4, (int)(most * height / inner))), hasTitles ? view.Labels[1] : "");
        return area;
    }

    private static (double Low, double High) Widened(ImmutableArray<double> lines, double length)
    {
        double middle = 0.5 * (lines[0] + lines[^1]);
        return (middle - 0.5 * length, middle + 0.5 * length);
    }
}
