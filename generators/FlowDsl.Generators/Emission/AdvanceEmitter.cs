using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints how a straight-line kernel goes from segment to segment: which methods a segment calls, and with which numbers.</summary>
internal static class AdvanceEmitter
{
    /// <summary>The method that advances a block over one segment.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="text">The kernel.</param>
    /// <param name="kernel">Its plan.</param>
    /// <param name="numbers">The table of the kernel.</param>
    /// <param name="dimension">The number of coordinates that it integrates.</param>
    /// <param name="hasTangents">Whether tangents are combined as states are.</param>
    public static void Write(SourceWriter writer, KernelText text, KernelPlan kernel, NumberLayout numbers, int dimension, bool hasTangents)
    {
        using (writer.Open($"public void Advance(ref {text.Value} rows, nuint count, int segment, int history)"))
        {
            if (kernel.Advances.Length > 0)
                writer.Line("// The factor of the state, then those of the slopes, newest first; at first there are fewer of these.");
            using (writer.Open("switch (segment)"))
            {
                for (int first = 0, next; first < kernel.Steps.Length; first = next)
                {
                    next = first + (kernel.Advances.Length > 0 ? 1 : numbers.AlikeFrom(kernel.Steps, first));
                    writer.Line(next == first + 1 ? $"case {first}:" : $"case <= {next - 1}:");
                    using (writer.Indent())
                    {
                        for (int m = 0; m < kernel.Steps[first].Length; m++)
                            writer.Line(Call(text, kernel.Steps[first][m], numbers, next == first + 1 ? null : Offset(numbers.Find(kernel.Steps, first, m))));
                        if (kernel.Advances.Length > 0)
                        {
                            string call = hasTangents
                                ? $"Combine(ref rows, count, segment: {first}, "
                                : $"LinearCombination.Advance(ref rows, Stride, count, d: {dimension}, historyLength: {text.Program.HistoryLength}, "
                                    + $"segment: {first}, ";
                            WriteCombination(writer, text, call, kernel.Advances[first]);
                        }
                        writer.Line("break;");
                    }
                }
            }
        }
    }

    /// <summary>A call of a method.</summary>
    /// <param name="text">The kernel.</param>
    /// <param name="method">The method.</param>
    /// <param name="numbers">The table of the kernel.</param>
    /// <param name="offset">Where in the table its numbers begin, if not where the method's own are.</param>
    public static string Call(KernelText text, MethodPlan method, NumberLayout numbers, string? offset = null)
    {
        if (text.Methods.Find(method) is not var (group, _)) return $"{method.Name}(ref rows, count);";
        return numbers.Find(method) is var (first, count)
            ? $"Evaluations.{group.Name}(ref rows, count, Numbers.Slice({offset ?? Invariant.Text(first)}, {Invariant.Text(count)}));"
            : $"Evaluations.{group.Name}<{method.Name}>(ref rows, count);";
    }

    private static string Offset((int Origin, int Period) place)
    {
        string product = $"segment * {Invariant.Text(place.Period)}";
        return place.Origin switch
        {
            0 => product,
            > 0 => $"{product} + {Invariant.Text(place.Origin)}",
            _ => $"{product} - {Invariant.Text(-place.Origin)}",
        };
    }

    /// <summary>A call with the factors of the state and of the slopes, newest first, by the number of earlier slopes at hand.</summary>
    private static void WriteCombination(SourceWriter writer, KernelText text, string call, double[][] byHistory)
    {
        if (byHistory.Length == 1)
        {
            writer.Line($"{call}{Row(byHistory[0])});");
            return;
        }
        writer.Line($"{call}history switch");
        writer.Line("{");
        using (writer.Indent())
        {
            for (int h = 0; h < byHistory.Length; h++)
                writer.Line($"{(h == byHistory.Length - 1 ? "_" : Invariant.Text(h))} => {Row(byHistory[h])},");
        }
        writer.Line("});");

        string Row(double[] row) => $"(global::System.ReadOnlySpan<{text.Value}>)["
            + string.Join(", ", row.Select(number => Literals.Number(number, text.Precision))) + "]";
    }
}
