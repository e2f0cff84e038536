using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Maps;

namespace FlowDsl.Runtime.Maps;

/// <summary>A segment of a flow map.</summary>
/// <param name="From">The process at its start.</param>
/// <param name="To">The process at its end.</param>
/// <param name="Tables">The tables of its different lines.</param>
/// <param name="Straight">For each axis the map of its Gaussian; null where it has a table.</param>
/// <param name="Rest">The map orthogonal to the axes of a span, with the shift per unit of the means' common part; null where there is none.</param>
internal sealed record MapSegment(ProcessPoint From, ProcessPoint To, LineTable[] Tables, AxisLine?[] Straight, AxisLine? Rest)
{
    /// <summary>A segment between two times.</summary>
    public static MapSegment Of(GaussianMixtureModel model, FlowAxes axes, double from, double to, LineTable[] tables)
    {
        ProcessPoint start = model.Process.At(from), end = model.Process.At(to);
        AxisLine?[] straight =
        [
            .. axes.LineOf.Select((line, j) => line >= 0 ? null
                : AxisLine.Of(axes.Marginals[j].Means[0][0], axes.Marginals[j].Covariances[0].MinVariance, start, end)),
        ];
        AxisLine? rest = axes.Span is null or { IsWhole: true } ? null : AxisLine.Of(1, model.Mixture.Covariances[0].MinVariance, start, end);
        return new MapSegment(start, end, tables, straight, rest);
    }

    /// <summary>The image of a coordinate along an axis.</summary>
    public double Along(FlowAxes axes, int axis, double y) => Straight[axis] is { } line ? line.Scale * y + line.Shift : Tables[axes.LineOf[axis]].At(y);

    /// <summary>The slope there.</summary>
    public double SlopeAlong(FlowAxes axes, int axis, double y) => Straight[axis] is { } line ? line.Scale : Tables[axes.LineOf[axis]].SlopeAt(y);
}
