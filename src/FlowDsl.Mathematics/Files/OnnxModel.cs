using System.Buffers.Binary;
using FlowDsl.Mathematics.Files;

namespace FlowDsl.Mathematics;

/// <summary>
/// Networks in the ONNX format (https://onnx.ai): a graph of operators with its weights, in double precision. Any runtime that multiplies
/// matrices of double evaluates it; ONNX Runtime does.
/// </summary>
/// <remarks>
/// The graph uses operator set <see cref="OperatorSet"/>. It maps <see cref="InputName"/>, [n, inputs], one point per row, to
/// <see cref="OutputName"/>, [n, outputs], for any n. A layer is MatMul with a dense matrix, Add and Relu. ReQU units are Relu multiplied by itself;
/// if a layer has both kinds, each has its own branch, Concat joins them, and the next layer's weights are in that order. The sums have the terms of
/// <see cref="LayeredNetwork.Evaluate"/> in the runtime's order, so results may differ in rounding.
/// </remarks>
public static class OnnxModel
{
    /// <summary>The name of the input.</summary>
    public const string InputName = "input";

    /// <summary>The name of the output.</summary>
    public const string OutputName = "output";

    /// <summary>The version of the operator set, as defined by ONNX 1.12.</summary>
    public const int OperatorSet = 17;

    // That of ONNX 1.12.
    private const int IrVersion = 8;

    // TensorProto.DOUBLE and AttributeProto.INT.
    private const int DoubleType = 11, IntAttribute = 2;

    /// <summary>Makes the content of a file. Equal networks and texts give equal bytes on every host.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">The name of the graph, an identifier.</param>
    /// <param name="description">A description of what the network computes; may be empty.</param>
    /// <returns>The bytes of the file: a <c>ModelProto</c>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is empty, or the network too wide: its dense matrices need 2³¹ bytes or more, which the format forbids.
    /// </exception>
    public static byte[] Write(LayeredNetwork network, string name, string description = "")
    {
        if (network is null) throw new ArgumentNullException(nameof(network));
        if (name is null) throw new ArgumentNullException(nameof(name));
        if (description is null) throw new ArgumentNullException(nameof(description));
        if (name.Length == 0) throw new ArgumentException("A graph must have a name.", nameof(name));
        CheckSize(network);

        var graph = new ProtobufWriter();
        // The column of each unit of the layer before.
        int[] columns = [.. Enumerable.Range(0, network.Inputs)];
        string values = InputName;
        for (int i = 0; i < network.Layers.Count; i++)
        {
            string output = i == network.Layers.Count - 1 ? OutputName : $"layer{i + 1}";
            columns = AddLayer(graph, network.Layers[i], output, values, columns);
            values = output;
        }
        graph.Add(GraphFields.Name, name)
            .Add(GraphFields.Input, Points(InputName, network.Inputs))
            .Add(GraphFields.Output, Points(OutputName, columns.Length));

        var model = new ProtobufWriter().Add(ModelFields.IrVersion, IrVersion).Add(ModelFields.ProducerName, "FlowDsl");
        if (description.Length > 0) model.Add(ModelFields.DocString, description);
        // ONNX's own operators are in the domain with the empty name.
        ProtobufWriter operators = new ProtobufWriter().Add(OperatorSetFields.Domain, "").Add(OperatorSetFields.Version, OperatorSet);
        return model.Add(ModelFields.Graph, graph).Add(ModelFields.OpsetImport, operators).ToArray();
    }

    private static void CheckSize(LayeredNetwork network)
    {
        // A bound on the size of a layer's names, shapes and operators.
        const int Overhead = 4096;
        long bytes = Overhead, inputs = network.Inputs;
        foreach (NetworkLayer layer in network.Layers)
        {
            bytes += (sizeof(double) * (inputs + 1) * layer.Units.Count) + Overhead;
            inputs = layer.Units.Count;
        }
        if (bytes > int.MaxValue)
            throw new ArgumentException($"The network takes about {bytes} bytes as dense matrices; the format has room for {int.MaxValue}.", nameof(network));
    }

