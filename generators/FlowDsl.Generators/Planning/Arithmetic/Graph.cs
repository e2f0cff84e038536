namespace FlowDsl.Generators.Planning.Arithmetic;

/// <summary>The operations of straight-line vector arithmetic.</summary>
internal enum Operation
{
    /// <summary>A row of the block; the value is its index.</summary>
    Load,

    /// <summary>The same row of the tangent at hand.</summary>
    LoadTangent,

    /// <summary>A number, the same in every lane.</summary>
    Constant,

    /// <summary>A number that methods of one body have in different tables; the value is its place there.</summary>
    Number,
    Add,
    Subtract,
    Multiply,

    /// <summary>First · second + third, fused where the hardware does.</summary>
    MultiplyAdd,
    Min,
    Max,
    Abs,
    Divide,

    SquareRoot,

    /// <summary>The first with the sign of the second.</summary>
    CopySign,

    /// <summary>The nearest whole number.</summary>
    Round,

    /// <summary>The third where the first is less than the second, else 0.</summary>
    KeepIfLess,

    /// <summary>Two to the power of the operand.</summary>
    Exp2,

    /// <summary>Two to the power of an operand of many bits, no more exact than rounding leaves such a one.</summary>
    Exp2Coarse,

    /// <summary>Two to the power of the operand, with its <see cref="Reciprocal"/> at hand.</summary>
    Exp2Pair,

    /// <summary>The reciprocal that the operand, an <see cref="Exp2Pair"/>, computes besides itself.</summary>
    Reciprocal,
}

/// <summary>One operation of a <see cref="Graph"/>. No record: the graph already shares what is equal, and names may change.</summary>
/// <param name="index">Its place in the order of creation, which is the order of emission.</param>
/// <param name="operation">What it does.</param>
/// <param name="operands">What it does it to.</param>
/// <param name="value">The number of a constant, the row of a load.</param>
internal sealed class Node(int index, Operation operation, Node[] operands, double value)
{
    public int Index { get; } = index;

    public Operation Operation { get; } = operation;

    public Node[] Operands { get; } = operands;

    public double Value { get; } = value;

    /// <summary>What the value is, for the reader of the generated code.</summary>
    public string? Name { get; set; }

    /// <summary>The same of a value that gets a variable only where it is used more than once or its line is too long.</summary>
    public string? Label { get; set; }

    /// <summary>The heading of the block of arithmetic that it opens.</summary>
    public string? Heading { get; set; }

    public bool IsConstant => Operation is Operation.Constant or Operation.Number;

    public bool Is(double value) => Operation == Operation.Constant && Value == value;
}

/// <summary>
/// Straight-line arithmetic under construction: equal operations are shared and constants folded as they are added, so what
/// a model makes superfluous (zero coordinates, unit factors, common terms) never appears.
/// </summary>
internal sealed class Graph
{
    private readonly Dictionary<(Operation, int, int, int, long), Node> _known = [];
    private readonly List<Node> _nodes = [];
    private string? _heading;

    /// <summary>All operations in the order of creation.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Opens a block of arithmetic: the next new operation carries the heading, or none.</summary>
    public void Section(string? heading) => _heading = heading;

    public Node Constant(double value) => Make(Operation.Constant, value);

    public Node Load(int row, string name) => Named(Make(Operation.Load, row), name);

    public Node LoadTangent(int row, string name) => Named(Make(Operation.LoadTangent, row), name);

    public Node Add(Node left, Node right)
    {
        if (left.IsConstant && right.IsConstant) return Constant(left.Value + right.Value);
        if (left.Is(0)) return right;
        return right.Is(0) ? left : Make(Operation.Add, 0, left, right);
    }

    public Node Subtract(Node left, Node right)
    {
        if (left.IsConstant && right.IsConstant) return Constant(left.Value - right.Value);
        if (left == right) return Constant(0);
        return right.Is(0) ? left : Make(Operation.Subtract, 0, left, right);
    }

