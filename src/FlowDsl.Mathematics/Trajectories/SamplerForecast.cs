using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics;

/// <summary>
/// A forecast of a sampler's errors, measured on trajectories of the exact flow from x_T ~ p_T in double precision. It is neither a worst case nor a
/// guarantee. A few samples near the border between two modes dominate the relative mean squared error, which is therefore measured on starts that are dense
/// there, with weights; a share of samples below about 1e-8 is still not seen.
/// </summary>
/// <param name="Samples">The number of trajectories, of all figures but the relative mean squared error.</param>
/// <param name="RelativeMeanSquaredError">
/// E|x̂ - x|²/E|x|² at the early stop, where the solver takes x_T to x̂ and the flow to x; infinite if it is not finite.
/// </param>
/// <param name="StandardizedError">
/// The root mean square of the largest coordinate of x̂ - x along the principal axes of the component that owns x, each in units of that
/// component's width there, √(a²λ + s²) at the early stop. Samples that end in another component are left out; the relative mean squared error
/// includes them. A narrow direction counts like a wide one. Infinite if no sample is left, or an error is not finite.
/// </param>
/// <param name="RoundingError">
/// The same for rounding of states, slopes and terms in the sampler's precision. This is an overestimate: generated code merges factors that are
/// rounded separately here.
/// </param>
/// <param name="MedianAmplification">The median over trajectories of ‖J‖₂, J the Jacobian of the exact flow from the horizon to the early stop.</param>
/// <param name="HighAmplification">Its 99 % quantile.</param>
/// <param name="Segments">The same per segment.</param>
public sealed record SamplerForecast(
    int Samples, double RelativeMeanSquaredError, double StandardizedError, double RoundingError, double MedianAmplification, double HighAmplification,
    IReadOnlyList<SegmentForecast> Segments)
{
    /// <summary>The number of trajectories for a mixture within a forecast's budget; larger mixtures get fewer.</summary>
    public const int MaxSamples = 512;

    /// <inheritdoc/>
    public bool Equals(SamplerForecast? other) => other is not null
        && (Samples, RelativeMeanSquaredError, StandardizedError, RoundingError)
            .Equals((other.Samples, other.RelativeMeanSquaredError, other.StandardizedError, other.RoundingError))
        && (MedianAmplification, HighAmplification).Equals((other.MedianAmplification, other.HighAmplification))
        && Segments.SequenceEqual(other.Segments);

    /// <inheritdoc/>
    public override int GetHashCode() => (Samples, RelativeMeanSquaredError, Segments.Count).GetHashCode();

    /// <summary>Measures the forecast of a sampler; null if the mixture is too large or there are too many steps for the budget.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="program">The sampler, from the process's horizon to its early stop.</param>
    /// <param name="precision">The precision of its arithmetic, for <see cref="RoundingError"/>.</param>
    /// <exception cref="ArgumentException">The sampler starts or ends at another time.</exception>
    internal static SamplerForecast? Measure(ModelAnalysis analysis, FlowProgram program, Precision precision = Precision.Double)
    {
        Process process = analysis.Process;
        double from = program.Steps[0].From, to = program.Steps[program.Steps.Length - 1].To;
        if (from != process.Horizon || to != process.EarlyStop)
            throw new ArgumentException(
                $"The sampler goes from t = {PortableNumber.Format(from)} to {PortableNumber.Format(to)}; " +
                $"it must go from {PortableNumber.Format(process.Horizon)} to {PortableNumber.Format(process.EarlyStop)}.", nameof(program));
        return PilotForecast.Measure(analysis.Pilot, program, precision);
    }

    /// <summary>Describes the forecast, with a table of its segments.</summary>
    public override string ToString()
        => $"{SegmentTable.Whole(this)}.\n" + string.Join("\n", SegmentTable.Lines(Segments.Count, times: null, bounds: null, Segments));
}

/// <summary>One segment's effect on errors, measured on trajectories of the exact flow.</summary>
/// <param name="MedianAmplification">
/// The median over trajectories of ‖J‖₂, J the Jacobian of the exact flow from the segment's start to its end: the factor by which the segment
/// stretches an incoming error. Less than 1 if all directions shrink. ∫μ over the segment bounds its logarithm.
/// </param>
/// <param name="HighAmplification">Its 99 % quantile.</param>
/// <param name="LocalError">
/// The root mean square of |S(x) - Φ(x)|, for the solver's step and the exact flow from the same point of an exact trajectory (with exact slopes of
/// earlier steps if the solver uses them), in units of x.
/// </param>
/// <param name="PropagatedError">
/// The root mean square of |A (S(x) - Φ(x))|, A the Jacobian of the exact flow from the segment's end to the early stop.
/// </param>
public readonly record struct SegmentForecast(double MedianAmplification, double HighAmplification, double LocalError, double PropagatedError)
{
    /// <summary>The factor by which the rest of the flow amplifies this segment's local errors, in the root mean square.</summary>
    public double DownstreamAmplification => LocalError == 0 ? 0 : PropagatedError / LocalError;

    /// <summary>The figures as text, the same in every culture.</summary>
    public override string ToString()
        => $"stretch {NumberText.Brief(MedianAmplification)} (median) and {NumberText.Brief(HighAmplification)} (99 %); "
            + $"step error {NumberText.Brief(LocalError)}, downstream ×{NumberText.Brief(DownstreamAmplification)}";
}
