using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowDsl.Onnx;

/// <summary>An input of a network, or an output.</summary>
internal sealed class OnnxInput
{
    private readonly IReadOnlyList<double> _values;

    /// <summary>Reads one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="metadata">What the file says of it.</param>
    public OnnxInput(string name, NodeMetadata metadata)
        : this(name, metadata.IsTensor ? metadata.ElementDataType : TensorElementType.DataTypeMax, metadata.IsTensor ? metadata.Dimensions : [], [])
    {
    }

    private OnnxInput(string name, TensorElementType type, IReadOnlyList<int> shape, IReadOnlyList<double> values)
        => (Name, Type, Shape, _values) = (name, type, shape, values);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The type of its values.</summary>
    public TensorElementType Type { get; }

    /// <summary>Its lengths; -1 for one that is open.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Whether it takes something for each of any number of states.</summary>
    public bool IsOpen => Shape is [-1, ..];

    /// <summary>Whether it is of a type that this library can fill.</summary>
    /// <param name="type">The type.</param>
    public static bool IsNumber(TensorElementType type)
        => type is TensorElementType.Float or TensorElementType.Double or TensorElementType.Int32 or TensorElementType.Int64;

    /// <summary>Lengths as text.</summary>
    /// <param name="shape">The lengths; -1 for one that is open.</param>
    public static string Text(IEnumerable<int> shape)
        => $"[{string.Join(", ", shape.Select(length => length < 0 ? "any" : length.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>The input with values that stay the same.</summary>
    /// <param name="values">The values, of one state if the first length is open.</param>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public OnnxInput With(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        IReadOnlyList<int> own = IsOpen ? [.. Shape.Skip(1)] : Shape;
        if (!IsNumber(Type) && Type != TensorElementType.Bool) throw Wrong("it must be of type float, double, int32, int64 or bool");
        // One length may be open, as that of a text: the number of values gives it.
        long known = own.Where(length => length >= 0).Aggregate(1L, (product, length) => product * length);
        int open = own.Count(length => length < 0);
        if (open > 1 || (open == 0 ? known != values.Count : known == 0 || values.Count == 0 || values.Count % known != 0))
            throw Wrong($"{values.Count} values do not fill it{(IsOpen ? " for one state" : "")}");
        int[] lengths = [.. own.Select(length => length < 0 ? (int)(values.Count / known) : length)];
        return new OnnxInput(Name, Type, IsOpen ? [-1, .. lengths] : lengths, [.. values]);

        ArgumentException Wrong(string problem) => new($"{nameof(OnnxOptions.Conditions)} has a value for {this}, but {problem}.", "options");
    }

    /// <summary>The values for n states.</summary>
    /// <param name="n">The number of states.</param>
    /// <param name="memory">The array that holds them.</param>
    public OrtValue Create(int n, out Array memory)
    {
        long[] shape = [.. Shape.Select((length, i) => (long)(length >= 0 ? length : i == 0 ? n : 1))];
        int length = checked((int)shape.Aggregate(1L, (product, next) => product * next));
        switch (Type)
        {
            case TensorElementType.Float: return Fill<float>(value => (float)value, out memory);
            case TensorElementType.Double: return Fill<double>(value => value, out memory);
            case TensorElementType.Int32: return Fill<int>(value => (int)Math.Round(value), out memory);
            case TensorElementType.Int64: return Fill<long>(value => (long)Math.Round(value), out memory);
            default: return Fill<bool>(value => value != 0, out memory);
        }

        OrtValue Fill<T>(Converter<double, T> convert, out Array array)
            where T : unmanaged
        {
            T[] values = new T[length];
            for (int i = 0; i < length && _values.Count > 0; i++) values[i] = convert(_values[i % _values.Count]);
            array = values;
            return OrtValue.CreateTensorValueFromMemory(values, shape);
        }
    }

    /// <summary>As <c>x: Float [any, 2]</c>.</summary>
    public override string ToString() => $"{Name}: {(Type == TensorElementType.DataTypeMax ? "no tensor" : $"{Type} {Text(Shape)}")}";
}
