using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Forms;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>A sampler as straight-line methods.</summary>
/// <param name="RowCount">The rows of its block.</param>
/// <param name="Stride">The samples of its block.</param>
/// <param name="ExcessRow">The row that is positive for samples some form is not exact for; -1 where there is no such form.</param>
/// <param name="Steps">One entry a segment: its methods in order.</param>
/// <param name="Advances">Multistep solvers: one entry per segment, the coefficients by earlier slopes at hand; else empty.</param>
/// <param name="Evaluations">The forms chosen, in the order of evaluation.</param>
/// <param name="Cost">The instructions per vector of samples of all methods.</param>
/// <param name="IsTabled">Whether methods that differ in numbers alone are one, which reads its numbers from memory; else each has them as constants.</param>
internal sealed record KernelPlan(
    int RowCount, int Stride, int ExcessRow, MethodPlan[][] Steps, double[][][] Advances, EvaluationPlan[] Evaluations, int Cost, bool IsTabled);

/// <summary>The forms of one evaluation.</summary>
/// <param name="Blocks">One entry for each independent block of coordinates.</param>
internal sealed record EvaluationPlan(BlockChoice[] Blocks);

/// <summary>The forms that apply to a block of coordinates.</summary>
/// <param name="Coordinates">Its coordinates.</param>
/// <param name="Ranking">The forms, the chosen one first.</param>
internal sealed record BlockChoice(int[] Coordinates, FormChoice[] Ranking);

/// <summary>One straight-line method.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Statements">Its operations in order.</param>
/// <param name="Stores">What it writes: row and value.</param>
/// <param name="Tangents">What it does to each tangent; nothing where it stores nothing.</param>
/// <param name="KeepsExponential">Whether it is short enough to keep the numbers of its exponential in registers.</param>
internal sealed record MethodPlan(
    string Name, string Summary, IReadOnlyList<Node> Statements, (int Row, Node Value)[] Stores, TangentPart Tangents, bool KeepsExponential);

/// <summary>A method's arithmetic for one tangent.</summary>
/// <param name="Statements">Its operations in order, besides those of the method.</param>
/// <param name="Stores">What it writes: row of the tangent and value.</param>
internal sealed record TangentPart(IReadOnlyList<Node> Statements, (int Row, Node Value)[] Stores);
