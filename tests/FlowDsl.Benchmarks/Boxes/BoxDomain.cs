namespace FlowDsl.Benchmarks;

/// <summary>The square that holds the samples at a time. Beyond it a map goes on as a line.</summary>
internal sealed class BoxDomain
{
    // Fewer than one sample in 10^7 is farther from all means.
    private const double Deviations = 5.5;

    // A box is at most so many standard deviations of the modes in or near it.
    private const double Coarse = 3;

    private readonly (double X, double Y, double Deviation)[] _modes;

    public BoxDomain(GaussianMixtureModel model, double t)
    {
        (double a, double s2) = (model.Process.At(t).A, model.Process.At(t).S2);
        _modes =
        [
            .. model.Mixture.Means.Zip(
                model.Mixture.Covariances,
                (mean, covariance) => (a * mean[0], a * mean[1], Math.Sqrt(a * a * covariance.MinVariance + s2))),
        ];
        (double Low, double High)[] ranges = [.. Enumerable.Range(0, 2).Select(axis => (-Reach(axis, -1), Reach(axis, 1)))];
        Size = ranges.Max(range => range.High - range.Low);
        (X, Y) = (0.5 * (ranges[0].Low + ranges[0].High - Size), 0.5 * (ranges[1].Low + ranges[1].High - Size));

        double Reach(int axis, int sign) => model.Mixture.Means.Zip(model.Mixture.Covariances, (mean, covariance) =>
            sign * a * mean[axis] + Deviations * Math.Sqrt(a * a * covariance.Matrix[3 * axis] + s2)).Max();
    }

    /// <summary>Its left border.</summary>
    public double X { get; }

    /// <summary>Its lower border.</summary>
    public double Y { get; }

    /// <summary>Its side.</summary>
    public double Size { get; }

    /// <summary>The side of a box.</summary>
    public double Side(Box box) => Math.ScaleB(Size, -box.Level);

    /// <summary>A point of a box.</summary>
    public (double X, double Y) At(Box box, (double U, double V) point)
    {
        double half = 0.5 * Side(box);
        return (X + half * (2 * box.I + 1 + point.U), Y + half * (2 * box.J + 1 + point.V));
    }

    /// <summary>Whether a box is so large that its points may miss a mode.</summary>
    public bool IsCoarse(Box box)
    {
        double side = Side(box);
        (double x, double y) = At(box, (0, 0));
        return _modes.Any(mode =>
            side > Coarse * mode.Deviation && Math.Max(Math.Abs(mode.X - x), Math.Abs(mode.Y - y)) < 0.5 * side + Coarse * mode.Deviation);
    }
}
