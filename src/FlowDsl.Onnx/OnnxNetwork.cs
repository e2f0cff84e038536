using Microsoft.ML.OnnxRuntime;

namespace FlowDsl.Onnx;

/// <summary>
/// A network in the ONNX format, evaluated by ONNX Runtime in batches of any size. States of other shapes than [n, d], as images [n, c, h, w], are rows of
/// their values in order. Safe to share between threads.
/// </summary>
public sealed class OnnxNetwork : INetworkField, IDisposable
{
    private readonly InferenceSession _session;
    private readonly OnnxSignature _signature;

    // The buffers of the last batch, if nobody uses them: as a rule the next one has the same size.
    private OnnxBatch? _idle;

    private OnnxNetwork(InferenceSession session, OnnxSignature signature) => (_session, _signature) = (session, signature);

    /// <inheritdoc/>
    public int Dimension => _signature.Dimension;

    /// <summary>The shape of one state: d, or as channels, height and width.</summary>
    public IReadOnlyList<int> StateShape => _signature.StateShape;

    /// <summary>Loads a file, and evaluates the network once: what does not fit is found now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Names, shapes, conditions and threads; null where the file says enough.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no network that ONNX Runtime can load or evaluate, or its outputs are not finite.</exception>
    /// <exception cref="ArgumentException">The network's inputs or outputs are not those of the options, or of a field.</exception>
    public static OnnxNetwork Load(string path, OnnxOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxOptions();
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'.", path);
        if (options.Threads is < 1) throw new ArgumentException($"{nameof(OnnxOptions.Threads)} is {options.Threads}; it must be at least 1.", nameof(options));
        using var sessionOptions = new SessionOptions();
        if (options.Threads is { } threads) sessionOptions.IntraOpNumThreads = threads;
        options.Configure?.Invoke(sessionOptions);
        InferenceSession session;
        try
        {
            session = new InferenceSession(path, sessionOptions);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new InvalidDataException($"'{path}' is no network that can be loaded: {problem.Message}", problem);
        }
        try
        {
            var signature = OnnxSignature.Read(session, options);
            OnnxProbe.Check(session, signature, path);
            return new OnnxNetwork(session, signature);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>An input of whole numbers gets the nearest one to the time.</remarks>
    /// <exception cref="ArgumentException">The lengths are not equal, or not a multiple of d.</exception>
    public void Evaluate(double time, ReadOnlySpan<float> states, Span<float> outputs)
    {
        if (states.Length != outputs.Length || states.Length % Dimension != 0)
            throw new ArgumentException(
                $"There are {states.Length} values of states and {outputs.Length} of outputs; both must be the same multiple of {Dimension}.", nameof(outputs));
        if (states.Length == 0) return;
        int n = states.Length / Dimension;
        OnnxBatch? batch = Interlocked.Exchange(ref _idle, null);
        if (batch?.Count != n)
        {
            batch?.Dispose();
            batch = new OnnxBatch(_session, _signature, n);
        }
        try
        {
            batch.Run(_session, time, states, outputs);
        }
        finally
        {
            Interlocked.Exchange(ref _idle, batch)?.Dispose();
        }
    }

    /// <summary>The network's inputs and output.</summary>
    public override string ToString() => _signature.ToString();

    /// <summary>Unloads the network.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _idle, null)?.Dispose();
        _session.Dispose();
    }
}
