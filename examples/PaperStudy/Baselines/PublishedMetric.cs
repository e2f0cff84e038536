namespace FlowDsl.Examples.Baselines;

/// <summary>The published metric.</summary>
internal static class PublishedMetric
{
    /// <summary>Σ|ŷ - y|²/Σ|y|².</summary>
    public static double Relative(ReadOnlySpan<double> results, ReadOnlySpan<double> targets)
    {
        double error = 0, scale = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            double difference = results[i] - targets[i];
            error += difference * difference;
            scale += targets[i] * targets[i];
        }
        return error / Math.Max(scale, 1e-12);
    }

    /// <summary>The root of the mean square of a coordinate.</summary>
    public static double RootMeanSquare(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return Math.Sqrt(sum / values.Length);
    }
}
