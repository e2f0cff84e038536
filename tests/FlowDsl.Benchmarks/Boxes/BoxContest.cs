using System.Diagnostics;

namespace FlowDsl.Benchmarks;

/// <summary>One mixture in the plane: samplers of tables, and the fastest generated samplers that are as exact, in turns.</summary>
internal sealed class BoxContest
{
    /// <summary>Root mean square errors, over the root mean square of the samples themselves.</summary>
    public static readonly double[] Targets = [1e-2, 1e-3, 1e-4];

    public static readonly int[] Segments = [1, 2, 3, 4, 6, 8];

    /// <summary>With so many tried in all segments a sampler is given up.</summary>
    public const int MostBoxes = 20_000;

    private const int Samples = 1 << 15, Divisions = 8;
    private const double TurnSeconds = 1e-3, MaxSeconds = 3;

    private readonly Dictionary<Contestant, double> _largest = [];
    private readonly Turns _turns;

    public BoxContest(Workload workload, int rounds)
    {
        Workload = workload;
        GaussianMixtureModel model = workload.Sampler.Model;
        Problem = new AccuracyProblem(model, Samples);
        float[] starts = FlowSampling.DrawPrior<float>(model, Samples, seed: 1);
        double[] squares = [.. Targets.Select(target => target * target)];
        Generated = [.. GeneratedSearch.Of(workload, Problem, squares, Contestant).Where(entry => entry.Suffices)];
        Tables = [.. Search(squares)];
        Contestant[] all = [.. Generated.Select(entry => entry.Contestant), .. Tables.Select(table => table.Contestant)];
        foreach (Contestant contestant in all) contestant.Shorten(TurnSeconds);
        _turns = new Turns(all, rounds, MaxSeconds);

        Contestant Contestant(string name, Integration<float> integrate)
        {
            var contestant = new Contestant<float>(name, model.Dimension, starts, integrate) { Grain = 64 };
            _largest[contestant] = Problem.LargestErrorOf(integrate);
            return contestant;
        }

        IEnumerable<BoxEntry> Search(double[] squares)
        {
            long began = Stopwatch.GetTimestamp();
            var flow = new BoxFlow(model, Divisions);
            var plan = new BoxPlan(flow, Problem.MeanSquare);
            PlanSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            foreach (int segments in Segments)
            {
                if (plan.Divide(segments) is not { } path) continue;
                foreach (BoxRule rule in BoxRule.All)
                {
                    began = Stopwatch.GetTimestamp();
                    BoxTree[] trees = [.. path.Zip(path.Skip(1), (from, to) => new BoxTree(flow, from, to, rule))];
                    foreach ((double target, BoxSampler sampler) in BoxSampler.Reaching(
                        trees, squares, Problem.MeanSquare, MostBoxes, one => Problem.ErrorOf(one.Integrate)))
                    {
                        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
                        Console.Error.WriteLine($"  {target:0E+0}: {segments} segments, degree {rule.Degree}, {sampler.Boxes} boxes, {seconds:F1} s");
                        yield return new(target, sampler, seconds, Problem.ErrorOf(sampler.Integrate), Contestant($"{segments} segments", sampler.Integrate));
                    }
                }
            }
        }
    }

    public Workload Workload { get; }

    public AccuracyProblem Problem { get; }

    /// <summary>Generated samplers that are as exact as asked for.</summary>
    public AccuracyEntry[] Generated { get; }

    /// <summary>Samplers of tables.</summary>
    public BoxEntry[] Tables { get; }

    /// <summary>How long it took to choose where segments end.</summary>
    public double PlanSeconds { get; private set; }

    public int Rounds => _turns.Rounds;

    /// <summary>Seconds a sample, the median.</summary>
    public double Seconds(Contestant contestant) => _turns.Seconds(contestant);

    /// <summary>How many times as long as another one takes: the median of the rounds' ratios.</summary>
    public double Ratio(Contestant contestant, Contestant other) => _turns.Ratio(contestant, other);

    /// <summary>The largest distance of a sample from its exact end, over the root mean square of the ends.</summary>
    public double Largest(Contestant contestant) => _largest[contestant];

    /// <summary>The fastest generated sampler for an accuracy; null if none reaches it.</summary>
    public AccuracyEntry? FastestGenerated(double square) => Generated.Where(entry => entry.Target == square).MinBy(entry => Seconds(entry.Contestant));

    /// <summary>The fastest sampler of tables for an accuracy, with a number of segments or with any; null if none reaches it.</summary>
    public BoxEntry? FastestTables(double square, int? segments = null)
        => Tables.Where(table => table.Target == square && (segments ?? table.Sampler.Segments) == table.Sampler.Segments)
            .MinBy(table => Seconds(table.Contestant));
}

/// <summary>A sampler of tables that is as exact as asked for.</summary>
/// <param name="Target">The relative mean squared error asked for.</param>
/// <param name="Sampler">The tables.</param>
/// <param name="Seconds">How long it took to build them, and those for less.</param>
/// <param name="Error">The relative mean squared error.</param>
/// <param name="Contestant">The sampler, from the contest's starts.</param>
internal sealed record BoxEntry(double Target, BoxSampler Sampler, double Seconds, double Error, Contestant Contestant);
