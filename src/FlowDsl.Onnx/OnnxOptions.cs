using System.Collections.ObjectModel;
using Microsoft.ML.OnnxRuntime;

namespace FlowDsl.Onnx;

/// <summary>How <see cref="OnnxNetwork"/> loads a file. Nothing need be set where the file's names and shapes say enough.</summary>
public sealed class OnnxOptions
{
    /// <summary>The name of the input that takes the states; null to find it: the only one that is neither the time's nor a condition.</summary>
    public string? StateName { get; init; }

    /// <summary>The name of the input that takes the time; null to find it by the usual names (t, time, timestep, sigma), or as the only other one.</summary>
    public string? TimeName { get; init; }

    /// <summary>The name of the output; null for the only one.</summary>
    public string? OutputName { get; init; }

    /// <summary>The shape of one state, as channels, height and width; null to take it from the file, which must then give it in numbers.</summary>
    public IReadOnlyList<int>? StateShape { get; init => field = value is null ? null : new ReadOnlyCollection<int>([.. value]); }

    /// <summary>
    /// Values of further inputs, by name, the same in every evaluation: labels, embeddings, guidance. For an input whose first length is open, those of one
    /// state, which all states get; for another one, all of its values. They are converted to the input's type.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Conditions
    {
        get;
        init => field = new ReadOnlyDictionary<string, IReadOnlyList<double>>(
            value.ToDictionary(condition => condition.Key, condition => (IReadOnlyList<double>)new ReadOnlyCollection<double>([.. condition.Value])));
    } = ReadOnlyDictionary<string, IReadOnlyList<double>>.Empty;

    /// <summary>The number of threads of an operator; null leaves it to ONNX Runtime: one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>Changes the session's options before the file is loaded: an execution provider, optimisations. It comes after <see cref="Threads"/>.</summary>
    public Action<SessionOptions>? Configure { get; init; }
}
