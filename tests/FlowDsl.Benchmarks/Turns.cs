using System.Diagnostics;

namespace FlowDsl.Benchmarks;

/// <summary>Contestants that take turns, round by round in one process: what else the machine does slows the turns of a round alike.</summary>
internal sealed class Turns
{
    private const double WarmSeconds = 0.5;
    private const int MinRounds = 11;

    private readonly Dictionary<Contestant, double[]> _times = [];

    /// <summary>Lets all take turns of the lengths that they have.</summary>
    /// <param name="all">The contestants.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="maxSeconds">After this time there are no more rounds than are necessary.</param>
    public Turns(IReadOnlyList<Contestant> all, int rounds, double maxSeconds)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < WarmSeconds)
            foreach (Contestant contestant in all) contestant.Time();
        var times = all.ToDictionary(contestant => contestant, _ => new List<double>());
        began = Stopwatch.GetTimestamp();
        for (Rounds = 0; Rounds < rounds && (Rounds < MinRounds || Stopwatch.GetElapsedTime(began).TotalSeconds < maxSeconds); Rounds++)
            foreach (Contestant contestant in all) times[contestant].Add(contestant.Time());
        foreach ((Contestant contestant, List<double> seconds) in times) _times[contestant] = [.. seconds];
    }

    public int Rounds { get; }

    /// <summary>How many times as long as another one takes: the median of the rounds' ratios.</summary>
    public double Ratio(Contestant contestant, Contestant other)
        => Quantiles.Median<double>([.. _times[contestant].Zip(_times[other], (own, theirs) => own / theirs)]);

    /// <summary>Seconds a sample, the median.</summary>
    public double Seconds(Contestant contestant) => Quantiles.Median(_times[contestant]);
}
