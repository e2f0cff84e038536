using FlowDsl.Generators.Planning.Arithmetic;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Where a form is exact: what is outside is left to the loop form, sample by sample.</summary>
internal static class Region
{
    /// <summary>|y|²/reach² - 1: positive beyond a distance; null where there is no bound.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="y">The way from a centre.</param>
    /// <param name="reach">The distance.</param>
    /// <param name="why">What goes wrong beyond it.</param>
    public static Node? Beyond(Graph graph, Node[] y, double reach, string why = "a logit could overflow")
    {
        if (double.IsInfinity(reach)) return null;
        graph.Section($"Positive where {why}: the loop form takes over such samples.");
        Node square = Graph.Labelled(graph.Multiply(y[0], y[0]), "square");
        foreach (Node coordinate in y.Skip(1)) square = Graph.Labelled(graph.MultiplyAdd(coordinate, coordinate, square), "square");
        return Graph.Named(graph.MultiplyAdd(square, graph.Constant(1 / (reach * reach)), graph.Constant(-1)), "excess");
    }
}
