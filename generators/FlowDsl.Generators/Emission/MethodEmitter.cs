using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Samplers;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a <see cref="MethodPlan"/>: loads, one statement an operation worth a name, stores.</summary>
internal sealed class MethodEmitter
{
    // A single-use operation is printed inside its user while the line stays readable.
    private const int InlineLength = 72;

    // Of a typical number, and of its place in a table.
    private const int LiteralLength = 12, TableEntryLength = 5;

    private const string Numbers = "numbers", Table = "c";

    private readonly MethodPlan _plan;
    private readonly Precision _precision;
    private readonly Dictionary<Node, int> _uses = [];
    private readonly Dictionary<Node, string> _wholes = [];
    private readonly Dictionary<Node, string> _text = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<Node, Node> _reciprocals = [];
    private readonly TangentPlan? _tangents;
    private readonly bool _isTabled;

    /// <param name="plan">What is printed.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="tangents">The kernel with tangents that it belongs to; null where it belongs to none.</param>
    /// <param name="isTabled">Whether its numbers are whole vectors.</param>
    private MethodEmitter(MethodPlan plan, Precision precision, TangentPlan? tangents, bool isTabled = false)
    {
        (_plan, _precision, _tangents, _isTabled) = (plan, precision, plan.Tangents.Stores.Length > 0 ? tangents : null, isTabled);
        foreach (Node node in plan.Statements.Concat(plan.Tangents.Statements))
        {
            foreach (Node operand in node.Operands) Count(operand);
            if (node.Operation == Operation.Reciprocal) _reciprocals[node.Operands[0]] = node;
        }
        foreach ((_, Node value) in plan.Stores.Concat(plan.Tangents.Stores)) Count(value);
        // Backwards, so that parts of parts are called after the whole too.
        foreach (Node node in plan.Statements.Concat(plan.Tangents.Statements).Reverse())
            if ((node.Name ?? (_wholes.TryGetValue(node, out string? outer) ? outer : null)) is { } whole)
                foreach (Node operand in node.Operands.Where(operand => operand.Name is null)) _wholes[operand] = whole;

        void Count(Node node) => _uses[node] = _uses.TryGetValue(node, out int uses) ? uses + 1 : 1;
    }

    /// <summary>Prints a method of a kernel.</summary>
    public static void Write(SourceWriter writer, MethodPlan plan, MethodOwner owner)
    {
        writer.Line($"// {plan.Summary}");
        new MethodEmitter(plan, owner.Precision, owner.Tangents).Write(
            writer, $"private static void {plan.Name}(ref {Literals.Type(owner.Precision)} rows, nuint count)", "");
    }

    /// <summary>Prints the body of several methods.</summary>
    public static void WriteBody(SourceWriter writer, MethodGroup group)
    {
        (MethodOwner owner, string type) = (group.Owner, Literals.Type(group.Owner.Precision));
        string stride = UsesStride(group.Body) ? $"const nuint Stride = {owner.Stride};\n" : "";
        (string fills, string head, string numbers) = owner.IsTabled
            ? (", each of which fills a vector",
                $"(ref {type} rows, nuint count, global::System.ReadOnlySpan<Vector<{type}>> {Table})",
                $"{Table} = {Table}.Slice(0, {Invariant.Text(group.NumberCount)});\n")
            : ("",
                $"<TNumbers>(ref {type} rows, nuint count)\n    where TNumbers : struct, {KnownTypes.InFull("INumbers")}<{type}>",
                $"global::System.ReadOnlySpan<{type}> {Table} = TNumbers.Numbers;\n");
        writer.Line($"// {group.Count} evaluations that differ only in their numbers c{fills}.");
        var emitter = new MethodEmitter(group.Body, owner.Precision, owner.Tangents, owner.IsTabled);
        emitter.Write(writer, $"public static void {group.Name}{head}", stride + numbers);
    }

    /// <summary>Prints the numbers of a method whose body is printed elsewhere.</summary>
    public static void WriteNumbers(SourceWriter writer, MethodPlan plan, Precision precision, double[] numbers)
    {
        string type = Literals.Type(precision);
        writer.Line($"// {plan.Summary}");
        using (writer.Open($"private readonly struct {plan.Name} : {KnownTypes.InFull("INumbers")}<{type}>"))
            writer.Numbers($"public static global::System.ReadOnlySpan<{type}> Numbers => ",
                [.. numbers.Select(number => Literals.Number(number, precision))], ";");
    }