    /// <summary>Adds the operators and weights of a layer, a branch for each kind of unit.</summary>
    /// <returns>The column of each of its units.</returns>
    private static int[] AddLayer(ProtobufWriter graph, NetworkLayer layer, string output, string input, int[] inputColumns)
    {
        IGrouping<UnitKind?, int>[] branches =
            [.. Enumerable.Range(0, layer.Units.Count).GroupBy(place => layer.Units[place].Kind).OrderBy(branch => branch.Key)];
        var parts = new List<string>();
        int[] columns = new int[layer.Units.Count];
        int column = 0;
        foreach (IGrouping<UnitKind?, int> branch in branches)
        {
            string part = branches.Length == 1 ? output : output + (branch.Key is UnitKind.ReQU ? "_requ" : "_relu");
            AddBranch(graph, branch.Key, [.. branch.Select(place => layer.Units[place])], part, input, inputColumns);
            parts.Add(part);
            foreach (int place in branch) columns[place] = column++;
        }
        if (parts.Count > 1)
        {
            ProtobufWriter axis = new ProtobufWriter().Add(AttributeFields.Name, "axis").Add(AttributeFields.Int, 1).Add(AttributeFields.Type, IntAttribute);
            AddNode(graph, "Concat", [.. parts], output, axis);
        }
        return columns;
    }

    /// <summary>Adds the operators and weights of units of one kind.</summary>
    private static void AddBranch(ProtobufWriter graph, UnitKind? kind, LayerUnit[] units, string output, string input, int[] inputColumns)
    {
        byte[] weights = new byte[sizeof(double) * inputColumns.Length * units.Length], biases = new byte[sizeof(double) * units.Length];
        for (int i = 0; i < units.Length; i++)
        {
            Set(biases, i, units[i].Bias);
            foreach ((int place, double value) in units[i].Weights) Set(weights, (inputColumns[place] * units.Length) + i, value);
        }
        string weight = output + "_weight", bias = output + "_bias", product = output + "_product";
        AddTensor(graph, weight, weights, inputColumns.Length, units.Length);
        AddTensor(graph, bias, biases, units.Length);

        string sum = kind is null ? output : output + "_sum", positive = kind is UnitKind.ReQU ? output + "_positive" : output;
        AddNode(graph, "MatMul", [input, weight], product);
        AddNode(graph, "Add", [product, bias], sum);
        if (kind is not null) AddNode(graph, "Relu", [sum], positive);
        if (kind is UnitKind.ReQU) AddNode(graph, "Mul", [positive, positive], output);
    }

    private static void AddNode(ProtobufWriter graph, string type, string[] inputs, string output, ProtobufWriter? attribute = null)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs) node.Add(NodeFields.Input, input);
        // Named after its only output.
        node.Add(NodeFields.Output, output).Add(NodeFields.Name, output).Add(NodeFields.Type, type);
        if (attribute is not null) node.Add(NodeFields.Attribute, attribute);
        graph.Add(GraphFields.Node, node);
    }

    private static void AddTensor(ProtobufWriter graph, string name, byte[] data, params int[] shape)
    {
        var tensor = new ProtobufWriter();
        foreach (int length in shape) tensor.Add(TensorFields.Dims, length);
        graph.Add(GraphFields.Initializer, tensor.Add(TensorFields.DataType, DoubleType).Add(TensorFields.Name, name).Add(TensorFields.RawData, data));
    }

    /// <summary>A value of the graph with any number of rows and this many columns.</summary>
    private static ProtobufWriter Points(string name, int columns)
    {
        ProtobufWriter shape = new ProtobufWriter()
            .Add(TypeFields.Dimension, new ProtobufWriter().Add(TypeFields.DimensionName, "n"))
            .Add(TypeFields.Dimension, new ProtobufWriter().Add(TypeFields.DimensionLength, columns));
        ProtobufWriter tensor = new ProtobufWriter().Add(TypeFields.Element, DoubleType).Add(TypeFields.Shape, shape);
        return new ProtobufWriter().Add(TypeFields.ValueName, name).Add(TypeFields.ValueType, new ProtobufWriter().Add(TypeFields.Tensor, tensor));
    }

    private static void Set(byte[] data, int index, double value)
        => BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(sizeof(double) * index), BitConverter.DoubleToInt64Bits(value));

    // The numbers of the fields, from onnx.proto.
    private static class ModelFields
    {
        public const int IrVersion = 1, ProducerName = 2, DocString = 6, Graph = 7, OpsetImport = 8;
    }

    private static class OperatorSetFields
    {
        public const int Domain = 1, Version = 2;
    }

    private static class GraphFields
    {
        public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12;
    }

    private static class NodeFields
    {
        public const int Input = 1, Output = 2, Name = 3, Type = 4, Attribute = 5;
    }

    private static class AttributeFields
    {
        public const int Name = 1, Int = 3, Type = 20;
    }

    private static class TensorFields
    {
        public const int Dims = 1, DataType = 2, Name = 8, RawData = 9;
    }

    private static class TypeFields
    {
        public const int ValueName = 1, ValueType = 2, Tensor = 1, Element = 1, Shape = 2, Dimension = 1, DimensionLength = 1, DimensionName = 2;
    }
}
