using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>
/// The unit in which states at different times share one picture: x itself, or where the noise has another size than the data,
/// m + (x - am)√(v/(a²v + s²)), m and v the data's mean and mean variance: then all times have the centre and the spread of the data.
/// </summary>
/// <param name="Process">The process.</param>
/// <param name="Centre">m, along the axes of the pictures.</param>
/// <param name="Variance">v.</param>
/// <param name="IsScaled">Whether states are scaled.</param>
internal sealed record StateScale(Process Process, ImmutableArray<double> Centre, double Variance, bool IsScaled)
{
    // Beyond this ratio the data would be a spot in the picture of the noise.
    private const double MostRatio = 3;

    /// <summary>The unit for a model's pictures.</summary>
    public static StateScale For(Process process, ViewedMixture mixture)
    {
        double variance = mixture.Variance, ratio = variance > 0 ? Math.Sqrt(process.At(process.Horizon).Spread(variance) / variance) : 1;
        return new(process, mixture.Centre, variance, ratio is > MostRatio or < 1 / MostRatio);
    }

    /// <summary>The factor of lengths at a time.</summary>
    public double Factor(double time) => IsScaled ? Math.Sqrt(Variance / Process.At(time).Spread(Variance)) : 1;

    /// <summary>The place in a picture of a coordinate at a time.</summary>
    public double ToPicture(double time, int axis, double x)
        => IsScaled ? Centre[axis] + Factor(time) * (x - Process.At(time).A * Centre[axis]) : x;

    /// <summary>The coordinate of a place in a picture at a time.</summary>
    public double ToState(double time, int axis, double place)
        => IsScaled ? Process.At(time).A * Centre[axis] + (place - Centre[axis]) / Factor(time) : place;
}
