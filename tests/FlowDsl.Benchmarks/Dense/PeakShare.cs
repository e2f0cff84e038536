using System.Diagnostics;

namespace FlowDsl.Benchmarks;

/// <summary>How much of the peak work reaches, in turns with a loop that reaches it.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Share">The median over rounds of its multiply-adds a second against the peak's of the same round.</param>
/// <param name="BestShare">Its fastest turn against the peak's fastest one.</param>
/// <param name="GigaFlops">2e-9 times its multiply-adds a second, the median.</param>
internal sealed record PeakShare(string Name, double Share, double BestShare, double GigaFlops)
{
    private const int WarmRounds = 5;

    /// <summary>Measures pieces of work.</summary>
    /// <param name="rounds">In each of them, everything has one turn.</param>
    /// <param name="work">Names, multiply-adds of a turn and turns.</param>
    /// <returns>The peak itself, then each piece of work.</returns>
    public static PeakShare[] Measure(int rounds, IReadOnlyList<(string Name, double MultiplyAdds, Action Turn)> work)
    {
        var times = new double[work.Count + 1][];
        for (int at = 0; at < times.Length; at++) times[at] = new double[rounds];
        for (int round = -WarmRounds; round < rounds; round++)
        {
            for (int at = 0; at < times.Length; at++)
            {
                double time = at == 0 ? MultiplyAddPeak.Time() : Time(work[at - 1].Turn);
                if (round >= 0) times[at][round] = time;
            }
        }
        return [Of("peak", MultiplyAddPeak.MultiplyAdds, times[0]), .. work.Select((piece, at) => Of(piece.Name, piece.MultiplyAdds, times[at + 1]))];

        PeakShare Of(string name, double multiplyAdds, double[] own)
        {
            double relative = multiplyAdds / MultiplyAddPeak.MultiplyAdds;
            return new PeakShare(
                name, Median([.. own.Zip(times[0], (time, peak) => relative * peak / time)]), relative * times[0].Min() / own.Min(),
                2e-9 * multiplyAdds / Median(own));
        }
    }

    private static double Time(Action turn)
    {
        long began = Stopwatch.GetTimestamp();
        turn();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
