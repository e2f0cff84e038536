using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>What is proved of a flow map.</summary>
/// <remarks>
/// Distances are Euclidean, in units of x, for images within eight standard deviations of a component; farther out errors are twice as great and grow in
/// proportion to the distance. The model's numbers, and the process at the ends of the segments in double precision, are taken as exact.
/// </remarks>
/// <param name="accuracy">The error that was asked for.</param>
/// <param name="errors">For each segment the proved bound on its map's error, rounding included.</param>
/// <param name="tailErrors">For each segment the same for points more than <see cref="Reach"/> standard deviations from every component; infinite
/// where there is no proof.</param>
/// <param name="reach">The standard deviations beyond every component within which <see cref="Errors"/> holds.</param>
/// <param name="undecided">A bound on the probability of starts of which nothing is proved.</param>
public sealed class FlowMapDescriptor(double accuracy, IReadOnlyList<double> errors, IReadOnlyList<double> tailErrors, double reach, double undecided)
{
    /// <summary>
    /// The standard deviations beyond every component, at the start of a segment, within which <see cref="Errors"/> holds: 40 where the components have one
    /// variance, less where a wider component takes over farther out.
    /// </summary>
    public double Reach { get; } = reach;

    /// <summary>The error that was asked for.</summary>
    public double Accuracy { get; } = accuracy;

    /// <summary>For each segment the proved bound on its map's error, rounding included.</summary>
    public IReadOnlyList<double> Errors { get; } = errors;

    /// <summary>For each segment the same for points more than <see cref="Reach"/> standard deviations from every component.</summary>
    public IReadOnlyList<double> TailErrors { get; } = tailErrors;

    /// <summary>
    /// A bound on the probability of starts so near a separatrix that the rounding of their place, or of the separatrix's own, decides where they end: of
    /// these nothing is proved.
    /// </summary>
    public double Undecided { get; } = undecided;

    /// <summary>The greatest error of a segment.</summary>
    public double Error => Errors.Max();

    /// <summary>The figures as text, the same in every culture.</summary>
    public override string ToString()
        => $"proved error {NumberText.Brief(Error)} per segment, {NumberText.Brief(TailErrors.Max())} beyond {NumberText.Short(Reach)} standard deviations, "
            + $"undecided {NumberText.Brief(Undecided)}";
}
