namespace FlowDsl.Examples.Baselines;

/// <summary>Errors of maps that need no network, fitted on some samples and measured on others; the metric is the published one.</summary>
/// <param name="Constant">Of the mean of y.</param>
/// <param name="Multiple">Of the best multiple of x.</param>
/// <param name="Factor">That multiple's factor.</param>
/// <param name="Affine">Of the best affine map.</param>
internal sealed record TrivialMaps(double Constant, double Multiple, double Factor, double Affine)
{
    /// <summary>Fits and measures.</summary>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="fitStarts">x to fit on, row-major.</param>
    /// <param name="fitEnds">y to fit on.</param>
    /// <param name="starts">x to measure on.</param>
    /// <param name="ends">y to measure on.</param>
    public static TrivialMaps Measure(
        int d, ReadOnlySpan<double> fitStarts, ReadOnlySpan<double> fitEnds, ReadOnlySpan<double> starts, ReadOnlySpan<double> ends)
    {
        double[] mean = new double[d];
        double product = 0, square = 0;
        for (int i = 0; i < fitEnds.Length; i++)
        {
            mean[i % d] += fitEnds[i] / (fitEnds.Length / d);
            product += fitStarts[i] * fitEnds[i];
            square += fitStarts[i] * fitStarts[i];
        }
        double[] constant = new double[ends.Length], multiple = new double[ends.Length];
        for (int i = 0; i < ends.Length; i++) (constant[i], multiple[i]) = (mean[i % d], product / square * starts[i]);
        return new TrivialMaps(
            PublishedMetric.Relative(constant, ends), PublishedMetric.Relative(multiple, ends), product / square,
            PublishedMetric.Relative(new AffineFit(d, fitStarts, fitEnds).Apply(starts), ends));
    }
}
