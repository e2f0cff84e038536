using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>The fine grids of times on which trajectories are followed.</summary>
internal static class PilotTimes
{
    // Below a twentieth of the smallest standard deviation and above fifty times the data's extent the law is nearly Gaussian: one step.
    private const double MinRatio = 0.05, MaxRatio = 50;

    /// <summary>M + 1 times from the horizon to the early stop in equal steps of the logarithm of the noise-to-signal ratio.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="intervals">M, approximately: one more interval at each end whose ratio is 0, infinite, or out of the data's scale.</param>
    public static double[] Create(Mixture mixture, Process process, int intervals) => Create(mixture, process, process.Horizon, process.EarlyStop, intervals);

    /// <summary>The same between any two times.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="from">The larger time.</param>
    /// <param name="to">The smaller time.</param>
    /// <param name="intervals">M, approximately.</param>
    public static double[] Create(Mixture mixture, Process process, double from, double to, int intervals)
    {
        double first = process.At(from).NoiseToSignal, last = process.At(to).NoiseToSignal;
        double high = Math.Min(first, MaxRatio * Reach(mixture)), low = Math.Max(last, MinRatio * Math.Sqrt(mixture.MinVariance));
        // The whole process is out of the data's scale.
        if (!(high > 2 * low)) (high, low) = (first, last);
        if (double.IsInfinity(high) || low == 0) return EqualAngles(process, from, to, intervals);
        int skipped = high < first ? 0 : 1;
        double[] times = EqualRatios(process, from, to, high, low, skipped, intervals);
        return low == last && times.Length > intervals + 1 ? [.. times.Take(times.Length - 2), to] : times;
    }

    /// <summary>Times in equal steps of the logarithm of the noise-to-signal ratio, between two others.</summary>
    /// <param name="process">The process.</param>
    /// <param name="from">The larger time, the first of the result.</param>
    /// <param name="to">The smaller time, the last.</param>
    /// <param name="high">The ratio at which the steps begin.</param>
    /// <param name="low">The ratio at which they end.</param>
    /// <param name="skipped">How many of their nodes to leave out at the beginning.</param>
    /// <param name="intervals">The number of steps.</param>
    public static double[] EqualRatios(Process process, double from, double to, double high, double low, int skipped, int intervals)
    {
        var times = new List<double> { from };
        for (int i = skipped; i <= intervals; i++)
        {
            double time = process.TimeAt(high * PortableMath.Exp(PortableMath.Log(low / high) * i / intervals));
            // Skip times that rounding has pushed onto another node or past an end.
            if (time < times[times.Count - 1] && time > to) times.Add(time);
        }
        times.Add(to);
        return [.. times];
    }

    /// <summary>Equal steps of the angle of the noise-to-signal ratio, which is finite even if the ratio is 0 or infinite.</summary>
    private static double[] EqualAngles(Process process, double from, double to, int intervals)
    {
        double first = PortableMath.Atan(process.At(from).NoiseToSignal), last = PortableMath.Atan(process.At(to).NoiseToSignal);
        var times = new List<double> { from };
        for (int i = 1; i < intervals; i++)
        {
            double time = process.TimeAt(PortableMath.Tan(first + (last - first) * i / intervals));
            if (time < times[times.Count - 1] && time > to) times.Add(time);
        }
        times.Add(to);
        return [.. times];
    }

    /// <summary>About the largest distance of data from each other.</summary>
    /// <param name="mixture">The mixture.</param>
    public static double Reach(Mixture mixture)
    {
        double greatest = 0;
        for (int k = 0; k < mixture.Count; k++)
        {
            double distance = mixture.Covariances[k].MaxVariance;
            for (int j = 0; j < mixture.Dimension; j++)
            {
                double difference = mixture.Means[k][j] - mixture.Means[0][j];
                distance += difference * difference;
            }
            greatest = Math.Max(greatest, distance);
        }
        return Math.Sqrt(greatest);
    }
}
