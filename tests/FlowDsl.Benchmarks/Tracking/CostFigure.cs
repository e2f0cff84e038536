using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Benchmarks;

/// <summary>How many times as long as the untracked call the tracked ones take, in the time of one thread.</summary>
internal static class CostFigure
{
    private const int Rounds = 31, MinSamples = 16;
    private const double TurnSeconds = 0.01, WarmSeconds = 1.5;

    public static CostRow[] Measure() =>
    [
        .. Measure(
            "ring of 8, Heun in 8 steps",
            Call.Of<TrackedRing8.Local>(), Call.Of<TrackedRing8.Tangent>(), Call.Of<TrackedRing8.Companion>(), Call.Of<TrackedRing8.Certified>()),
        .. Measure(
            "K = 20, d = 64, Runge-Kutta 4 in 8 steps",
            Call.Of<TrackedPaper64.Local>(), Call.Of<TrackedPaper64.Tangent>(), Call.Of<TrackedPaper64.Companion>(), Call.Of<TrackedPaper64.Certified>()),
    ];

    /// <summary>All take turns; a ratio is the median over rounds of the ratios of a round.</summary>
    private static IEnumerable<CostRow> Measure(string title, params Call[] tracked)
    {
        Call[] all = [tracked[0] with { Name = "untracked", Tracked = null }, tracked[0] with { Name = "margins", Tracked = tracked[0].Margins }, .. tracked];
        double began = ThreadTime.Seconds;
        while (ThreadTime.Seconds - began < WarmSeconds)
            foreach (Call call in all) call.Time(1);
        int[] turns = [.. all.Select(call => call.SamplesIn(TurnSeconds))];
        double[][] times = [.. all.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
            for (int i = 0; i < all.Length; i++) times[i][round] = all[i].Time(turns[i]);
        for (int i = 0; i < all.Length; i++)
        {
            yield return new(
                title, all[i].Name, 1e6 * Quantiles.Median(times[i]),
                Quantiles.Median(times[i].Zip(times[0], (own, plain) => own / plain).ToArray()));
        }
    }

    private delegate void Tracked(Span<float> states, Span<FlowError> errors);

    /// <summary>A call of a sampler, with errors where <paramref name="Tracked"/> is given.</summary>
    private sealed record Call(string Name, SamplerDescriptor Sampler, Integration<float> Untracked, Tracked Margins, Tracked? Tracked)
    {
        private const int Capacity = 8192;
        private readonly float[] _starts = FlowSampling.DrawPrior<float>(Sampler.Model, Capacity, 1), _states = new float[Capacity * Sampler.Dimension];
        private readonly FlowError[] _errors = new FlowError[Capacity];

        public static Call Of<TSampler>()
            where TSampler : IFlowSampler<TSampler, float>
            => new(TSampler.Descriptor.Tracking.ToString(), TSampler.Descriptor, TSampler.Integrate, TSampler.IntegrateWithMargins, TSampler.Integrate);

        /// <summary>How many samples take so long.</summary>
        public int SamplesIn(double seconds)
        {
            // A certificate's time differs from sample to sample.
            int count = MinSamples;
            while (count < Capacity && Time(count) * count < seconds) count *= 2;
            return count;
        }

        /// <summary>Seconds a sample.</summary>
        public double Time(int count)
        {
            Span<float> states = _states.AsSpan(0, count * Sampler.Dimension);
            _starts.AsSpan(0, states.Length).CopyTo(states);
            double start = ThreadTime.Seconds;
            if (Tracked is null) Untracked(states);
            else Tracked(states, _errors.AsSpan(0, count));
            return (ThreadTime.Seconds - start) / count;
        }
    }
}

/// <summary>What one mode of tracking takes.</summary>
/// <param name="Sampler">The mixture and solver.</param>
/// <param name="Tracking">The mode.</param>
/// <param name="Microseconds">For one sample.</param>
/// <param name="Ratio">How many times as long as the untracked call.</param>
internal sealed record CostRow(string Sampler, string Tracking, double Microseconds, double Ratio);
