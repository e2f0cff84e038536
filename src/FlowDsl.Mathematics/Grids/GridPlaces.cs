namespace FlowDsl.Mathematics.Grids;

/// <summary>Times in the coordinate r/(r + c), r = s/a, which is finite at both ends, linear in r near the data and in 1/r near the noise.</summary>
/// <param name="process">The process.</param>
/// <param name="scale">c, the scale of the data; positive.</param>
internal sealed class GridPlaces(Process process, double scale)
{
    /// <summary>The coordinates in the scale of a mixture.</summary>
    /// <param name="process">The process.</param>
    /// <param name="mixture">The mixture.</param>
    public static GridPlaces Of(Process process, Mixture mixture) => new(process, ScaleOf(process, mixture));

    /// <summary>The scale of a mixture: its mean standard deviation, or the noise at the early stop if there is none.</summary>
    /// <param name="process">The process.</param>
    /// <param name="mixture">The mixture.</param>
    public static double ScaleOf(Process process, Mixture mixture)
    {
        double deviation = Math.Sqrt(mixture.MeanVariance);
        return deviation == 0 ? process.At(process.EarlyStop).NoiseToSignal : deviation;
    }

    /// <summary>The coordinates of times.</summary>
    /// <param name="times">The times.</param>
    public double[] Of(double[] times) => [.. times.Select(Of)];

    /// <summary>The coordinate of a time.</summary>
    /// <param name="time">The time.</param>
    public double Of(double time)
    {
        double ratio = process.At(time).NoiseToSignal;
        return double.IsInfinity(ratio) ? 1 : ratio / (ratio + scale);
    }

    /// <summary>The time of a coordinate.</summary>
    /// <param name="place">The coordinate.</param>
    public double TimeAt(double place) => process.TimeAt(scale * place / (1 - place));

    /// <summary>The times of the coordinates of a grid, with the process's own ends.</summary>
    /// <param name="places">The coordinates.</param>
    public double[] Times(double[] places)
    {
        double[] times = [.. places.Select(TimeAt)];
        (times[0], times[times.Length - 1]) = (process.Horizon, process.EarlyStop);
        return times;
    }
}
