namespace FlowDsl.Benchmarks;

/// <summary>A <see cref="FieldTable"/> in single precision.</summary>
internal sealed class SingleField(FieldTable table)
{
    public FeatureKind Kind => table.Kind;

    public float SharedFactor { get; } = (float)table.SharedFactor;

    public float[] Bias { get; } = Single(table.Bias);

    public float[] Linear { get; } = Single(table.Linear);

    public float[] Quadratic { get; } = Single(table.Quadratic);

    public float[] Constants { get; } = Single(table.Constants);

    public float[] Factors { get; } = Single(table.Factors);

    private static float[] Single(double[] values) => Array.ConvertAll(values, value => (float)value);
}
