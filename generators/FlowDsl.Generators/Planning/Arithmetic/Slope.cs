using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Arithmetic;

/// <summary>A quotient that a slope contains; slopes share denominators, so that a step divides once for all coordinates.</summary>
/// <param name="Numerator">The numerator.</param>
/// <param name="Denominator">The denominator.</param>
internal sealed record Fraction(Node Numerator, Node Denominator);

/// <summary>A slope, each coordinate an affine function of nodes plus a quotient: a step folds its length into both.</summary>
/// <param name="Affine">The affine parts.</param>
/// <param name="Fractions">The quotients; null for a coordinate without.</param>
/// <param name="Excess">Positive where the slope is not exact; null where it is everywhere.</param>
internal sealed record Slope(LinearSum[] Affine, Fraction?[] Fractions, Node? Excess = null)
{
    private readonly Dictionary<Node, (double Factor, Node Share)> _shares = [];

    /// <summary>base + factor · slope for each coordinate.</summary>
    public Node[] AddTo(Graph graph, LinearSum[] bases, double factor) =>
    [
        .. Enumerable.Range(0, bases.Length).Select(j =>
        {
            Node affine = bases[j].Plus(Affine[j], factor).ToNode(graph, "base" + Text(j));
            return Fractions[j] is var (numerator, denominator) ? graph.MultiplyAdd(numerator, Share(graph, denominator, factor), affine) : affine;
        }),
    ];

    /// <summary>A factor over a denominator: divided once, then multiplied.</summary>
    private Node Share(Graph graph, Node denominator, double factor)
    {
        if (_shares.TryGetValue(denominator, out (double Factor, Node Share) known)) return Graph.Labelled(graph.Multiply(known.Share,
            graph.Constant(factor / known.Factor)), "share");
        Node share = Graph.Named(graph.Divide(graph.Constant(factor), denominator), factor == 1 ? "inverse" : "share");
        _shares.Add(denominator, (factor, share));
        return share;
    }
}