    public Node Multiply(Node left, Node right)
    {
        if (left.IsConstant && right.IsConstant) return Constant(left.Value * right.Value);
        if (left.Is(0) || right.Is(1)) return left;
        return left.Is(1) || right.Is(0) ? right : Make(Operation.Multiply, 0, left, right);
    }

    public Node MultiplyAdd(Node first, Node second, Node addend)
    {
        if (first.Is(0) || second.Is(0)) return addend;
        if (first.Is(1)) return Add(second, addend);
        if (second.Is(1)) return Add(first, addend);
        return addend.Is(0) || (first.IsConstant && second.IsConstant)
            ? Add(Multiply(first, second), addend)
            : Make(Operation.MultiplyAdd, 0, first, second, addend);
    }

    public Node Min(Node left, Node right) => left == right ? left : Make(Operation.Min, 0, left, right);

    public Node Max(Node left, Node right) => left == right ? left : Make(Operation.Max, 0, left, right);

    public Node Abs(Node operand) => operand.IsConstant ? Constant(Math.Abs(operand.Value)) : Make(Operation.Abs, 0, operand);

    public Node SquareRoot(Node operand) => operand.IsConstant ? Constant(Math.Sqrt(operand.Value)) : Make(Operation.SquareRoot, 0, operand);

    public Node CopySign(Node magnitude, Node sign) => Make(Operation.CopySign, 0, magnitude, sign);

    public Node Round(Node operand) => Make(Operation.Round, 0, operand);

    public Node KeepIfLess(Node left, Node right, Node value) => Make(Operation.KeepIfLess, 0, left, right, value);

    public Node Divide(Node left, Node right) => right.IsConstant ? Multiply(left, Constant(1 / right.Value)) : Make(Operation.Divide, 0, left, right);

    /// <summary>Two to the power of the operand.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="isCoarse">Whether the operand is too inexact for the power to be exact.</param>
    public Node Exp2(Node operand, bool isCoarse = false) => operand.Is(0) ? Constant(1) : Make(isCoarse ? Operation.Exp2Coarse : Operation.Exp2, 0, operand);

    /// <summary>Two to the power of the operand, and to the power of its negative.</summary>
    public (Node Power, Node Reciprocal) Exp2Pair(Node operand)
    {
        if (operand.Is(0)) return (Constant(1), Constant(1));
        Node power = Make(Operation.Exp2Pair, 0, operand);
        return (power, Make(Operation.Reciprocal, 0, power));
    }

    /// <summary>The operations that outputs depend on, in the order of creation.</summary>
    public IReadOnlyList<Node> Live(IEnumerable<Node> outputs)
    {
        bool[] live = new bool[_nodes.Count];
        foreach (Node output in outputs) live[output.Index] = true;
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            if (!live[i]) continue;
            foreach (Node operand in _nodes[i].Operands) live[operand.Index] = true;
        }
        return [.. _nodes.Where(node => live[node.Index])];
    }

    /// <summary>Names a value for the reader, unless it has a name.</summary>
    public static Node Named(Node node, string name)
    {
        if (!node.IsConstant) node.Name ??= name;
        return node;
    }

    /// <summary>Labels a value for the reader: unlike a named one, it stands inside its user where it fits.</summary>
    public static Node Labelled(Node node, string label)
    {
        if (!node.IsConstant && node.Name is null) node.Label ??= label;
        return node;
    }

    private Node Make(Operation operation, double value, params Node[] operands)
    {
        var key = (operation, Operand(0), Operand(1), Operand(2), BitConverter.DoubleToInt64Bits(value + 0.0));
        if (_known.TryGetValue(key, out Node? known)) return known;
        var node = new Node(_nodes.Count, operation, operands, value + 0.0);
        if (operation != Operation.Constant) (node.Heading, _heading) = (_heading, null);
        _nodes.Add(node);
        return _known[key] = node;

        int Operand(int i) => i < operands.Length ? operands[i].Index : -1;
    }
}
