using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>Exact flow paths from noise to data, along the axes of a view.</summary>
/// <param name="Times">Decreasing times from the horizon to the early stop.</param>
/// <param name="Points">For each time n rows of one or two coordinates, in the unit of the states.</param>
/// <param name="Count">n.</param>
internal sealed record PathBundle(ImmutableArray<double> Times, ImmutableArray<ImmutableArray<double>> Points, int Count)
{
    /// <summary>Follows the exact flow from the starts of the first samples of a seed.</summary>
    public static PathBundle Follow(
        GaussianMixtureModel model, PictureView view, StateScale scale, IReadOnlyList<double> times, int count, ulong seed, CancellationToken cancellationToken)
    {
        double[] states = Array.ConvertAll(FlowSampling.DrawPrior<float>(model, count, seed, cancellationToken: cancellationToken), value => (double)value);
        var points = ImmutableArray.CreateBuilder<ImmutableArray<double>>(times.Count);
        for (int i = 0; i < times.Count; i++)
        {
            if (i > 0) model.FlowMaps(times[i - 1], times[i], states, cancellationToken: cancellationToken);
            double time = times[i];
            points.Add([.. view.Project(states).Select((value, j) => scale.ToPicture(time, j % view.Axes.Length, value))]);
        }
        return new([.. times], points.MoveToImmutable(), count);
    }

    /// <summary>Times between which noise turns into data at an even pace: at even angles of noise against signal.</summary>
    public static double[] EvenAngles(Process process, double variance, int count)
    {
        double deviation = variance > 0 ? Math.Sqrt(variance) : 1;
        double first = Math.Atan(process.At(process.Horizon).NoiseToSignal / deviation);
        double last = Math.Atan(process.At(process.EarlyStop).NoiseToSignal / deviation);
        return [.. Enumerable.Range(0, count).Select(i => i == 0 ? process.Horizon : i == count - 1 ? process.EarlyStop : Math.Clamp(
            process.TimeAt(deviation * Math.Tan(first + (last - first) * i / (count - 1))), process.EarlyStop, process.Horizon))];
    }
}
