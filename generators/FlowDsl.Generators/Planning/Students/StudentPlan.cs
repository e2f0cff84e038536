using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Planning.Students;

/// <summary>All that is decided about one student before a character of it is written.</summary>
/// <param name="Spec">Its declaration.</param>
/// <param name="Grid">The grid, resolved.</param>
/// <param name="Times">The ends of the segments.</param>
/// <param name="Stability">Bounds and expectation for each segment; null where they are left to the run time.</param>
/// <param name="Shape">Its networks.</param>
/// <param name="Program">The arithmetic of a segment.</param>
/// <param name="Dimension">d.</param>
/// <param name="Solver">The solver that it learns from.</param>
/// <param name="Frame">Its chart.</param>
/// <param name="Reference">The sampler whose solver that is; null for the default one.</param>
/// <param name="Weights">The parameters of each segment; null where there are none.</param>
internal sealed record StudentPlan(
    StudentSpec Spec,
    Grid Grid,
    double[] Times,
    StabilityPlan? Stability,
    StudentShape Shape,
    StudentProgramPlan Program,
    int Dimension,
    Solver Solver,
    ChartFrame Frame,
    SamplerPlan? Reference,
    float[][]? Weights);

/// <summary>The arithmetic of a segment: steps over rows of lanes.</summary>
/// <param name="Rows">The groups of rows in their order, each by its name.</param>
/// <param name="RowCount">The number of rows.</param>
/// <param name="Result">The rows of the mapped coordinates.</param>
/// <param name="Steps">The steps.</param>
internal sealed record StudentProgramPlan(IReadOnlyList<RowGroup> Rows, int RowCount, RowGroup Result, IReadOnlyList<StudentStep> Steps);

/// <summary>Rows that hold one value's coordinates.</summary>
/// <param name="Name">Their name.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many hold something.</param>
internal sealed record RowGroup(string Name, int First, int Count);

/// <summary>A step of a student's arithmetic.</summary>
/// <param name="Comment">What it is; null where the step before says it.</param>
/// <param name="Learns">Whether what it reads depends on the parameters, so that the derivative by these passes through it.</param>
internal abstract record StudentStep(string? Comment, bool Learns);

/// <summary>to ← W from + b with numbers that the mixture gives.</summary>
internal sealed record KnownLayerStep(string? Comment, bool Learns, string Layer, RowGroup From, RowGroup To) : StudentStep(Comment, Learns);

/// <summary>to ← W from + b with parameters; those of the layers before it start at <c>Offset</c>.</summary>
internal sealed record LearnedLayerStep(string? Comment, bool Learns, int Index, int Offset, int ParameterCount, RowGroup From, RowGroup To)
    : StudentStep(Comment, Learns);

/// <summary>rows ← activation of rows; the slopes are kept from a row on.</summary>
internal sealed record ActivationStep(Activation Activation, RowGroup Rows, int SlopeRow) : StudentStep(null, Learns: true);

/// <summary>to ← from, standardised.</summary>
internal sealed record StandardizeStep(string? Comment, RowGroup From, RowGroup To) : StudentStep(Comment, Learns: false);

/// <summary>to ← from.</summary>
internal sealed record CopyStep(string? Comment, RowGroup From, RowGroup To) : StudentStep(Comment, Learns: false);

/// <summary>rows ← softmax of rows.</summary>
internal sealed record SoftmaxStep(bool Learns, RowGroup Rows) : StudentStep(null, Learns);

/// <summary>to ← to + from, from without parameters.</summary>
internal sealed record AddStep(string? Comment, RowGroup From, RowGroup To) : StudentStep(Comment, Learns: false);

/// <summary>to ← to + ½ from, from without parameters.</summary>
internal sealed record AddHalfStep(string? Comment, RowGroup From, RowGroup To) : StudentStep(Comment, Learns: false);

/// <summary>to ← to + α from, from without parameters.</summary>
internal sealed record AddStartStep(RowGroup From, RowGroup To) : StudentStep(null, Learns: false);
