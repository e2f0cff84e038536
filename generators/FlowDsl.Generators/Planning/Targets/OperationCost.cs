using FlowDsl.Generators.Planning.Arithmetic;

namespace FlowDsl.Generators.Planning.Targets;

/// <summary>What an operation costs, in instructions that a core starts two of a cycle.</summary>
/// <remarks>Counted from the machine code; a division occupies its unit for as long as seven of the others take.</remarks>
internal static class OperationCost
{
    public static int Of(Node node, Precision precision) => node.Operation switch
    {
        Operation.Load or Operation.LoadTangent or Operation.Constant or Operation.Reciprocal => 0,
        Operation.Exp2 => precision == Precision.Single ? 12 : 18,
        Operation.Exp2Coarse => 11,
        Operation.Exp2Pair => precision == Precision.Single ? 15 : 22,
        Operation.Divide or Operation.SquareRoot => precision == Precision.Single ? 7 : 10,
        Operation.CopySign or Operation.Round or Operation.KeepIfLess => 2,
        _ => 1,
    };

    public static int Of(IEnumerable<Node> nodes, Precision precision) => nodes.Sum(node => Of(node, precision));
}
