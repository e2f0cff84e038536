using System.Globalization;

namespace FlowDsl.Training;

/// <summary>The progress of a training.</summary>
/// <param name="Segment">The segment this is about.</param>
/// <param name="Phase">The current phase.</param>
/// <param name="Step">The number of steps or iterations of the phase that are done.</param>
/// <param name="StepCount">The number of steps or iterations in the phase.</param>
/// <param name="RelativeError">The segment's relative MSE Σ|f(x) - Φ(x)|²/Σ|Φ(x)|², in the mapped coordinates, on recent batches.</param>
/// <param name="Done">The share of the whole training that is done.</param>
/// <param name="Remaining">The estimated remaining time; null until something new is done.</param>
public readonly record struct TrainingProgress(
    int Segment, TrainingPhase Phase, int Step, int StepCount, double RelativeError, double Done, TimeSpan? Remaining);

/// <summary>The phases of a segment's training.</summary>
public enum TrainingPhase
{
    /// <summary>Steps on fresh batches (AdamW).</summary>
    Steps,

    /// <summary>Iterations on one large batch (L-BFGS).</summary>
    Finish,

    /// <summary>The error was measured: the segment is trained.</summary>
    Trained,
}

/// <summary>The result of a training.</summary>
/// <param name="Weights">The weights; of segments that are not trained yet, as far as they are.</param>
/// <param name="SegmentErrors">
/// For each segment the relative MSE Σ|f(x) - Φ(x)|²/Σ|Φ(x)|² against the reference from exact starts x, in the mapped coordinates, on samples that
/// were not used for training. NaN where a segment is not trained yet (<see cref="TrainingOptions.Segments"/>).
/// </param>
/// <param name="Elapsed">The time it took, not counting the time before a resumption.</param>
public sealed record TrainingResult(StudentWeights Weights, IReadOnlyList<double> SegmentErrors, TimeSpan Elapsed)
{
    /// <inheritdoc/>
    public bool Equals(TrainingResult? other)
        => other is not null && (Weights, Elapsed).Equals((other.Weights, other.Elapsed)) && SegmentErrors.SequenceEqual(other.SegmentErrors);

    /// <inheritdoc/>
    public override int GetHashCode() => (Weights, Elapsed, SegmentErrors.Count).GetHashCode();

    /// <summary>The segments' errors and the time; the same in every culture.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{SegmentErrors.Count} segments in {Elapsed.TotalSeconds:f1} s; relative errors {string.Join(", ", SegmentErrors.Select(Brief))}");

    private static string Brief(double error) => error.ToString("0.00E+0", CultureInfo.InvariantCulture);
}
