using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Baselines;

/// <summary>Samples of one time's law, and what maps make of them; in double precision.</summary>
/// <param name="mixture">The mixture.</param>
/// <param name="starts">x, row-major.</param>
/// <param name="maxThreads">The most threads.</param>
internal sealed class SampleMap(StudyMixture mixture, double[] starts, int maxThreads)
{
    private const int Group = 4 * MixtureFlow<double>.Lanes;

    /// <summary>The samples on which maps are fitted.</summary>
    public static SampleMap ForFit(StudyMixture mixture, double t, BaselineOptions options, CancellationToken token)
        => Draw(mixture, t, options.FitSamples, 2 * options.Seed, options, token);

    /// <summary>Other samples, on which errors are measured.</summary>
    public static SampleMap ForEvaluation(StudyMixture mixture, double t, BaselineOptions options, CancellationToken token)
        => Draw(mixture, t, options.EvaluationSamples, 2 * options.Seed + 1, options, token);

    private static SampleMap Draw(StudyMixture mixture, double t, int count, ulong seed, BaselineOptions options, CancellationToken token)
    {
        var sampling = new SamplingOptions { MaxThreads = options.MaxThreads };
        return new SampleMap(mixture, FlowSampling.DrawPrior<double>(mixture.At(t), count, seed, sampling, null, token), options.MaxThreads);
    }

    /// <summary>x.</summary>
    public double[] Starts => starts;

    /// <summary>Where a path takes the samples.</summary>
    public double[] Follow(FlowPath path, CancellationToken token)
    {
        double[] ends = [.. starts];
        Each((flow, first, length) => flow.Follow(path, ends.AsSpan(first, length), token), token);
        return ends;
    }

    /// <summary>The scores of the samples at a time.</summary>
    public double[] Score(double t, CancellationToken token)
    {
        double[] scores = new double[starts.Length];
        Each((flow, first, length) => flow.Score(t, starts.AsSpan(first, length), scores.AsSpan(first, length)), token);
        return scores;
    }

    private void Each(Action<MixtureFlow<double>, int, int> map, CancellationToken token)
    {
        int length = Group * mixture.Dimension;
        var options = new ParallelOptions { MaxDegreeOfParallelism = maxThreads, CancellationToken = token };
        Parallel.For(0, (starts.Length + length - 1) / length, options, () => new MixtureFlow<double>(mixture), (i, _, flow) =>
        {
            map(flow, i * length, Math.Min(length, starts.Length - i * length));
            return flow;
        }, _ => { });
    }
}
