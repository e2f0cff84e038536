namespace FlowDsl.Errors.Budget;

/// <summary>Quantiles of samples.</summary>
internal static class Quantiles
{
    /// <summary>A quantile of sorted values, linear between two of them.</summary>
    /// <param name="sorted">The values in increasing order, at least one.</param>
    /// <param name="share">From 0, the minimum, to 1, the maximum.</param>
    public static double Of(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        double part = place - below;
        // Between a finite value and an infinite one there is nothing to interpolate.
        return part == 0 ? sorted[below] : (1 - part) * sorted[below] + part * sorted[below + 1];
    }
}
