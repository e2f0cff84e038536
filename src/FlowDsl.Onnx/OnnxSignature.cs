using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowDsl.Onnx;

/// <summary>Which of a network's inputs take what, and in which shapes.</summary>
internal sealed class OnnxSignature
{
    private static readonly string[] s_timeNames = ["t", "time", "times", "timestep", "timesteps", "sigma", "sigmas", "noise_level", "noise_labels"];

    private OnnxSignature(OnnxInput state, OnnxInput time, IReadOnlyList<OnnxInput> conditions, string output, int[] stateShape)
    {
        (State, Time, Conditions, Output, StateShape) = (state, time, conditions, output, stateShape);
        Dimension = checked((int)stateShape.Aggregate(1L, (product, length) => product * length));
    }

    /// <summary>The input of the states.</summary>
    public OnnxInput State { get; }

    /// <summary>The input of the time: one for each state, or one for all.</summary>
    public OnnxInput Time { get; }

    /// <summary>The other inputs.</summary>
    public IReadOnlyList<OnnxInput> Conditions { get; }

    /// <summary>The name of the output.</summary>
    public string Output { get; }

    /// <summary>The shape of one state.</summary>
    public IReadOnlyList<int> StateShape { get; }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Finds out which input takes what.</summary>
    /// <param name="session">The network.</param>
    /// <param name="options">What the file does not say.</param>
    /// <exception cref="ArgumentException">The inputs or the output do not fit.</exception>
    public static OnnxSignature Read(InferenceSession session, OnnxOptions options)
    {
        Dictionary<string, OnnxInput> inputs = session.InputMetadata.ToDictionary(input => input.Key, input => new OnnxInput(input.Key, input.Value));
        string all = $"The network's inputs are {string.Join(", ", inputs.Values)}.";
        OnnxInput[] conditions = [.. options.Conditions.Select(condition => Named(condition.Key, nameof(OnnxOptions.Conditions)).With(condition.Value))];
        List<OnnxInput> others = [.. inputs.Values.Where(input => conditions.All(condition => condition.Name != input.Name))];

        OnnxInput? state = options.StateName is { } stateName ? Named(stateName, nameof(OnnxOptions.StateName)) : null;
        OnnxInput? time = options.TimeName is { } timeName ? Named(timeName, nameof(OnnxOptions.TimeName)) : null;
        others.RemoveAll(input => input.Name == state?.Name || input.Name == time?.Name);
        if (time is null)
        {
            OnnxInput[] usual = [.. others.Where(input => s_timeNames.Contains(input.Name, StringComparer.OrdinalIgnoreCase))];
            time = usual is [var only] ? only : state is not null && others is [var rest] ? rest : null;
            if (time is null)
                throw Wrong(
                    $"{(usual.Length > 1 ? "Several inputs have" : "No input has")} a usual name of the time; name it by {nameof(OnnxOptions.TimeName)}");
            others.Remove(time);
        }
        if (state is null)
        {
            if (others.Count == 0) throw Wrong("There is no input for the states");
            if (others.Count > 1)
                throw Wrong(
                    $"It is not clear which input takes the states; name it by {nameof(OnnxOptions.StateName)}, "
                        + $"and give the others values by {nameof(OnnxOptions.Conditions)}");
            state = others[0];
            others.Clear();
        }
        if (others is [var unknown, ..]) throw Wrong($"The input {unknown.Name} has no value; give it one by {nameof(OnnxOptions.Conditions)}");

        if (state.Type != TensorElementType.Float) throw Wrong($"The input {state} takes the states, which are single precision (float)");
        if (!OnnxInput.IsNumber(time.Type)) throw Wrong($"The input {time} cannot take the time, which is of type float, double, int32 or int64");
        bool isPerState = time.IsOpen && time.Shape.Skip(1).All(length => length is 1 or -1), isOne = time.Shape.All(length => length == 1);
        if (!isPerState && !isOne) throw Wrong($"The input {time} cannot take the time, which is [n], [n, 1], [1] or a single number");
        return new OnnxSignature(state, time, conditions, OutputOf(session, options), ShapeOf(state, options, all));

        OnnxInput Named(string name, string option)
            => inputs.TryGetValue(name, out OnnxInput? input) ? input : throw Wrong($"{option} has '{name}', but there is no such input");

        ArgumentException Wrong(string problem) => new($"{problem}. {all}", nameof(options));
    }

    /// <summary>The inputs and the output, with their types and shapes.</summary>
    public override string ToString()
        => $"states {State}, time {Time}{string.Concat(Conditions.Select(condition => $", condition {condition}"))} -> {Output}";

    private static int[] ShapeOf(OnnxInput state, OnnxOptions options, string all)
    {
        if (!state.IsOpen)
            throw new ArgumentException(
                $"The first length of the input {state} is fixed; export the network for any number of states (dynamic_axes or dynamic_shapes). {all}",
                nameof(options));
        int[] own = [.. state.Shape.Skip(1)], shape = options.StateShape is { } given ? [.. given] : own;
        string words = OnnxInput.Text(shape);
        if (shape.Length == 0 || shape.Any(length => length < 1))
            throw new ArgumentException(
                options.StateShape is null
                    ? $"The file leaves the shape of a state open: {state}. Give it by {nameof(OnnxOptions.StateShape)}."
                    : $"{nameof(OnnxOptions.StateShape)} is {words}; it must have at least one length, and all must be positive.", nameof(options));
        if (own.Length != shape.Length || own.Zip(shape).Any(pair => pair.First >= 0 && pair.First != pair.Second))
            throw new ArgumentException($"{nameof(OnnxOptions.StateShape)} is {words}, but the states are {state}.", nameof(options));
        return shape;
    }

    private static string OutputOf(InferenceSession session, OnnxOptions options)
    {
        string all = $"The network's outputs are {string.Join(", ", session.OutputMetadata.Select(output => new OnnxInput(output.Key, output.Value)))}.";
        string name = options.OutputName ?? (session.OutputMetadata.Count == 1
            ? session.OutputMetadata.Keys.Single()
            : throw new ArgumentException($"There are several outputs; name one by {nameof(OnnxOptions.OutputName)}. {all}", nameof(options)));
        if (!session.OutputMetadata.TryGetValue(name, out NodeMetadata? output))
            throw new ArgumentException($"{nameof(OnnxOptions.OutputName)} is '{name}', but there is no such output. {all}", nameof(options));
        if (!output.IsTensor || output.ElementDataType != TensorElementType.Float)
            throw new ArgumentException($"The output {name} is not of single precision (float). {all}", nameof(options));
        return name;
    }
}
