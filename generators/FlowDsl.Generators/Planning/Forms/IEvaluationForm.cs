using FlowDsl.Generators.Planning.Arithmetic;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>A way to compute a mixture's slope. All give the same values up to rounding and differ in the operations they need.</summary>
internal interface IEvaluationForm
{
    /// <summary>What the form is called in plans.</summary>
    string Name { get; }

    /// <summary>What it computes, stated once in a kernel.</summary>
    string Equation { get; }

    /// <summary>Adds an evaluation to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="evaluation">The mixture, field and precision.</param>
    /// <param name="x">The d coordinates at which to evaluate.</param>
    /// <returns>The slope; null where the form does not apply.</returns>
    Slope? Build(Graph graph, Evaluation evaluation, Node[] x);
}
