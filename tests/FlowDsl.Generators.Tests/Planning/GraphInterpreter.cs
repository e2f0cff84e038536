using FlowDsl.Generators.Planning.Arithmetic;

namespace FlowDsl.Generators.Tests;

/// <summary>Computes a graph's values in double precision: what the planner decided, without what the emitter writes.</summary>
internal static class GraphInterpreter
{
    public static double[] Evaluate(Graph graph, double[] rows, double[]? tangents = null)
    {
        double[] values = new double[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            values[node.Index] = node.Operation switch
            {
                Operation.Load => rows[(int)node.Value],
                Operation.LoadTangent => tangents![(int)node.Value],
                Operation.Constant => node.Value,
                Operation.Add => At(0) + At(1),
                Operation.Subtract => At(0) - At(1),
                Operation.Multiply => At(0) * At(1),
                Operation.MultiplyAdd => Math.FusedMultiplyAdd(At(0), At(1), At(2)),
                Operation.Min => Math.Min(At(0), At(1)),
                Operation.Max => Math.Max(At(0), At(1)),
                Operation.SquareRoot => Math.Sqrt(At(0)),
                Operation.Abs => Math.Abs(At(0)),
                Operation.CopySign => Math.CopySign(At(0), At(1)),
                Operation.Round => Math.Round(At(0)),
                Operation.KeepIfLess => At(0) < At(1) ? At(2) : 0,
                Operation.Divide => At(0) / At(1),
                Operation.Exp2 or Operation.Exp2Coarse or Operation.Exp2Pair => Math.Pow(2, At(0)),
                Operation.Reciprocal => 1 / At(0),
                _ => throw new InvalidOperationException(node.Operation.ToString()),
            };

            double At(int operand) => values[node.Operands[operand].Index];
        }
        return values;
    }
}
