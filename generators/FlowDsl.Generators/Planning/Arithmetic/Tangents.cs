namespace FlowDsl.Generators.Planning.Arithmetic;

/// <summary>Derivatives of a graph's values along a direction: the forward mode of automatic differentiation, operation by operation.</summary>
/// <param name="graph">The graph; derivatives are added to it.</param>
/// <param name="seed">The derivatives of the rows that are loaded.</param>
internal sealed class Tangents(Graph graph, Func<Node, Node> seed)
{
    private const double LogTwo = 0.69314718055994531;

    private readonly Dictionary<Node, Node> _known = [];

    private Node Zero => graph.Constant(0);

    /// <summary>The derivative of a value.</summary>
    public Node Of(Node node)
    {
        // Whole graphs are derived from the end: their depth is that of one evaluation, a few dozen operations.
        if (_known.TryGetValue(node, out Node? known)) return known;
        Node tangent = Derive(node);
        if (tangent.Operation != Operation.LoadTangent)
        {
            if (node.Name is { } name) Graph.Named(tangent, name + "Tangent");
            else if (node.Label is { } label) Graph.Labelled(tangent, label + "Tangent");
        }
        return _known[node] = tangent;
    }

    private Node Derive(Node node) => node.Operation switch
    {
        Operation.Load => seed(node),
        Operation.Add => graph.Add(Part(node, 0), Part(node, 1)),
        Operation.Subtract => Difference(Part(node, 0), Part(node, 1)),
        Operation.Multiply => graph.MultiplyAdd(Part(node, 0), node.Operands[1], graph.Multiply(node.Operands[0], Part(node, 1))),
        Operation.MultiplyAdd => graph.MultiplyAdd(
            Part(node, 0), node.Operands[1], graph.MultiplyAdd(node.Operands[0], Part(node, 1), Part(node, 2))),
        Operation.Divide => Quotient(node),
        Operation.Min => Limited(node, isLesser: true),
        Operation.Max => Limited(node, isLesser: false),
        Operation.Abs => graph.Multiply(Part(node, 0), Sign(node.Operands[0])),
        // What is given a sign is a weight, which has none.
        Operation.CopySign => graph.Multiply(Part(node, 0), Sign(node.Operands[1])),
        Operation.KeepIfLess => Part(node, 2).Is(0) ? Zero : graph.KeepIfLess(node.Operands[0], node.Operands[1], Part(node, 2)),
        Operation.Exp2 or Operation.Exp2Coarse or Operation.Exp2Pair => Power(node, Part(node, 0), LogTwo),
        Operation.Reciprocal => Power(node, Part(node.Operands[0], 0), -LogTwo),
        // Constants, and whole numbers between which values jump.
        _ => Zero,
    };

    private Node Part(Node node, int operand) => Of(node.Operands[operand]);

    private Node Sign(Node node) => graph.CopySign(graph.Constant(1), node);

    private Node Difference(Node left, Node right) => left.Is(0) ? graph.Multiply(right, graph.Constant(-1)) : graph.Subtract(left, right);

    private Node Power(Node power, Node exponent, double logarithm)
        => exponent.Is(0) ? exponent : graph.Multiply(graph.Multiply(power, graph.Constant(logarithm)), exponent);

    // (n/q)' = (n' - (n/q) q')/q; the numerators of a step's shares are constants n, and -1/q is their share by -n.
    private Node Quotient(Node node)
    {
        (Node numerator, Node change) = (node.Operands[0], Part(node, 1));
        Node product = change.Is(0) ? change : graph.Multiply(node, change);
        // The square of a share may be too small a number; times the change first, it is of the change's size.
        return numerator.IsConstant
            ? graph.Multiply(product, graph.Multiply(node, graph.Constant(-1 / numerator.Value)))
            : graph.Divide(Difference(Part(node, 0), product), node.Operands[1]);
    }

    /// <summary>
    /// The derivative of a minimum or maximum, where one operand is a constant. The extreme of several values is a shift of
    /// exponents, of which nothing depends: any derivative will do, and none is the cheapest.
    /// </summary>
    private Node Limited(Node node, bool isLesser)
    {
        int at = node.Operands[0].IsConstant ? 1 : 0;
        (Node value, Node limit) = (node.Operands[at], node.Operands[1 - at]);
        if (!limit.IsConstant) return Zero;
        Node tangent = Of(value);
        if (tangent.Is(0)) return tangent;
        return isLesser ? graph.KeepIfLess(value, limit, tangent) : graph.KeepIfLess(limit, value, tangent);
    }
}
