using System.Diagnostics;
using FlowDsl.Generators.Planning.Samplers;

namespace FlowDsl.Benchmarks;

/// <summary>A generated sampler of some size on one thread, against what its operations take at least.</summary>
/// <param name="Seconds">For a sample.</param>
/// <param name="Share">
/// The share of the counted bound that it keeps: the time in which a core does as many multiply-adds as the sampler's plan counts instructions, over its own.
/// </param>
/// <param name="IsStraightLine">Whether it is straight-line code, not loops over tables.</param>
internal sealed record ScalingPoint(double Seconds, double Share, bool IsStraightLine)
{
    private const int MaxSamples = 16_384, MinSamples = 64, Values = 1 << 20;
    private const double TurnSeconds = 5e-4, WarmSeconds = 0.2, MaxSeconds = 1.5;
    private const int MinRounds = 5;

    /// <summary>Measures a sampler in turns with a loop that does nothing but multiply-adds.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="rounds">The number of turns, fewer of samplers that take long.</param>
    /// <param name="samples">The samples of a turn; by default as many as take half a millisecond.</param>
    public static ScalingPoint Measure(CompiledSampler sampler, int rounds, int? samples = null)
    {
        SamplerDescriptor descriptor = sampler.Descriptor;
        FormPlan plan = GeneratorPlan.Of(descriptor).Form;
        int count = samples ?? Math.Clamp(Values / descriptor.Dimension, MinSamples, MaxSamples);
        float[] starts = FlowSampling.DrawPrior<float>(descriptor.Model, count, seed: 1);
        var contestant = new Contestant<float>("generated", descriptor.Dimension, starts, sampler.Integrate) { Grain = MinSamples };
        contestant.Shorten(samples is null ? TurnSeconds : double.MaxValue);
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < WarmSeconds)
        {
            contestant.Time();
            MultiplyAddPeak.Time();
        }
        var times = new List<double>();
        var shares = new List<double>();
        began = Stopwatch.GetTimestamp();
        while (times.Count < rounds && (times.Count < MinRounds || Stopwatch.GetElapsedTime(began).TotalSeconds < MaxSeconds))
        {
            double bound = plan.Cost * MultiplyAddPeak.Time() / MultiplyAddPeak.MultiplyAdds, own = contestant.Time();
            times.Add(own);
            shares.Add(bound / own);
        }
        return new ScalingPoint(Quantiles.Median(times.ToArray()), Quantiles.Median(shares.ToArray()), plan.Kernel is not null);
    }
}
