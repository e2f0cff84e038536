using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>
/// The unit in which states at different times share one picture: x itself, or where the noise is far wider than the data, x times
/// √(v/(a²v + s²)), v the data's mean variance: then all times have the spread of the data.
/// </summary>
/// <param name="Process">The process.</param>
/// <param name="Variance">v.</param>
/// <param name="IsScaled">Whether states are scaled.</param>
internal sealed record StateScale(Process Process, double Variance, bool IsScaled)
{
    // Beyond this ratio the data would be a spot in the picture of the noise.
    private const double MostRatio = 3;

    /// <summary>The unit for a model.</summary>
    public static StateScale For(Process process, double variance)
    {
        double ratio = variance > 0 ? Math.Sqrt(process.At(process.Horizon).Spread(variance) / variance) : 1;
        return new(process, variance, ratio is > MostRatio or < 1 / MostRatio);
    }

    /// <summary>The factor of states at a time.</summary>
    public double Factor(double time) => IsScaled ? Math.Sqrt(Variance / Process.At(time).Spread(Variance)) : 1;
}
