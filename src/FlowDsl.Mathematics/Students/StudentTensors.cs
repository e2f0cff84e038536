using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Students;

/// <summary>A student's weights as the tensors of a file: <c>segments.{j}.layers.{l}.weight</c> [outputs, inputs] and <c>….bias</c> [outputs].</summary>
internal static class StudentTensors
{
    private const string TimesKey = "times", FormKey = "form", ActivationKey = "activation", FormatKey = "format", Format = "flowdsl-student";

    // Times are written with all digits; those of another program may differ in the last ones.
    private const double TimeTolerance = 1e-9;

    /// <summary>Makes the file of weights.</summary>
    /// <param name="shape">The networks.</param>
    /// <param name="times">The ends of the segments.</param>
    /// <param name="segments">For each segment its parameters, layer by layer: row-major weights, then biases.</param>
    public static SafeTensors ToFile(StudentShape shape, IReadOnlyList<double> times, IReadOnlyList<float[]> segments)
    {
        var tensors = new List<NamedTensor>();
        for (int j = 0; j < segments.Count; j++)
        {
            int at = 0;
            for (int layer = 0; layer < shape.LayerCount; layer++)
            {
                int inputs = shape.InputsOf(layer), outputs = shape.OutputsOf(layer);
                tensors.Add(new NamedTensor(WeightName(j, layer), [outputs, inputs], [.. segments[j].AsSpan(at, inputs * outputs)]));
                tensors.Add(new NamedTensor(BiasName(j, layer), [outputs], [.. segments[j].AsSpan(at + inputs * outputs, outputs)]));
                at += shape.ParameterCountOf(layer);
            }
        }
        return new SafeTensors(tensors, new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [FormKey] = shape.Form.ToString(),
            [ActivationKey] = shape.Activation.ToString(),
            [TimesKey] = string.Join(" ", times.Select(time => PortableNumber.Format(time))),
        });
    }

    /// <summary>Reads the parameters of each segment.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shape">The networks that the file must fit.</param>
    /// <param name="times">The ends of the segments, which must match the file's if it has them.</param>
    /// <exception cref="SafeTensorsFormatException">
    /// A tensor is missing, has another shape or is not finite, or the file belongs to another student.
    /// </exception>
    public static float[][] Read(SafeTensors file, StudentShape shape, IReadOnlyList<double> times)
    {
        Compare(file, FormKey, shape.Form.ToString());
        Compare(file, ActivationKey, shape.Activation.ToString());
        CompareTimes(file, times);
        float[][] segments = [.. Enumerable.Range(0, times.Count - 1).Select(_ => new float[shape.ParameterCount])];
        for (int j = 0; j < segments.Length; j++)
        {
            int at = 0;
            for (int layer = 0; layer < shape.LayerCount; layer++)
            {
                int inputs = shape.InputsOf(layer), outputs = shape.OutputsOf(layer);
                Copy(file, WeightName(j, layer), [outputs, inputs], segments[j].AsSpan(at));
                Copy(file, BiasName(j, layer), [outputs], segments[j].AsSpan(at + inputs * outputs));
                at += shape.ParameterCountOf(layer);
            }
        }
        int expected = 2 * segments.Length * shape.LayerCount;
        if (file.Tensors.Count != expected)
            throw new SafeTensorsFormatException(
                $"there are {file.Tensors.Count} tensors, and the student has {expected}: {segments.Length} segments of {shape.LayerCount} layers, " +
                "each a weight and a bias");
        return segments;
    }

    private static void Compare(SafeTensors file, string key, string expected)
    {
        if (file.Metadata.TryGetValue(key, out string? found) && found != expected)
            throw new SafeTensorsFormatException($"the weights are of a student of {key} {found}, and this one's is {expected}");
    }

    private static void CompareTimes(SafeTensors file, IReadOnlyList<double> times)
    {
        if (!file.Metadata.TryGetValue(TimesKey, out string? text)) return;
        string[] found = text.Split(' ');
        if (found.Length != times.Count)
            throw new SafeTensorsFormatException($"the weights are of {found.Length - 1} segments, and the student has {times.Count - 1}");
        for (int i = 0; i < found.Length; i++)
            if (!PortableNumber.TryParse(found[i], out double time) || !(Math.Abs(time - times[i]) <= TimeTolerance * Math.Max(1, times[0])))
                throw new SafeTensorsFormatException(
                    $"the weights are of segments that end at other times: time {i} is {found[i]} there, and {PortableNumber.Format(times[i])} here; " +
                    "train again");
    }

    private static void Copy(SafeTensors file, string name, int[] shape, Span<float> target)
    {
        NamedTensor tensor = file.Find(name) ?? throw new SafeTensorsFormatException($"there is no tensor '{name}', of shape [{string.Join(", ", shape)}]");
        if (!tensor.Shape.SequenceEqual(shape))
            throw new SafeTensorsFormatException($"tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; it must be [{string.Join(", ", shape)}]");
        int bad = 0;
        while (bad < tensor.Values.Length && !float.IsNaN(tensor.Values[bad]) && !float.IsInfinity(tensor.Values[bad])) bad++;
        if (bad < tensor.Values.Length) throw new SafeTensorsFormatException($"value {bad} of tensor '{name}' is not finite");
        tensor.Values.AsSpan().CopyTo(target);
    }

    private static string WeightName(int segment, int layer) => $"segments.{segment}.layers.{layer}.weight";

    private static string BiasName(int segment, int layer) => $"segments.{segment}.layers.{layer}.bias";
}
