namespace FlowDsl.Generators.Planning.Arithmetic;

/// <summary>Derivatives of a graph's values along a direction: the forward mode of automatic differentiation, operation by operation.</summary>
/// <param name="graph">The graph; derivatives are added to it.</param>
/// <param name="seed">The derivatives of the rows that are loaded.</param>
/// <param name="ending">What the names of derivatives end in.</param>
internal sealed class Tangents(Graph graph, Func<Node, Node> seed, string ending = "Tangent")
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
        if (tangent.Operation != Operation.LoadTangent && tangent.Index > node.Index)
        {
            if (node.Name is { } name) Graph.Named(tangent, name + ending);
            else if (node.Label is { } label) Graph.Labelled(tangent, label + ending);
        }
        return _known[node] = tangent;
    }

    private Node Derive(Node node) => node.Operation switch
    {
        Operation.Load => seed(node),
        Operation.Add => IsPair(node) ? Times(graph.Subtract(node.Operands[0], node.Operands[1]), Growth(node)) : Sum(Part(node, 0), Part(node, 1)),
        Operation.Subtract => IsPair(node)
            ? Times(graph.Add(node.Operands[0], node.Operands[1]), Growth(node))
            : Difference(Part(node, 0), Part(node, 1)),
        Operation.Multiply => ProductSum(Part(node, 0), node.Operands[1], ProductSum(Part(node, 1), node.Operands[0], Zero)),
        Operation.MultiplyAdd => ProductSum(Part(node, 0), node.Operands[1], ProductSum(Part(node, 1), node.Operands[0], Part(node, 2))),
        Operation.Divide => Quotient(node),
        Operation.Min => Limited(node, isLesser: true),
        Operation.Max => Limited(node, isLesser: false),
        Operation.Abs => Signed(Part(node, 0), node.Operands[0]),
        // What is given a sign is a weight, which has none.
        Operation.CopySign => Signed(Part(node, 0), node.Operands[1]),
        Operation.KeepIfLess => Part(node, 2).Is(0) ? Zero : graph.KeepIfLess(node.Operands[0], node.Operands[1], Part(node, 2)),
        Operation.Exp2 or Operation.Exp2Coarse or Operation.Exp2Pair => Power(node, Part(node, 0), LogTwo),
        Operation.Reciprocal => Power(node, Part(node.Operands[0], 0), -LogTwo),
        // Constants, and whole numbers between which values jump.
        _ => Zero,
    };

    private Node Part(Node node, int operand) => Of(node.Operands[operand]);

    private Node Sign(Node node) => graph.CopySign(graph.Constant(1), node);

    private Node Difference(Node left, Node right) => left.Is(0) ? Times(right, graph.Constant(-1)) : graph.Subtract(left, right);

    private Node Power(Node power, Node exponent, double logarithm)
    {
        if (exponent.Is(0)) return exponent;
        (Node core, double factor) = Split(exponent);
        if (exponent.IsConstant) return Times(power, graph.Constant(logarithm * exponent.Value));
        // A weight times a sign is a signed weight.
        if (core.Operation == Operation.CopySign && core.Operands[0].Is(1))
            return Times(graph.CopySign(power, core.Operands[1]), graph.Constant(logarithm * factor));
        return graph.Multiply(graph.Multiply(power, graph.Constant(logarithm)), exponent);
    }

    // A power of two beside its reciprocal.
    private static bool IsPair(Node node) => node.Operands[1].Operation == Operation.Reciprocal && node.Operands[1].Operands[0] == node.Operands[0];

    private Node Growth(Node pair) => Times(Part(pair.Operands[0], 0), graph.Constant(LogTwo));

    /// <summary>A derivative with the sign of a value; a weight that had it already loses it.</summary>
    private Node Signed(Node derivative, Node value)
    {
        (Node core, double factor) = Split(derivative);
        if (core.Operation == Operation.CopySign && core.Operands[1] == value && !core.Operands[0].Is(1))
            return Times(core.Operands[0], graph.Constant(factor));
        return Times(Sign(value), derivative);
    }

    // What derivatives have as factors are mostly constants: they are multiplied before they meet a value.
    private static (Node Core, double Factor) Split(Node node) => node.Operation == Operation.Multiply && node.Operands[1].IsConstant
        ? (node.Operands[0], node.Operands[1].Value)
        : (node, 1);

    private Node Times(Node value, Node factor)
    {
        if (!factor.IsConstant) return value.IsConstant ? Times(factor, value) : graph.Multiply(value, factor);
        if (value.IsConstant) return graph.Multiply(value, factor);
        (Node core, double own) = Split(value);
        return graph.Multiply(core, graph.Constant(own * factor.Value));
    }

    private Node Sum(Node left, Node right)
    {
        (Node core, double factor) = Split(left);
        if (factor != 1) return graph.MultiplyAdd(core, graph.Constant(factor), right);
        (core, factor) = Split(right);
        return factor != 1 ? graph.MultiplyAdd(core, graph.Constant(factor), left) : graph.Add(left, right);
    }

    private Node ProductSum(Node derivative, Node factor, Node addend)
    {
        if (derivative.Is(0) || factor.Is(0)) return addend;
        if (addend.Is(0)) return Times(derivative, factor);
        if (!factor.IsConstant) return derivative.IsConstant ? ProductSum(factor, derivative, addend) : graph.MultiplyAdd(derivative, factor, addend);
        if (derivative.IsConstant) return graph.MultiplyAdd(derivative, factor, addend);
        (Node core, double own) = Split(derivative);
        return graph.MultiplyAdd(core, graph.Constant(own * factor.Value), addend);
    }

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
