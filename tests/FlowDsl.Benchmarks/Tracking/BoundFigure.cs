using System.Collections.Concurrent;
using System.Diagnostics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Benchmarks;

/// <summary>Certified samples against the converged flow: is any bound violated, and how far are bounds from the errors?</summary>
internal sealed class BoundFigure
{
    // Steps of the converged flow, and of the one that decides where an error seems to exceed its bound.
    private const int Steps = 256, DecidingSteps = 4096, Batch = 32;
    private const double ReportSeconds = 20;

    private static readonly Type[] s_solvers = [typeof(ByEuler), typeof(ByHeun), typeof(ByRungeKutta4), typeof(ByMultistep2)];

    /// <summary>Over all samples.</summary>
    public required BoundRow Total { get; init; }

    /// <summary>By solver.</summary>
    public required BoundRow[] BySolver { get; init; }

    /// <summary>By mixture.</summary>
    public required BoundRow[] ByMixture { get; init; }

    /// <summary>How many errors seemed to exceed their bounds at first, and were found not to by the finer flow.</summary>
    public required long Rechecked { get; init; }

    /// <summary>The median, over samples, of the converged flow's uncertainty over the error.</summary>
    public required double MedianUncertainty { get; init; }

    /// <summary>What it took, on all cores.</summary>
    public required double Seconds { get; init; }

    /// <summary>Certifies samples of mixtures, fewer of those that cost more, by four solvers of 8 steps in both precisions.</summary>
    /// <param name="mixtures">The mixtures.</param>
    /// <param name="samples">How many in all.</param>
    /// <param name="start">The number of each sampler's first sample: runs from different ones add up to a longer run.</param>
    public static BoundFigure Measure(IReadOnlyList<Type> mixtures, long samples, long start)
    {
        Subject[] subjects =
        [
            .. from mixture in mixtures
               from solver in s_solvers
               from precision in new[] { typeof(float), typeof(double) }
               select Subject.Of(mixture, solver, typeof(In8), typeof(WithCertificate), precision),
        ];
        Parallel.ForEach(subjects, subject => _ = subject.Descriptor);
        double weights = subjects.Sum(subject => subject.Weight);
        // In an order in which every part of the run is like the whole: totals so far mean something.
        (Subject Subject, long First, int Count)[] batches =
        [
            .. from subject in subjects
               let count = (long)Math.Ceiling(samples * subject.Weight / weights)
               from first in Batches(count)
               orderby (double)first / count
               select (subject, start + first, (int)Math.Min(Batch, count - first)),
        ];
        long total = batches.Sum(batch => (long)batch.Count);
        var truths = new ConcurrentDictionary<GaussianMixtureModel, Lazy<ConvergedFlow>>();
        var tallies = new Dictionary<Subject, Tally>(subjects.Select(subject => KeyValuePair.Create(subject, new Tally())));
        long began = Stopwatch.GetTimestamp();
        double told = 0;
        object gate = new();
        Parallel.ForEach(Partitioner.Create(batches, EnumerablePartitionerOptions.NoBuffering), batch =>
        {
            ConvergedFlow truth = truths.GetOrAdd(batch.Subject.Model, model => new(() => new ConvergedFlow(model, Steps))).Value;
            Tally own = Check(batch.Subject, truth, batch.First, batch.Count);
            lock (gate)
            {
                tallies[batch.Subject].Add(own);
                double elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
                if (elapsed < told + ReportSeconds) return;
                told = elapsed;
                Tally sum = Tally.Sum(tallies.Values);
                double rate = sum.Ratios.Count / elapsed;
                Console.Error.WriteLine(
                    $"{sum.Ratios.Count} of {total} certified, {sum.Violations} violations, {sum.Infinite} without a bound; "
                    + $"{rate:F0} a second, {(total - sum.Ratios.Count) / rate:F0} s to go");
            }
        });
        Tally all = Tally.Sum(tallies.Values);
        return new BoundFigure
        {
            Total = all.Row("all"),
            BySolver = Rows(subject => subject.Descriptor.Solver.ToString()),
            ByMixture = Rows(subject => subject.Mixture),
            Rechecked = all.Rechecked,
            MedianUncertainty = Quantiles.Median(all.Uncertainties),
            Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds,
        };

        BoundRow[] Rows(Func<Subject, string> key)
            => [.. subjects.GroupBy(key).Select(group => Tally.Sum(group.Select(subject => tallies[subject])).Row(group.Key))];

        static IEnumerable<long> Batches(long count)
        {
            for (long first = 0; first < count; first += Batch) yield return first;
        }
    }

