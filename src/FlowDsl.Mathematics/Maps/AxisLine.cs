namespace FlowDsl.Mathematics.Maps;

/// <summary>The flow map of one Gaussian along an axis: scale·x + shift.</summary>
/// <param name="Scale">The quotient of the standard deviations.</param>
/// <param name="Shift">What takes the mean at the start to that at the end.</param>
internal sealed record AxisLine(double Scale, double Shift)
{
    /// <summary>The map between two times.</summary>
    public static AxisLine Of(double mean, double variance, ProcessPoint from, ProcessPoint to)
    {
        double scale = Math.Sqrt(to.Spread(variance) / from.Spread(variance));
        return new AxisLine(scale, (to.A - scale * from.A) * mean);
    }
}
