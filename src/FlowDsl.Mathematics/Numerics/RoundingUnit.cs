namespace FlowDsl.Mathematics.Numerics;

/// <summary>Half the distance from 1 to the next number: the greatest relative error of one rounding.</summary>
internal static class RoundingUnit
{
    public const double Single = 1.0 / (1 << 24), Double = 1.0 / (1L << 53);

    public static double Of(Precision precision) => precision == Precision.Single ? Single : Double;
}
