namespace FlowDsl.Mathematics.Fields;

/// <summary>Distances in units of a component's width at a time: √(a²λ + s²) along each principal axis, λ its variance there.</summary>
internal static class ComponentWidths
{
    /// <summary>The maximum squared coordinate of a difference along the principal axes, each in units of the width; NaN if any is NaN.</summary>
    /// <param name="covariance">The component's covariance.</param>
    /// <param name="point">The process at the time.</param>
    /// <param name="difference">d values.</param>
    public static double MaxSquare(Covariance covariance, in ProcessPoint point, ReadOnlySpan<double> difference)
    {
        double greatest = 0;
        int d = difference.Length;
        for (int axis = 0; axis < d; axis++)
        {
            double along = 0;
            if (covariance.Basis is not { } basis) along = difference[axis];
            else
                for (int j = 0; j < d; j++) along += basis[j * d + axis] * difference[j];
            double square = along * along / point.Spread(covariance.Variances[axis]);
            if (double.IsNaN(square)) return square;
            greatest = Math.Max(greatest, square);
        }
        return greatest;
    }
}
