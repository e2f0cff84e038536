using FlowDsl.Generators.Reading;

namespace FlowDsl.Generators;

/// <summary>The models that a generator compiled last, by value.</summary>
/// <remarks>
/// The driver knows the models of a file by their places. One that appears, goes or moves, as all behind an open comment or a half-typed
/// attribute do, moves those behind it, and the driver asks for each of them as if it had changed. Models are values and compiling them is a
/// function, so what was compiled before is the answer: an edit pays for the models that it changes.
/// </remarks>
/// <param name="capacity">How many characters of code are kept at most, besides the last model's.</param>
internal sealed class CompiledModelCache(int capacity = CompiledModelCache.DefaultCapacity)
{
    // The code of about a hundred models: a project's, and those that an edit hides for a moment.
    private const int DefaultCapacity = 16_000_000;

    private readonly object _gate = new();
    private readonly Dictionary<ModelInput, LinkedListNode<(ModelInput Input, CompiledModel Model)>> _known = [];

    // The one asked for last comes first.
    private readonly LinkedList<(ModelInput Input, CompiledModel Model)> _recent = new();
    private long _size;

    /// <summary>How many models were compiled so far.</summary>
    public int Count { get; private set; }

    /// <summary>A model's code and issues, compiled or remembered.</summary>
    public CompiledModel Compile(ModelInput input, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(input, out var known))
            {
                _recent.Remove(known);
                _recent.AddFirst(known);
                return known.Value.Model;
            }
        }
        // Not under the lock: drivers of an editor run side by side. Two that compile one model at once find the same.
        CompiledModel model = ModelCompiler.Compile(input, cancellationToken);
        lock (_gate)
        {
            Count++;
            if (_known.ContainsKey(input)) return model;
            _known[input] = _recent.AddFirst((input, model));
            _size += Size(model);
            while (_size > capacity && _recent.Count > 1)
            {
                (ModelInput oldest, CompiledModel left) = _recent.Last.Value;
                _recent.RemoveLast();
                _known.Remove(oldest);
                _size -= Size(left);
            }
        }
        return model;
    }

    // What was declared takes memory too, about as much as a short source.
    private static int Size(CompiledModel model) => (model.Source?.Length ?? 0) + 10_000;
}
