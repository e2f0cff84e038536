using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>Evaluates a mixture's marginal for pictures.</summary>
/// <param name="mixture">The marginal along the picture's axes.</param>
/// <param name="process">The process.</param>
/// <param name="scale">The unit of states that share a picture.</param>
internal sealed class Densities(ViewedMixture mixture, Process process, StateScale scale)
{
    /// <summary>The density on a line at a time, in x itself.</summary>
    public DensityCurve Curve(double time, int count)
    {
        ProcessPoint point = process.At(time);
        (double Weight, double Mean, double Deviation)[] laws = mixture.Along(point, 0);
        (double low, double high) = GridLines.Window(laws);
        double[] lines = GridLines.Along(laws, low, high, count);
        return new(time, [.. lines], [.. lines.Select(x => Math.Exp(mixture.LogDensity(point, x, 0)))]);
    }

    /// <summary>The density in a plane at a time, in x itself.</summary>
    public DensityGrid Grid(double time, int count, CancellationToken cancellationToken)
        => Grid(
            time, scale with { IsScaled = false }, GridLines.Window(mixture.Along(process.At(time), 0)),
            GridLines.Window(mixture.Along(process.At(time), 1)), count, cancellationToken);

    /// <summary>The density in a plane at some times, in the unit of the states and in a window that fits all.</summary>
    public ImmutableArray<DensityGrid> Grids(IReadOnlyList<double> times, int count, CancellationToken cancellationToken)
    {
        (double Low, double High) x = CommonWindow(times, 0), y = CommonWindow(times, 1);
        return [.. times.Select(time => Grid(time, scale, x, y, count, cancellationToken))];
    }

    /// <summary>The density on a line at all times, in the unit of the states.</summary>
    public DensityOverTime OverTime(TimeScale axis, int timeCount, int lineCount, CancellationToken cancellationToken)
    {
        double[] times = axis.Even(timeCount);
        (double low, double high) = CommonWindow(times, 0);
        // Where components are at any time: a third of the lines for the noise, the data and what is between.
        (double, double, double)[] laws = [.. new[] { times[0], times[timeCount / 2], times[^1] }.SelectMany(time => ScaledLaws(time, 0)
            .Select(law => (law.Weight / 3, law.Mean, law.Deviation)))];
        double[] lines = GridLines.Along(laws, low, high, lineCount);
        double[] shares = new double[timeCount * lineCount];
        double[] logDensities = new double[lineCount], masses = new double[lineCount];
        for (int i = 0; i < timeCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ProcessPoint point = process.At(times[i]);
            double factor = scale.Factor(times[i]);
            for (int j = 0; j < lineCount; j++)
            {
                logDensities[j] = mixture.LogDensity(point, scale.ToState(times[i], 0, lines[j]), 0) - Math.Log(factor);
                masses[j] = GridLines.Width(lines, j) * Math.Exp(logDensities[j]);
            }
            HighDensity.Shares(logDensities, masses).CopyTo(shares, i * lineCount);
        }
        return new([.. Enumerable.Range(0, timeCount).Select(i => (double)i / (timeCount - 1))], [.. lines], [.. shares]);
    }

    private DensityGrid Grid(
        double time, StateScale unit, (double Low, double High) xWindow, (double Low, double High) yWindow, int count, CancellationToken cancellationToken)
    {
        ProcessPoint point = process.At(time);
        double[] x = GridLines.Along(Scaled(time, 0, unit), xWindow.Low, xWindow.High, count);
        double[] y = GridLines.Along(Scaled(time, 1, unit), yWindow.Low, yWindow.High, count);
        double[] values = new double[count * count];
        double[] across = [.. x.Select(place => unit.ToState(time, 0, place))], up = [.. y.Select(place => unit.ToState(time, 1, place))];
        double jacobian = -2 * Math.Log(unit.Factor(time));
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        Parallel.For(0, count, options, i =>
        {
            for (int j = 0; j < count; j++) values[i * count + j] = mixture.LogDensity(point, across[i], up[j]) + jacobian;
        });
        return new(time, [.. x], [.. y], [.. values]);
    }

    private (double Low, double High) CommonWindow(IEnumerable<double> times, int axis)
    {
        (double Low, double High)[] windows = [.. times.Select(time => GridLines.Window(ScaledLaws(time, axis)))];
        return (windows.Min(window => window.Low), windows.Max(window => window.High));
    }

    private (double Weight, double Mean, double Deviation)[] ScaledLaws(double time, int axis)
        => Scaled(time, axis, scale);

    private (double Weight, double Mean, double Deviation)[] Scaled(double time, int axis, StateScale unit)
        => [.. mixture.Along(process.At(time), axis).Select(law => (law.Weight, unit.ToPicture(time, axis, law.Mean), unit.Factor(time) * law.Deviation))];
}
