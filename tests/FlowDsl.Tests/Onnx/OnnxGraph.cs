using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Files;

namespace FlowDsl.Tests;

/// <summary>Small networks in the ONNX format, operator by operator; the numbers of the fields are those of onnx.proto.</summary>
internal sealed class OnnxGraph
{
    public const int Float = 1, Int32 = 6, Int64 = 7, Double = 11;

    private readonly ProtobufWriter _graph = new();

    /// <summary>An input; lengths of -1 are open.</summary>
    public OnnxGraph Input(string name, int type, params int[] shape) => Value(11, name, type, shape);

    /// <summary>An output; lengths of -1 are open.</summary>
    public OnnxGraph Output(string name, int type, params int[] shape) => Value(12, name, type, shape);

    /// <summary>Weights.</summary>
    public OnnxGraph Constant(string name, int[] shape, params float[] values) => Constant(name, Float, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    /// <summary>Whole numbers, as axes.</summary>
    public OnnxGraph Constant(string name, params long[] values) => Constant(name, Int64, [values.Length], MemoryMarshal.AsBytes<long>(values).ToArray());

    /// <summary>An operator.</summary>
    public OnnxGraph Node(string type, string[] inputs, string output)
    {
        _graph.Add(1, Operator(type, inputs, output));
        return this;
    }

    /// <summary>A change of type.</summary>
    public OnnxGraph Cast(string input, int to, string output)
    {
        // AttributeProto: name, i, type INT.
        _graph.Add(1, Operator("Cast", [input], output).Add(5, new ProtobufWriter().Add(1, "to").Add(3, to).Add(20, 2)));
        return this;
    }

    /// <summary>A file of it in a folder.</summary>
    public string Save(string folder, string name = "network")
    {
        string path = Path.Combine(folder, $"{name}.onnx");
        ProtobufWriter operators = new ProtobufWriter().Add(1, "").Add(2, 17);
        File.WriteAllBytes(path, new ProtobufWriter().Add(1, 8).Add(7, _graph.Add(2, name)).Add(8, operators).ToArray());
        return path;
    }

    private static ProtobufWriter Operator(string type, string[] inputs, string output)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs) node.Add(1, input);
        return node.Add(2, output).Add(3, output).Add(4, type);
    }

    private OnnxGraph Constant(string name, int type, int[] shape, byte[] data)
    {
        var tensor = new ProtobufWriter();
        foreach (int length in shape) tensor.Add(1, length);
        _graph.Add(5, tensor.Add(2, type).Add(8, name).Add(9, data));
        return this;
    }

    private OnnxGraph Value(int field, string name, int type, int[] shape)
    {
        var lengths = new ProtobufWriter();
        for (int i = 0; i < shape.Length; i++)
            lengths.Add(1, shape[i] < 0 ? new ProtobufWriter().Add(2, i == 0 ? "n" : $"open{i}") : new ProtobufWriter().Add(1, shape[i]));
        _graph.Add(field, new ProtobufWriter().Add(1, name).Add(2, new ProtobufWriter().Add(1, new ProtobufWriter().Add(1, type).Add(2, lengths))));
        return this;
    }
}
