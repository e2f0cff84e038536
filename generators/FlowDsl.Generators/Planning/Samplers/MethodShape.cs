using System.Text;
using FlowDsl.Generators.Planning.Arithmetic;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>What methods have in common that differ in numbers alone.</summary>
internal static class MethodShape
{
    /// <summary>Everything of a method but the values of its constants.</summary>
    public static string Of(MethodPlan method, MethodOwner owner)
    {
        var text = new StringBuilder();
        var indices = new Dictionary<Node, int>();
        text.Append(owner.Precision).Append(' ').Append(owner.Stride).Append(' ').Append(owner.IsTabled).Append(' ').Append(method.KeepsExponential);
        if (owner.Tangents is { } tangents && method.Tangents.Stores.Length > 0)
            text.Append(' ').Append(tangents.Count).Append(' ').Append(tangents.Layout.Tangents).Append(' ').Append(tangents.Layout.Differentiated);
        Statements(method.Statements);
        Stores(method.Stores);
        Statements(method.Tangents.Statements);
        Stores(method.Tangents.Stores);
        return text.ToString();

        void Statements(IReadOnlyList<Node> nodes)
        {
            foreach (Node node in nodes)
            {
                if (node.IsConstant) continue;
                text.Append('\n').Append(node.Operation).Append(' ').Append(node.Value).Append(' ').Append(node.Name).Append(' ').Append(node.Heading);
                foreach (Node operand in node.Operands) Operand(operand);
                indices[node] = indices.Count;
            }
        }

        void Stores((int Row, Node Value)[] stores)
        {
            foreach ((int row, Node value) in stores)
            {
                text.Append('\n').Append(row);
                Operand(value);
            }
        }

        void Operand(Node node) => text.Append(' ').Append(node.IsConstant ? "number" : Text(indices[node]));
    }
}
