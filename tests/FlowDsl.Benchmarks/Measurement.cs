using System.Diagnostics;

namespace FlowDsl.Benchmarks;

/// <summary>
/// A contest, measured turn by turn in one process. Ratios are medians of the rounds' ratios: what else the machine does slows the turns
/// of a round alike.
/// </summary>
internal sealed class Measurement
{
    // A round takes as long as its slowest turns: a peer's may take twice the generated sampler's, within limits.
    private const double MinTurnSeconds = 1e-3, MaxTurnSeconds = 0.05, WarmSeconds = 0.5, MaxSeconds = 8;
    private const int MinRounds = 11;

    private readonly Dictionary<Contestant, double[]> _times = [];
    private readonly IReadOnlyDictionary<Contestant, double> _errors;

    public Measurement(Contest contest, int rounds)
    {
        Contest = contest;
        _errors = contest.Check();
        Contestant[] all = [.. contest.All];
        contest.Generated.Turn = contest.Generated.Capacity;
        contest.Generated.Time();
        double own = Math.Min(contest.Generated.Time(), contest.Generated.Time()) * contest.Generated.Turn;
        foreach (Contestant peer in all[1..]) peer.Shorten(Math.Clamp(2 * own, MinTurnSeconds, MaxTurnSeconds));

        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < WarmSeconds)
            foreach (Contestant contestant in all) contestant.Time();
        var times = all.ToDictionary(contestant => contestant, _ => new List<double>());
        began = Stopwatch.GetTimestamp();
        for (Rounds = 0; Rounds < rounds && (Rounds < MinRounds || Stopwatch.GetElapsedTime(began).TotalSeconds < MaxSeconds); Rounds++)
            foreach (Contestant contestant in all) times[contestant].Add(contestant.Time());
        foreach ((Contestant contestant, List<double> seconds) in times) _times[contestant] = [.. seconds];
    }

    public Contest Contest { get; }

    public int Rounds { get; }

    /// <summary>How many times as long as the generated sampler a peer takes.</summary>
    public double? Ratio(Contestant? peer)
        => peer is null ? null : Median([.. _times[peer].Zip(_times[Contest.Generated], (theirs, own) => theirs / own)]);

    /// <summary>Million samples a second.</summary>
    public double Throughput(Contestant contestant) => 1e-6 / Median(_times[contestant]);

    /// <summary>The r.m.s. error against double precision.</summary>
    public double Error(Contestant contestant) => _errors[contestant];

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
