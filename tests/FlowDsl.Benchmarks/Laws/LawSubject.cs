using FlowDsl.Metrics;

namespace FlowDsl.Benchmarks;

/// <summary>What is measured of a sampler's law.</summary>
internal interface ILawSubject
{
    /// <summary>The cells of its row: costs, and what a number of samples tells.</summary>
    /// <param name="count">The samples of the divergence.</param>
    string[] Row(int count);

    /// <summary>The cells of its row among those to an accuracy.</summary>
    /// <param name="accuracy">Half the interval over KL.</param>
    string[] Row(double accuracy);
}

/// <summary>A sampler with and without log-densities: what they cost, and what they tell.</summary>
/// <param name="title">Its name in the table.</param>
/// <param name="truth">KL(q‖p) by other means, where there are some.</param>
internal sealed class LawSubject<TSampler>(string title, Func<double>? truth = null) : ILawSubject
    where TSampler : IFlowSampler<TSampler, float>
{
    private const int Capacity = 8192, MinSamples = 64, Rounds = 31;
    private const double TurnSeconds = 0.004, WarmSeconds = 1.5;

    private readonly int _d = TSampler.Descriptor.Dimension;
    private readonly float[] _starts = FlowSampling.DrawPrior<float>(TSampler.Descriptor.Model, Capacity, 1);
    private readonly float[] _states = new float[Capacity * TSampler.Descriptor.Dimension];
    private readonly double[] _logDensities = new double[Capacity];

    /// <inheritdoc/>
    public string[] Row(int count)
    {
        (double plain, double ratio) = Cost();
        var weights = ImportanceWeights.Measure(TSampler.Descriptor.Model, FlowSampling.SampleWithLogDensities<TSampler, float>(count, 1));
        MetricEstimate divergence = weights.Divergence;
        return
        [
            title, $"{1e6 * plain:G3} µs", $"×{ratio:F1}", divergence.ToString(), Interval(divergence),
            truth is null ? "" : $"{truth():G3}", $"{100 * weights.EffectiveSampleSize / count:F1} %",
        ];
    }

    /// <inheritdoc/>
    public string[] Row(double accuracy)
    {
        // All threads' time, so that it does not matter what else runs.
        TimeSpan began = Environment.CpuUsage.TotalTime;
        var law = ComparedLaw.Measure<TSampler, float>(accuracy, seed: 1);
        double seconds = (Environment.CpuUsage.TotalTime - began).TotalSeconds;
        return [title, $"{law.SampleCount:N0}", $"{seconds:G2} s", law.Divergence.ToString(), Interval(law.Divergence)];
    }

    private static string Interval(MetricEstimate divergence) => $"±{50 * (divergence.High - divergence.Low) / divergence.Value:F1} %";

    // Both take turns; the ratio is the median of the rounds' ratios.
    private (double Plain, double Ratio) Cost()
    {
        double began = ThreadTime.Seconds;
        while (ThreadTime.Seconds - began < WarmSeconds)
        {
            Plain(MinSamples);
            WithLaw(MinSamples);
        }
        int count = MinSamples;
        while (count < Capacity && Plain(count) * count < TurnSeconds) count *= 2;
        double[] plain = new double[Rounds], ratios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            plain[round] = Plain(count);
            ratios[round] = WithLaw(count) / plain[round];
        }
        return (Quantiles.Median(plain), Quantiles.Median(ratios));
    }

    private double Plain(int count)
    {
        Span<float> states = Restore(count);
        double began = ThreadTime.Seconds;
        TSampler.Integrate(states);
        return (ThreadTime.Seconds - began) / count;
    }

    private double WithLaw(int count)
    {
        Span<float> states = Restore(count);
        double began = ThreadTime.Seconds;
        TSampler.Integrate(states, _logDensities.AsSpan(0, count));
        return (ThreadTime.Seconds - began) / count;
    }

    private Span<float> Restore(int count)
    {
        Span<float> states = _states.AsSpan(0, count * _d);
        _starts.AsSpan(0, states.Length).CopyTo(states);
        _logDensities.AsSpan(0, count).Clear();
        return states;
    }
}
