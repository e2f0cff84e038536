using System.Globalization;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Generators.Planning.Students;

/// <summary>Whether weights within a bound can stretch as much as a segment's exact map does.</summary>
internal static class CapacityAudit
{
    /// <summary>The relative MSE that a student must be able to come down to.</summary>
    public const double MaxFloor = 0.01;

    /// <summary>The segment that a student misses by most; null where it may represent all of them.</summary>
    public static CapacityMismatch? Find(ResolvedModel model, StudentSpec spec, StudentShape shape, double[] times, CancellationToken cancellationToken)
    {
        // The corrected responsibilities are exact in form, and their steepness is not the weights' alone.
        if (spec.Bound.IsNone || StudentShape.Corrects(spec.Form)) return null;
        CapacityMismatch? worst = null;
        for (int j = 0; j < times.Length - 1; j++)
        {
            (double known, double scale) = KnownPart(j);
            double capacity = known + scale * LipschitzCapacity.Of(shape.Coordinates, spec.Width, spec.Depth, spec.Activation, spec.Bound.Size, linearPart: 0);
            if (!(capacity < double.PositiveInfinity)) return null;
            var exact = LipschitzMismatch.Of(model.Mixture, model.Process, times[j], times[j + 1], cancellationToken);
            double floor = exact.Floor(capacity);
            if (floor > MaxFloor && !(worst?.Floor >= floor))
                worst = new CapacityMismatch(j, times[j], times[j + 1], exact.IsExact, exact.Lipschitz, capacity, floor, exact.MinSegments(capacity, MaxFloor));
        }
        return worst;

        // What stretches without a network, and what the network's inputs are stretched by before they reach it.
        (double Norm, double InputScale) KnownPart(int segment)
        {
            if (spec.Form != StudentForm.ClosedFormPlusResidual) return (spec.Form == StudentForm.Residual ? 1 : 0, 1);
            Mixture mapped = StudentShape.SpanOf(spec.Form, model.Mixture)?.Reduced ?? model.Mixture;
            var map = new StudentMap(mapped, model.Process, times[segment], times[segment + 1]);
            return (map.ClosedFormNorm, map.Standardization().Scales.Max());
        }
    }
}

/// <summary>A segment that a student cannot represent.</summary>
/// <param name="Segment">Which.</param>
/// <param name="From">Where it starts.</param>
/// <param name="To">Where it ends.</param>
/// <param name="IsExact">Whether the Lipschitz constant is known, and not only that it is no less.</param>
/// <param name="Lipschitz">The Lipschitz constant of the exact map.</param>
/// <param name="Capacity">What weights within it can stretch by, at most.</param>
/// <param name="Floor">The minimum relative MSE that is possible.</param>
/// <param name="MinSegments">The fewest segments in place of this one that could be exact enough; null where no number is.</param>
internal sealed record CapacityMismatch(
    int Segment, double From, double To, bool IsExact, double Lipschitz, double Capacity, double Floor, int? MinSegments)
{
    /// <summary>What fills the message.</summary>
    public string[] Words() =>
    [
        Segment.ToString(CultureInfo.InvariantCulture), Brief(From), Brief(To), (IsExact ? "" : "at least ") + Brief(Lipschitz), Brief(Capacity), Brief(Floor),
        MinSegments is { } count
            ? $"{count.ToString(CultureInfo.InvariantCulture)} segments in its place are needed at least to come down to {Brief(CapacityAudit.MaxFloor)}"
            : $"no number of segments comes down to {Brief(CapacityAudit.MaxFloor)}",
    ];

    private static string Brief(double value) => PortableNumber.Format(value, 3);
}