    private static bool UsesStride(MethodPlan plan)
        => plan.Tangents.Stores.Length > 0
            || plan.Stores.Any(store => store.Row > 0)
            || plan.Statements.Any(node => node is { Operation: Operation.Load, Value: > 0 });

    private void Write(SourceWriter writer, string head, string before)
    {
        string type = Literals.Type(_precision);
        writer.Line("[@MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (writer.Open(head))
        {
            if (before.Length > 0) writer.Line(before.TrimEnd('\n'));
            if (_plan.KeepsExponential) writer.Line($"var {Numbers} = Exp2Numbers.Load();");
            using var loop = writer.Open($"for (nuint i = 0; i < count; i += (nuint)Vector<{type}>.Count)");
            WriteStatements(writer, _plan.Statements);
            WriteStores(writer, _plan.Stores, "i");
            if (_tangents is { Layout: var layout })
            {
                writer.Line();
                writer.Line("// The derivatives of all that along each tangent.");
                using (writer.Open($"for (nuint j = i + {layout.Tangents} * Stride; j < {layout.Tangents + _tangents.Count * layout.Differentiated} * "
                    + $"Stride; j += {layout.Differentiated} * Stride)"))
                {
                    WriteStatements(writer, _plan.Tangents.Statements);
                    WriteStores(writer, _plan.Tangents.Stores, "j");
                }
            }
        }
    }

    private void WriteStatements(SourceWriter writer, IReadOnlyList<Node> statements)
    {
        string? heading = null;
        bool isFirst = true;
        foreach (Node node in statements)
        {
            // The node that opens a block may be printed inside a later one: the heading stands above the first statement.
            heading = node.Heading ?? heading;
            if (node.Operation == Operation.Reciprocal) continue;
            string expression = Expression(node);
            if (node.IsConstant || (node.Operation is not (Operation.Load or Operation.LoadTangent) && IsInline(node, expression)))
            {
                _text[node] = expression;
                continue;
            }
            if (heading is not null)
            {
                if (!isFirst) writer.Line();
                writer.Line("// " + heading);
                heading = null;
            }
            isFirst = false;
            if (Accumulator(node) is { } accumulator)
            {
                writer.Line($"{accumulator} = {expression};");
                _text[node] = accumulator;
                continue;
            }
            string name = Name(node);
            writer.Line($"var {name} = {expression};");
            _text[node] = name;
        }
        if (!isFirst) writer.Line();
    }

    private void WriteStores(SourceWriter writer, (int Row, Node Value)[] stores, string origin)
    {
        foreach ((int row, Node value) in stores)
            writer.Line($"Vector.StoreUnsafe({Vector(value)}, ref rows, {Offset(row, origin)});");
    }

    // A number of a table counts as what it stands for, so that a body is laid out, and compiled, as each of its methods would be.
    private bool IsInline(Node node, string expression)
        => _uses[node] == 1 && node.Name is null && node.Operation != Operation.Exp2Pair
            && expression.Length + expression.Count(character => character == '[') * (LiteralLength - TableEntryLength) <= InlineLength;

    /// <summary>The variable of a sum that this operation adds to for the last time it is read as it was; null where there is none.</summary>
    /// <remarks>
    /// One variable, assigned again and again, reads as what it is. It also keeps the sum where it stands: values assigned and
    /// read once are computed where they are read, and a sum at the end keeps every summand in a register until then.
    /// </remarks>
    private string? Accumulator(Node node)
        => node.Name is { } name && node.Operands.FirstOrDefault(operand => operand.Name == name && _uses[operand] == 1
            && _names.Contains(_text[operand])) is { } before
            ? _text[before]
            : null;

    private string Expression(Node node) => node.Operation switch
    {
        Operation.Load => $"Vector.LoadUnsafe(ref rows, {Offset((int)node.Value, "i")})",
        Operation.LoadTangent => $"Vector.LoadUnsafe(ref rows, {Offset((int)node.Value, "j")})",
        Operation.Constant or Operation.Number => Literal(node),
        Operation.Add => node.Operands[0].IsConstant ? Sum(node.Operands[1], node.Operands[0]) : Sum(node.Operands[0], node.Operands[1]),
        // To subtract a negative number is to add a positive one, bit for bit.
        Operation.Subtract => node.Operands[1] is { Operation: Operation.Constant, Value: < 0 } negative
            ? $"{Vector(node.Operands[0])} + Vector.Create({Literals.Number(-negative.Value, _precision)})"
            : $"{Vector(node.Operands[0])} - {Factor(node.Operands[1], scalar: false)}",
        Operation.Multiply => node.Operands[0].IsConstant
            ? Product(node.Operands[1], node.Operands[0])
            : Product(node.Operands[0], node.Operands[1]),
        Operation.MultiplyAdd => $"Vector.MultiplyAddEstimate({Vector(node.Operands[0])}, {Vector(node.Operands[1])}, {Vector(node.Operands[2])})",
        Operation.Min => $"Vector.MinNative({Vector(node.Operands[0])}, {Vector(node.Operands[1])})",
        Operation.Max => $"Vector.MaxNative({Vector(node.Operands[0])}, {Vector(node.Operands[1])})",
        Operation.SquareRoot => $"Vector.SquareRoot({Vector(node.Operands[0])})",
        Operation.Abs => $"Vector.Abs({Vector(node.Operands[0])})",
        Operation.CopySign => $"Vector.CopySign({Vector(node.Operands[0])}, {Vector(node.Operands[1])})",
        Operation.Round => $"SimdMath.Round({Vector(node.Operands[0])})",
        Operation.KeepIfLess => $"SimdMath.KeepIfLess({Vector(node.Operands[0])}, {Vector(node.Operands[1])}, {Vector(node.Operands[2])})",
        Operation.Divide => $"{Factor(node.Operands[0], scalar: false)} / {Factor(node.Operands[1], scalar: false)}",
        Operation.Exp2 => $"SimdMath.Exp2({Vector(node.Operands[0])}{(_plan.KeepsExponential ? ", " + Numbers : "")})",
        Operation.Exp2Coarse => $"SimdMath.Exp2Coarse({Vector(node.Operands[0])})",
        Operation.Exp2Pair => $"SimdMath.Exp2Pair({Vector(node.Operands[0])}, out {SecondResult(node)})",
        _ => throw new InvalidOperationException(node.Operation.ToString()),
    };

    /// <summary>Declares what an operation computes besides its value; a discard where nobody asks for it.</summary>
    private string SecondResult(Node node)
        => _reciprocals.TryGetValue(node, out Node? reciprocal) ? "var " + (_text[reciprocal] = Name(reciprocal)) : "_";

    private string Sum(Node left, Node right) => right is { Operation: Operation.Constant, Value: < 0 }
        ? $"{Vector(left)} - Vector.Create({Literals.Number(-right.Value, _precision)})"
        : $"{Vector(left)} + {Vector(right)}";

    // Products are taken from the left, so one that stands on the left needs no parentheses.
    private string Product(Node left, Node right)
        => $"{(left.Operation == Operation.Multiply ? Vector(left) : Factor(left))} * {Factor(right)}";

    /// <summary>An operand where a vector is expected and no parentheses are needed.</summary>
    private string Vector(Node node) => node.IsConstant && !IsVector(node) ? $"Vector.Create({Literal(node)})" : Text(node);

    /// <summary>An operand of a product: parenthesised where it is a sum; a constant may stay a scalar.</summary>
    private string Factor(Node node, bool scalar = true)
    {
        if (node.IsConstant) return scalar || IsVector(node) ? Literal(node) : Vector(node);
        string text = _text[node];
        bool binary = node.Operation is Operation.Add or Operation.Subtract or Operation.Multiply or Operation.Divide;
        return binary && text.Contains(' ') ? $"({text})" : text;
    }

    private bool IsVector(Node node) => _isTabled && node.Operation == Operation.Number;

    private string Text(Node node) => node.IsConstant ? Literal(node) : _text[node];

    private static string Offset(int row, string origin) => row switch
    {
        0 => origin,
        1 => $"{origin} + Stride",
        _ => $"{origin} + {row} * Stride",
    };

    private string Literal(Node node) => node.Operation == Operation.Number ? $"{Table}[{node.Value}]" : Literals.Number(node.Value, _precision);

    private string Name(Node node)
    {
        string wanted = node.Name ?? node.Label ?? (_wholes.TryGetValue(node, out string? whole) ? whole + "Part" : "value"), name = wanted;
        for (int copy = 2; !_names.Add(name); copy++) name = $"{wanted}_{copy}";
        return name;
    }
}
