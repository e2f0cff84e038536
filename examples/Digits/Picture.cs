using ScottPlot;
using ScottPlot.Colormaps;

namespace FlowDsl.Examples;

/// <summary>Draws digits.</summary>
internal static class Picture
{
    private const int Side = 8, Columns = 8, Scale = 6;

    /// <summary>Two grids of digits side by side.</summary>
    public static void Save(string path, double[] left, double[] right)
    {
        int rows = left.Length / Digits.Dimension / Columns, width = Columns * (Side + 1) + 1;
        // Between digits there is paper; a line of grey parts the grids.
        double[,] pixels = new double[rows * (Side + 1) + 1, 2 * width + 1];
        for (int y = 0; y < pixels.GetLength(0); y++) pixels[y, width] = 8;
        for (int i = 0; i < left.Length; i++)
        {
            (int digit, int pixel) = Math.DivRem(i, Digits.Dimension);
            int y = digit / Columns * (Side + 1) + 1 + pixel / Side, x = digit % Columns * (Side + 1) + 1 + pixel % Side;
            (pixels[y, x], pixels[y, x + width + 1]) = (Ink(left[i]), Ink(right[i]));
        }
        var plot = new Plot();
        var map = plot.Add.Heatmap(pixels);
        map.Colormap = new Grayscale().Reversed();
        map.ManualRange = new ScottPlot.Range(0, 16);
        plot.HideGrid();
        plot.Layout.Frameless();
        plot.Axes.Margins(0, 0);
        plot.SavePng(path, Scale * pixels.GetLength(1), Scale * pixels.GetLength(0));
    }

    private static double Ink(double value) => Math.Clamp(value, 0, 16);
}
