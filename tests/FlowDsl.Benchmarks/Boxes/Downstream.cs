namespace FlowDsl.Benchmarks;

/// <summary>What the rest of the flow makes of a small error in a box's image.</summary>
/// <param name="Slope">The squared norm of the affine map that fits the rest of the flow best.</param>
/// <param name="Break">The mean square of what that map leaves.</param>
/// <param name="Width">The image's least standard deviation.</param>
internal readonly record struct Downstream(double Slope, double Break, double Width)
{
    /// <summary>Fits an affine map.</summary>
    /// <param name="images">Points of the image.</param>
    /// <param name="ends">Where the rest of the flow takes them.</param>
    public static Downstream Of(ReadOnlySpan<double> images, ReadOnlySpan<double> ends)
    {
        int n = images.Length / 2;
        (double mx, double my, double mu, double mv) = (0, 0, 0, 0);
        for (int i = 0; i < n; i++) (mx, my, mu, mv) = (mx + images[2 * i] / n, my + images[2 * i + 1] / n, mu + ends[2 * i] / n, mv + ends[2 * i + 1] / n);
        (double xx, double xy, double yy, double ux, double uy, double vx, double vy, double total) = (0, 0, 0, 0, 0, 0, 0, 0);
        for (int i = 0; i < n; i++)
        {
            (double x, double y, double u, double v) = (images[2 * i] - mx, images[2 * i + 1] - my, ends[2 * i] - mu, ends[2 * i + 1] - mv);
            (xx, xy, yy, total) = (xx + x * x / n, xy + x * y / n, yy + y * y / n, total + (u * u + v * v) / n);
            (ux, uy, vx, vy) = (ux + u * x / n, uy + u * y / n, vx + v * x / n, vy + v * y / n);
        }
        double determinant = Math.Max(xx * yy - xy * xy, 1e-12 * (xx + yy) * (xx + yy));
        (double a, double b) = ((ux * yy - uy * xy) / determinant, (uy * xx - ux * xy) / determinant);
        (double c, double d) = ((vx * yy - vy * xy) / determinant, (vy * xx - vx * xy) / determinant);
        double explained = a * ux + b * uy + c * vx + d * vy;
        return new(a * a + b * b + c * c + d * d, Math.Max(0, total - explained), Math.Sqrt(determinant / (xx + yy)));
    }

    /// <summary>The expected squared error at the end.</summary>
    /// <param name="square">The mean squared error of the image.</param>
    /// <remarks>
    /// Where the rest of the flow breaks, between two modes, an error takes those points to the other side that are as near to the break: a share of the
    /// image's width.
    /// </remarks>
    public double Square(double square) => Slope * square + Break * Math.Min(1, Math.Sqrt(square) / Width);
}
