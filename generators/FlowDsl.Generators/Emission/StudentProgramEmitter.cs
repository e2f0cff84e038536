using FlowDsl.Generators.Planning.Students;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a student's arithmetic four times: the map, the map with its slopes, the derivative along a direction, and the gradient.</summary>
internal static class StudentProgramEmitter
{
    private const string Lanes = "pitch, lanes);";

    public static void Write(SourceWriter writer, StudentProgramPlan plan)
    {
        writer.Line("// The rows of a lane.");
        writer.Line($"private const int {string.Join(", ", plan.Rows.Select(group => $"{group.Name} = {group.First}"))};\n");
        writer.Line($"public static int RowCount => {plan.RowCount};\n");
        writer.Line($"public static int ResultRow => {plan.Result.Name};\n");
        Method(writer, "Map(StudentSegment segment, ref float rows, nuint pitch, nuint lanes)", plan.Steps, step => Map(step, slopes: false));
        const string rows = "StudentSegment segment, ref float rows, ref float slopes";
        Method(writer, $"Record({rows}, nuint pitch, nuint lanes)", plan.Steps, step => Map(step, slopes: true));
        Method(writer, $"Differentiate({rows}, ref float tangents, nuint pitch, nuint lanes)", plan.Steps, Differentiate);
        Method(
            writer,
            $"Backpropagate({rows}, ref float adjoints, nuint pitch, nuint lanes, global::System.Span<float> gradient)",
            plan.Steps.Reverse(), Backpropagate);
        writer.Line("private static ref float At(ref float rows, int row, nuint pitch) => ref Unsafe.Add(ref rows, (nuint)row * pitch);");
    }

    private static void Method(SourceWriter writer, string signature, IEnumerable<StudentStep> steps, Func<StudentStep, IEnumerable<string>> text)
    {
        using (writer.Open($"public static void {signature}"))
        {
            bool isFirst = true;
            foreach (StudentStep step in steps)
            {
                string[] lines = [.. text(step)];
                if (lines.Length == 0) continue;
                if (step.Comment is { } comment)
                {
                    if (!isFirst) writer.Line();
                    writer.Line($"// {comment}");
                }
                isFirst = false;
                foreach (string line in lines) writer.Line(line);
            }
        }
        writer.Line();
    }

    private static IEnumerable<string> Map(StudentStep step, bool slopes)
    {
        yield return step switch
        {
            KnownLayerStep known => $"segment.{known.Layer}!.Apply({Row(known.From)}, {Row(known.To)}, {Lanes}",
            LearnedLayerStep layer => $"segment.Layer({layer.Index}).Apply({Row(layer.From)}, {Row(layer.To)}, {Lanes}",
            ActivationStep activation when slopes =>
                $"Activations.{Name(activation)}({Row(activation.Rows)}, {Slopes(activation)}, {activation.Rows.Count}, {Lanes}",
            ActivationStep activation => $"Activations.{Name(activation)}({Row(activation.Rows)}, {activation.Rows.Count}, {Lanes}",
            StandardizeStep standardize => $"segment.Standardize({Row(standardize.From)}, {Row(standardize.To)}, {Lanes}",
            CopyStep copy => $"StudentMath.Copy({Row(copy.From)}, {Row(copy.To)}, {copy.From.Count}, {Lanes}",
            SoftmaxStep softmax => $"Softmax.Apply({Row(softmax.Rows)}, {softmax.Rows.Count}, {Lanes}",
            AddStep add => $"StudentMath.Add({Row(add.From)}, {Row(add.To)}, {add.From.Count}, {Lanes}",
            AddHalfStep add => $"StudentMath.AddHalf({Row(add.From)}, {Row(add.To)}, {add.From.Count}, {Lanes}",
            AddStartStep add => $"segment.AddStart({Row(add.From)}, {Row(add.To)}, {Lanes}",
            _ => throw new InvalidOperationException($"No step {step}."),
        };
    }

    private static IEnumerable<string> Differentiate(StudentStep step)
    {
        const string tangents = "tangents";
        yield return step switch
        {
            KnownLayerStep known => $"segment.{known.Layer}!.ApplyLinear({Row(known.From, tangents)}, {Row(known.To, tangents)}, {Lanes}",
            LearnedLayerStep layer => $"segment.Layer({layer.Index}).ApplyLinear({Row(layer.From, tangents)}, {Row(layer.To, tangents)}, {Lanes}",
            ActivationStep activation => $"Activations.Multiply({Row(activation.Rows, tangents)}, {Slopes(activation)}, {activation.Rows.Count}, {Lanes}",
            StandardizeStep standardize => $"segment.StandardizeTangent({Row(standardize.From, tangents)}, {Row(standardize.To, tangents)}, {Lanes}",
            CopyStep copy => $"StudentMath.Copy({Row(copy.From, tangents)}, {Row(copy.To, tangents)}, {copy.From.Count}, {Lanes}",
            SoftmaxStep softmax => $"Softmax.Derivative({Row(softmax.Rows)}, {Row(softmax.Rows, tangents)}, {softmax.Rows.Count}, {Lanes}",
            AddStep add => $"StudentMath.Add({Row(add.From, tangents)}, {Row(add.To, tangents)}, {add.From.Count}, {Lanes}",
            AddHalfStep add => $"StudentMath.AddHalf({Row(add.From, tangents)}, {Row(add.To, tangents)}, {add.From.Count}, {Lanes}",
            AddStartStep add => $"segment.AddStart({Row(add.From, tangents)}, {Row(add.To, tangents)}, {Lanes}",
            _ => throw new InvalidOperationException($"No step {step}."),
        };
    }

    private static IEnumerable<string> Backpropagate(StudentStep step)
    {
        const string adjoints = "adjoints";
        switch (step)
        {
            case LearnedLayerStep layer:
                yield return $"segment.Layer({layer.Index}).AddGradient({Row(layer.From)}, {Row(layer.To, adjoints)}, pitch, lanes, "
                    + $"gradient.Slice({layer.Offset}, {layer.ParameterCount}));";
                if (layer.Learns) yield return $"segment.Layer({layer.Index}).ApplyTransposed({Row(layer.To, adjoints)}, {Row(layer.From, adjoints)}, {Lanes}";
                break;
            case KnownLayerStep { Learns: true } known:
                yield return $"segment.{known.Layer}!.ApplyTransposed({Row(known.To, adjoints)}, {Row(known.From, adjoints)}, {Lanes}";
                break;
            case ActivationStep activation:
                yield return $"Activations.Multiply({Row(activation.Rows, adjoints)}, {Slopes(activation)}, {activation.Rows.Count}, {Lanes}";
                break;
            case SoftmaxStep { Learns: true } softmax:
                yield return $"Softmax.Derivative({Row(softmax.Rows)}, {Row(softmax.Rows, adjoints)}, {softmax.Rows.Count}, {Lanes}";
                break;
        }
    }

    private static string Row(RowGroup group, string rows = "rows") => group.First == 0 ? $"ref {rows}" : $"ref At(ref {rows}, {group.Name}, pitch)";

    private static string Slopes(ActivationStep step) => step.SlopeRow == 0 ? "ref slopes" : $"ref At(ref slopes, {step.SlopeRow}, pitch)";

    private static string Name(ActivationStep step) => step.Activation switch
    {
        Activation.ReLU => "Relu",
        Activation.ReQU => "Requ",
        _ => "Silu",
    };
}
