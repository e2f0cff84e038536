using FlowDsl.Mathematics.Solvers;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Arithmetic;

/// <summary>A method's part in the estimates of the steps' own errors: a step's begins with its slopes and ends with the next one.</summary>
/// <param name="graph">The method's graph.</param>
/// <param name="layout">Where the rows are.</param>
/// <param name="d">The number of coordinates.</param>
/// <param name="isCarried">Whether the sample's error is a tangent, to which the steps' are added.</param>
internal sealed class ErrorTerms(Graph graph, RowLayout layout, int d, bool isCarried)
{
    private readonly List<(int Row, Node Value)> _stores = [];

    /// <summary>What the method stores for them.</summary>
    public IReadOnlyList<(int Row, Node Value)> Stores => _stores;

    /// <summary>Adds the error of the step before, for which this slope is the next one.</summary>
    public void Complete(StepError step, Node[] slopes)
    {
        graph.Section(isCarried ? "The error of the step before: added to the sample's."
            : "The error of the step before: its length is added to their sum.");
        Node square = graph.Constant(0);
        for (int j = 0; j < d; j++)
        {
            Node own = Graph.Named(graph.MultiplyAdd(slopes[j], graph.Constant(step.Next), Residue(j)), "error" + Text(j));
            if (!isCarried) square = Graph.Labelled(graph.MultiplyAdd(own, own, square), "square");
            else _stores.Add((layout.Tangents + j, graph.Add(graph.Load(layout.Tangents + j, "carried" + Text(j)), own)));
        }
        if (isCarried) return;
        _stores.Add((layout.Length, graph.Add(graph.Load(layout.Length, "length"), Graph.Labelled(graph.SquareRoot(square), "errorLength"))));
    }

    /// <summary>Adds what a step's first stage contributes to its error.</summary>
    /// <param name="step">The estimate of its error.</param>
    /// <param name="x">The state.</param>
    /// <param name="slopes">The first slope.</param>
    /// <param name="isKept">Whether a step after may need it.</param>
    public void Begin(StepError step, Node[] x, Node[] slopes, bool isKept)
    {
        graph.Section("This step's own error, as far as it is known.");
        for (int j = 0; j < d && Contributes(step, 0); j++)
        {
            LinearSum sum = LinearSum.Of(x[j], step.State).Plus(slopes[j], step.Slopes[0]);
            if (step.Previous != 0) sum = sum.Plus(graph.Load(layout.Previous + j, "previous" + Text(j)), step.Previous);
            _stores.Add((layout.Residue + j, sum.ToNode(graph, "residue" + Text(j))));
        }
        for (int j = 0; j < d && isKept; j++) _stores.Add((layout.Previous + j, slopes[j]));
    }

    /// <summary>Adds what a later stage contributes.</summary>
    public void Continue(StepError step, int stage, Node[] slopes)
    {
        if (step.Slopes[stage] == 0) return;
        graph.Section("This step's own error, as far as it is known.");
        bool isFirst = !Enumerable.Range(0, stage).Any(earlier => Contributes(step, earlier));
        for (int j = 0; j < d; j++)
            _stores.Add((layout.Residue + j, Graph.Labelled(graph.MultiplyAdd(slopes[j], graph.Constant(step.Slopes[stage]), isFirst ? graph.Constant(0)
                : Residue(j)), "residue" + Text(j))));
    }

    private static bool Contributes(StepError step, int stage) => step.Slopes[stage] != 0 || (stage == 0 && (step.State != 0 || step.Previous != 0));

    private Node Residue(int j) => graph.Load(layout.Residue + j, "residue" + Text(j));
}