    private static Tally Check(Subject subject, ConvergedFlow truth, long first, int count)
    {
        int d = subject.Model.Dimension;
        (double[] starts, double[] ends, FlowError[] errors) = subject.Run(first, count);
        (double[] exact, double[] uncertainties) = truth.Map(starts);
        double[] distances = ConvergedFlow.Distances(ends, exact, d);
        var tally = new Tally();
        for (int i = 0; i < count; i++)
        {
            double bound = errors[i].Bound, error = distances[i], uncertainty = uncertainties[i];
            if (error > bound)
            {
                // Bounds are as close as 1e-10 to the error: the truth must be closer.
                tally.Rechecked++;
                var deciding = new ConvergedFlow(subject.Model, DecidingSteps);
                (double[] finer, double[] finerUncertainty) = deciding.Map(starts[(i * d)..((i + 1) * d)]);
                (error, uncertainty) = (ConvergedFlow.Distances(ends[(i * d)..((i + 1) * d)], finer, d)[0], finerUncertainty[0]);
                if (!(error - uncertainty <= bound))
                {
                    tally.Violations++;
                    Console.Error.WriteLine(
                        $"VIOLATION: {subject.Mixture}, {subject.Descriptor.Name}, {subject.Descriptor.Precision}, sample {first + i}: "
                        + $"bound {bound:R}, error {error:R}, uncertain by {uncertainty:E1}");
                }
            }
            if (!double.IsFinite(bound)) tally.Infinite++;
            tally.Ratios.Add((float)(bound / error));
            tally.Uncertainties.Add((float)(uncertainty / error));
        }
        return tally;
    }

    private sealed class Tally
    {
        public List<float> Ratios { get; } = [];

        public List<float> Uncertainties { get; } = [];

        public long Violations { get; set; }

        public long Infinite { get; set; }

        public long Rechecked { get; set; }

        public static Tally Sum(IEnumerable<Tally> tallies)
        {
            var sum = new Tally();
            foreach (Tally tally in tallies) sum.Add(tally);
            return sum;
        }

        public void Add(Tally other)
        {
            Ratios.AddRange(other.Ratios);
            Uncertainties.AddRange(other.Uncertainties);
            (Violations, Infinite, Rechecked) = (Violations + other.Violations, Infinite + other.Infinite, Rechecked + other.Rechecked);
        }

        public BoundRow Row(string key) => new(
            key, Ratios.Count, Violations, 1 - (double)Infinite / Ratios.Count, Quantiles.Median(Ratios),
            Quantiles.Of(Ratios, 0.95), Quantiles.Of(Ratios, 0.99));
    }
}

/// <summary>Bounds of some samples.</summary>
/// <param name="Key">Of which.</param>
/// <param name="Samples">How many.</param>
/// <param name="Violations">How many errors are greater than their bounds.</param>
/// <param name="FiniteShare">The share of finite bounds.</param>
/// <param name="MedianRatio">The median of bound over error.</param>
/// <param name="Ratio95">Its 95th percentile.</param>
/// <param name="Ratio99">Its 99th percentile.</param>
internal sealed record BoundRow(string Key, long Samples, long Violations, double FiniteShare, double MedianRatio, double Ratio95, double Ratio99);
