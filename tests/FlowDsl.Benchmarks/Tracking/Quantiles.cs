namespace FlowDsl.Benchmarks;

/// <summary>Order statistics.</summary>
internal static class Quantiles
{
    public static double Median<T>(IReadOnlyCollection<T> values)
        where T : IConvertible => Of(values, 0.5);

    public static double Of<T>(IReadOnlyCollection<T> values, double share)
        where T : IConvertible => values.Order().ElementAt((int)(share * (values.Count - 1))).ToDouble(null);
}
