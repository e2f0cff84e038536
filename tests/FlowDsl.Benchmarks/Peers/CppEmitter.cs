using System.Globalization;
using System.Text;
using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Samplers;

namespace FlowDsl.Benchmarks;

/// <summary>Prints a straight-line plan as C++: the operations of the generated sampler, in their order, for another compiler.</summary>
internal static class CppEmitter
{
    // Operands are texts.
    private static readonly Dictionary<Operation, Func<string[], string>> s_operations = new()
    {
        [Operation.Add] = operands => $"PS(add)({operands[0]}, {operands[1]})",
        [Operation.Subtract] = operands => $"PS(sub)({operands[0]}, {operands[1]})",
        [Operation.Multiply] = operands => $"PS(mul)({operands[0]}, {operands[1]})",
        [Operation.MultiplyAdd] = operands => $"PS(fmadd)({operands[0]}, {operands[1]}, {operands[2]})",
        [Operation.Min] = operands => $"PS(min)({operands[0]}, {operands[1]})",
        [Operation.Max] = operands => $"PS(max)({operands[0]}, {operands[1]})",
        [Operation.Abs] = operands => $"abs_ps({operands[0]})",
        [Operation.CopySign] = operands => $"copysign_ps({operands[0]}, {operands[1]})",
        [Operation.Round] = operands => $"round_ps({operands[0]})",
        [Operation.KeepIfLess] = operands => $"keep_if_less_ps({operands[0]}, {operands[1]}, {operands[2]})",
        [Operation.Divide] = operands => $"PS(div)({operands[0]}, {operands[1]})",
        [Operation.Exp2] = operands => $"exp2_ps({operands[0]})",
        [Operation.Exp2Coarse] = operands => $"exp2_coarse_ps({operands[0]})",
        [Operation.Exp2Pair] = operands => $"exp2_pair_ps({operands[0]}, {operands[1]})",
        [Operation.Reciprocal] = operands => Second(operands[0]),
    };

    /// <summary>A source with a function <c>integrate{vectors}</c> for each number of vectors that are computed side by side.</summary>
    /// <exception cref="NotSupportedException">The plan has an operation that is not in the table.</exception>
    public static string Write(KernelPlan plan, int d, IReadOnlyList<int> vectors)
    {
        var text = new StringBuilder();
        MethodPlan[] methods = [.. plan.Steps.SelectMany(step => step)];
        // A row besides the state that is read before it is written gathers over the block which samples need another form.
        int[] gathered = [.. ReadFirst(methods, d)];
        text.Append(CultureInfo.InvariantCulture, $"#include \"lanes.hpp\"\n\nstatic constexpr size_t Stride = {plan.Stride} / Group * Group;\n");
        foreach (int count in vectors)
        {
            foreach (MethodPlan method in methods) WriteMethod(text, method, count);
            text.Append(CultureInfo.InvariantCulture, $"\nextern \"C\" bool integrate{count}(float* samples, size_t count)\n{{\n    bool found = false;\n");
            text.Append(
                CultureInfo.InvariantCulture,
                $"    for_blocks<{d}, {plan.RowCount}, Stride, {count}>(samples, count, [&](float* rows, size_t padded)\n    {{\n");
            foreach (int row in gathered)
                text.Append(CultureInfo.InvariantCulture, $"        std::memset(rows + {row} * Stride, 0, padded * sizeof(float));\n");
            foreach (MethodPlan method in methods) text.Append(CultureInfo.InvariantCulture, $"        {method.Name}_{count}(rows, padded);\n");
            foreach (int row in gathered) text.Append(CultureInfo.InvariantCulture, $"        found |= any_positive(rows + {row} * Stride, padded);\n");
            text.Append("    });\n    return found;\n}\n");
        }
        return text.ToString();
    }

    private static IEnumerable<int> ReadFirst(MethodPlan[] methods, int d)
    {
        var written = new HashSet<int>(Enumerable.Range(0, d));
        foreach (MethodPlan method in methods)
        {
            foreach (Node load in method.Statements.Where(node => node.Operation == Operation.Load))
                if (written.Add((int)load.Value)) yield return (int)load.Value;
            written.UnionWith(method.Stores.Select(store => store.Row));
        }
    }

    private static void WriteMethod(StringBuilder text, MethodPlan method, int vectors)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nstatic void {method.Name}_{vectors}(float* rows, size_t count)\n{{\n");
        text.Append(CultureInfo.InvariantCulture, $"    for (size_t i = 0; i < count; i += {vectors} * LANES)\n    {{\n");
        foreach (Node node in method.Statements)
            for (int v = 0; v < vectors; v++)
            {
                if (node.Operation == Operation.Exp2Pair) text.Append(CultureInfo.InvariantCulture, $"        Lanes {Second(Name(node, v))};\n");
                text.Append(CultureInfo.InvariantCulture, $"        const Lanes {Name(node, v)} = {Expression(node, v)};\n");
            }
        foreach ((int row, Node value) in method.Stores)
            for (int v = 0; v < vectors; v++)
                text.Append(CultureInfo.InvariantCulture, $"        PS(store)({Address(row, v)}, {Name(value, v)});\n");
        text.Append("    }\n}\n");
    }

    private static string Expression(Node node, int v) => node.Operation switch
    {
        Operation.Load => $"PS(load)({Address((int)node.Value, v)})",
        Operation.Constant => string.Create(CultureInfo.InvariantCulture, $"PS(set1)({(float)node.Value:E8}f)"),
        _ => s_operations.TryGetValue(node.Operation, out Func<string[], string>? print)
            ? print([.. node.Operands.Select(operand => Name(operand, v)), Second(Name(node, v))])
            : throw new NotSupportedException($"The operation {node.Operation} has no C++ form."),
    };

    private static string Name(Node node, int v) => string.Create(CultureInfo.InvariantCulture, $"n{node.Index}_{v}");

    /// <summary>What an operation computes besides its value.</summary>
    private static string Second(string name) => name + "_second";

    private static string Address(int row, int v) => string.Create(CultureInfo.InvariantCulture, $"rows + {row} * Stride + i + {v} * LANES");
}
