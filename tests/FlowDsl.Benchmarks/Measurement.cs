namespace FlowDsl.Benchmarks;

/// <summary>A contest, measured turn by turn in one process.</summary>
internal sealed class Measurement
{
    // A round takes as long as its slowest turns: a peer's may take twice the generated sampler's, within limits.
    private const double MinTurnSeconds = 1e-3, MaxTurnSeconds = 0.05, MaxSeconds = 8;

    private readonly Turns _turns;
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
        _turns = new Turns(all, rounds, MaxSeconds);
    }

    public Contest Contest { get; }

    public int Rounds => _turns.Rounds;

    /// <summary>How many times as long as the generated sampler a peer takes.</summary>
    public double? Ratio(Contestant? peer) => peer is null ? null : _turns.Ratio(peer, Contest.Generated);

    /// <summary>Million samples a second.</summary>
    public double Throughput(Contestant contestant) => 1e-6 / _turns.Seconds(contestant);

    /// <summary>The r.m.s. error against double precision.</summary>
    public double Error(Contestant contestant) => _errors[contestant];
}
