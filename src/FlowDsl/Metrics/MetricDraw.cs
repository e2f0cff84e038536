namespace FlowDsl.Metrics;

/// <summary>What the metrics draw random numbers for, so that no two draws share them.</summary>
internal enum MetricDraw : ulong
{
    TrueLaw = 0x4D65_7472_6963_0001,
    OtherTrueLaw,
    Directions,
    Pairs,
}
