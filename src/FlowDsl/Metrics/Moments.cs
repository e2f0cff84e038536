namespace FlowDsl.Metrics;

/// <summary>The mean of independent values and the variance of that mean.</summary>
/// <param name="Mean">Σ v / n.</param>
/// <param name="VarianceOfMean">Σ (v - mean)² / (n (n - 1)).</param>
internal readonly record struct Moments(double Mean, double VarianceOfMean)
{
    /// <summary>The mean with the interval of the central limit theorem.</summary>
    public MetricEstimate Estimate => MetricEstimate.Normal(Mean, VarianceOfMean);

    /// <summary>Of at least two values.</summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values) sum += value;
        double mean = sum / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        return new(mean, squares / values.Length / (values.Length - 1));
    }
}
