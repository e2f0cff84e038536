using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Mathematics.Students;

namespace FlowDsl;

/// <summary>Describes a student at run time.</summary>
public sealed class StudentDescriptor
{
    private readonly Lazy<MeansSpan?> _span;

    /// <summary>Describes a student; called by generated code.</summary>
    /// <param name="sampler">The student as a sampler, with its times and the model.</param>
    /// <param name="shape">Its networks.</param>
    /// <param name="weightBound">The bound on each weight's absolute value; infinite without one.</param>
    /// <param name="boundBiases">Whether it bounds biases too.</param>
    /// <param name="reference">The sampler that it learns from; null for the default.</param>
    public StudentDescriptor(SamplerDescriptor sampler, StudentShape shape, double weightBound, bool boundBiases, SamplerDescriptor? reference)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(shape);
        (Sampler, Shape, Bound, Reference) = (sampler, shape, new ParameterBound(weightBound, boundBiases), reference);
        _span = new Lazy<MeansSpan?>(() => StudentShape.SpanOf(Shape.Form, Sampler.Model.Mixture));
    }

    /// <summary>The student as a sampler: name, times, model.</summary>
    public SamplerDescriptor Sampler { get; }

    /// <summary>The networks.</summary>
    public StudentShape Shape { get; }

    /// <summary>The bound on the absolute value of each weight; infinite without one.</summary>
    public double WeightBound => Bound.Size;

    /// <summary>Whether <see cref="WeightBound"/> bounds biases too.</summary>
    public bool BoundBiases => Bound.IncludesBiases;

    /// <summary>
    /// The sampler that it learns from; null for the default, Runge-Kutta 4 on the angle grid. <see cref="Sampler"/> has this sampler's solver and chart.
    /// </summary>
    public SamplerDescriptor? Reference { get; }

    /// <summary>The number of segments.</summary>
    public int SegmentCount => Sampler.SegmentCount;

    /// <summary>Describes the student: its segments, its networks and the sampler it learns from.</summary>
    public override string ToString()
        => $"{Sampler.Name}: {NumberText.Count(SegmentCount, "segment")}, t = {Sampler.Times}; {Sampler.Model.Process}.\n"
            + $"Form: {Shape.Form}, {NumberText.Count(Shape.Depth, "hidden layer")} of {NumberText.Count(Shape.Width, "unit")} ({Shape.Activation}) in "
            + $"{NumberText.Count(Shape.Coordinates, "coordinate")}, {NumberText.Count(Shape.ParameterCount, "parameter")} per segment"
            + (Bound.IsNone ? ".\n" : $", no weight{(BoundBiases ? " or bias" : "")} greater than {NumberText.Short(WeightBound)}.\n")
            + $"It learns from {Reference?.Title ?? "Runge-Kutta 4 on the angle grid."}";

    /// <summary>The bound of the weights.</summary>
    internal ParameterBound Bound { get; }

    /// <summary>The axes along which it maps; null for the given coordinates.</summary>
    internal MeansSpan? Span => _span.Value;

    /// <summary>The mixture in the coordinates that it maps.</summary>
    internal Mixture Mapped => Span?.Reduced ?? Sampler.Model.Mixture;

    /// <summary>The reference's steps between two times: its own times between them, and the two times.</summary>
    /// <param name="from">The larger time.</param>
    /// <param name="to">The smaller time.</param>
    public FlowProgram Teacher(double from, double to)
    {
        const int StepsPerSegment = 16, MinSteps = 64;
        GaussianMixtureModel model = Sampler.Model;
        IReadOnlyList<double> own = Reference?.Times ?? model.CreateTimes(Grid.Angle, Math.Max(MinSteps, StepsPerSegment * SegmentCount));
        return FlowProgram.Create(model.Process, Sampler.Frame, Sampler.Solver, [from, .. own.Where(time => time < from && time > to), to]);
    }
}
