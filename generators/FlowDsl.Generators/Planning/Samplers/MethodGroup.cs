using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Arithmetic;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>Methods that do the same operations in the same order and differ in numbers alone: one body, and a table of numbers for each.</summary>
/// <remarks>
/// The JIT compiles the body once for each table, with its numbers folded in: the machine code is that of methods written out. The C#
/// compiler, whose time is for statements, sees one body for all segments and samplers. Where a sampler has too many methods for the JIT, the
/// body is compiled once and takes its numbers from memory (<see cref="KernelPlan.IsTabled"/>).
/// </remarks>
/// <param name="Name">The name of the body; unique in its model.</param>
/// <param name="Body">The body: a <see cref="Operation.Number"/> stands where the methods have different constants.</param>
/// <param name="Owner">The kernel of the first method; those of the others are alike.</param>
/// <param name="Count">How many methods it stands for.</param>
/// <param name="NumberCount">How many numbers each of them has.</param>
internal sealed record MethodGroup(string Name, MethodPlan Body, MethodOwner Owner, int Count, int NumberCount);

/// <summary>What decides how a method's text looks, besides its operations.</summary>
/// <param name="Precision">The precision.</param>
/// <param name="Stride">The samples of a block.</param>
/// <param name="IsTabled">Whether the method's numbers may come from memory.</param>
/// <param name="Tangents">The kernel with tangents that the method belongs to; null where it belongs to none.</param>
internal sealed record MethodOwner(Precision Precision, int Stride, bool IsTabled, TangentPlan? Tangents);

/// <summary>The groups of a model's methods.</summary>
internal sealed class MethodGroups
{
    private static readonly char[] s_digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

    private readonly List<MethodGroup> _all = [];
    private readonly Dictionary<MethodPlan, (MethodGroup Group, double[] Numbers)> _byMethod = [];

    /// <summary>Groups the methods of a model's samplers: those of their kernels, companions and kernels with tangents.</summary>
    public MethodGroups(IEnumerable<SamplerPlan> samplers)
    {
        var byShape = new Dictionary<string, List<(MethodPlan Method, MethodOwner Owner)>>(StringComparer.Ordinal);
        var shapes = new List<List<(MethodPlan Method, MethodOwner Owner)>>();
        foreach ((MethodPlan Method, MethodOwner Owner) method in samplers.SelectMany(Methods))
        {
            string shape = MethodShape.Of(method.Method, method.Owner);
            if (!byShape.TryGetValue(shape, out var alike)) shapes.Add(byShape[shape] = alike = []);
            alike.Add(method);
        }
        foreach (var alike in shapes)
            if (alike.Count > 1) Add(alike);
    }

    /// <summary>The groups in the order of their first methods.</summary>
    public IReadOnlyList<MethodGroup> All => _all;

    /// <summary>The group of a method and the method's numbers in it; null where no other method is like it.</summary>
    public (MethodGroup Group, double[] Numbers)? Find(MethodPlan method) => _byMethod.TryGetValue(method, out var found) ? found : null;

    private static IEnumerable<(MethodPlan Method, MethodOwner Owner)> Methods(SamplerPlan sampler)
    {
        IEnumerable<(MethodPlan Method, MethodOwner Owner)> methods = [];
        if (sampler.Kernel is { } kernel) methods = methods.Concat(Of(kernel, null, null));
        if (sampler.Companion?.Form.Kernel is { } companion) methods = methods.Concat(Of(companion, null, null));
        if (sampler.Tangents is { } tangents) methods = methods.Concat(Of(tangents.Kernel, tangents, tangents.End));
        return methods;

        IEnumerable<(MethodPlan, MethodOwner)> Of(KernelPlan plan, TangentPlan? tangents, MethodPlan? end)
            => plan.Steps.SelectMany(step => step).Concat(end is null ? []
                : [end]).Select(method => (method, new MethodOwner(sampler.Spec.Precision, plan.Stride, plan.IsTabled, tangents)));
    }

    private void Add(List<(MethodPlan Method, MethodOwner Owner)> alike)
    {
        (MethodPlan first, MethodOwner owner) = alike[0];
        double[][] constants = [.. alike.Select(method => Uses(method.Method).Where(node => node.IsConstant).Select(node => Rounded(node.Value,
            owner.Precision)).ToArray())];
        // Uses in which all methods agree stay constants; those that have equal numbers in every method share one.
        var slots = new Dictionary<string, int>(StringComparer.Ordinal);
        var uses = new List<int>();
        int[] slotOfUse = new int[constants[0].Length];
        for (int use = 0; use < slotOfUse.Length; use++)
        {
            long[] bits = [.. constants.Select(row => BitConverter.DoubleToInt64Bits(row[use]))];
            slotOfUse[use] = -1;
            if (bits.All(value => value == bits[0])) continue;
            string column = string.Join(" ", bits);
            if (!slots.TryGetValue(column, out slotOfUse[use]))
            {
                slots[column] = slotOfUse[use] = uses.Count;
                uses.Add(use);
            }
        }
        int stage = first.Name.IndexOf("Stage", StringComparison.Ordinal);
        string wanted = stage < 0 ? first.Name.TrimEnd(s_digits) : first.Name.Substring(stage), name = wanted;
        for (int copy = 2; _all.Exists(other => other.Name == name); copy++) name = $"{wanted}_{Invariant.Text(copy)}";
        var group = new MethodGroup(name, Body(first, slotOfUse), owner, alike.Count, uses.Count);
        _all.Add(group);
        for (int i = 0; i < alike.Count; i++) _byMethod[alike[i].Method] = (group, [.. uses.Select(use => constants[i][use])]);
    }

    private static MethodPlan Body(MethodPlan method, int[] slotOfUse)
    {
        var copies = new Dictionary<Node, Node>();
        var numbers = new Dictionary<int, Node>();
        int use = 0;
        Node[] statements = Copy(method.Statements);
        (int, Node)[] stores = CopyStores(method.Stores);
        var tangents = new TangentPart(Copy(method.Tangents.Statements), CopyStores(method.Tangents.Stores));
        return method with { Statements = statements, Stores = stores, Tangents = tangents };

        Node[] Copy(IReadOnlyList<Node> nodes)
        {
            var copied = new List<Node>();
            foreach (Node node in nodes)
            {
                if (node.IsConstant) continue;
                copied.Add(copies[node] = new Node(node.Index, node.Operation, [.. node.Operands.Select(Used)], node.Value)
                {
                    Name = node.Name,
                    Label = node.Label,
                    Heading = node.Heading
                });
            }
            return [.. copied];
        }

        (int, Node)[] CopyStores((int Row, Node Value)[] nodes) => [.. nodes.Select(store => (store.Row, Used(store.Value)))];

        Node Used(Node node)
        {
            if (!node.IsConstant) return copies[node];
            int slot = slotOfUse[use++];
            if (slot < 0) return node;
            if (!numbers.TryGetValue(slot, out Node? number)) numbers[slot] = number = new Node(-1, Operation.Number, [], slot);
            return number;
        }
    }

    /// <summary>Every use of a value, in the order of <see cref="Body"/>.</summary>
    private static IEnumerable<Node> Uses(MethodPlan method)
        => method.Statements.SelectMany(node => node.Operands)
            .Concat(method.Stores.Select(store => store.Value))
            .Concat(method.Tangents.Statements.SelectMany(node => node.Operands))
            .Concat(method.Tangents.Stores.Select(store => store.Value));

    // Numbers that differ in double precision may be one number in single precision.
    private static double Rounded(double value, Precision precision) => precision == Precision.Single ? (float)value : value;
}
