using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics.Maps;

namespace FlowDsl.Generators.Planning.Maps;

/// <summary>All that is decided about one flow map before a character of it is written.</summary>
/// <param name="Spec">Its declaration.</param>
/// <param name="Grid">The grid, resolved.</param>
/// <param name="Times">The ends of the segments.</param>
/// <param name="Stability">Bounds and expectation for each segment; null where they are left to the run time.</param>
/// <param name="Axes">The axes along which it splits.</param>
/// <param name="Segments">The tables of each segment, with their proofs.</param>
/// <param name="Variance">The mean variance of the mixture.</param>
internal sealed record FlowMapPlan(
    FlowMapSpec Spec, Grid Grid, double[] Times, StabilityPlan? Stability, FlowAxes Axes, SegmentTables[] Segments, double Variance)
{
    /// <summary>The probability of starts of which nothing is proved.</summary>
    public double Undecided => Segments.Sum(segment => segment.Undecided);

    /// <summary>The standard deviations within which the tables hold.</summary>
    public double Reach => Segments.Min(segment => segment.Reach);

    /// <summary>All tables as bytes.</summary>
    public byte[] Data() => LineTableData.Write(Segments.SelectMany(segment => segment.Lines));

    /// <summary>What it is, in words.</summary>
    public string Form
    {
        get
        {
            int curved = Axes.LineOf.Count(line => line >= 0);
            string along = Axes.Span is null ? "along the given coordinates" : "along the axes of the means' span, the rest as one factor";
            int pieces = Segments.Sum(segment => segment.Lines.Sum(line => line.PieceCount));
            return $"exact flow map {along}: {curved} of {Axes.LineOf.Length} by tables of {pieces} polynomials, the others in closed form.";
        }
    }
}
