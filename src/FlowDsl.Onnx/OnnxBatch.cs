using Microsoft.ML.OnnxRuntime;

namespace FlowDsl.Onnx;

/// <summary>Buffers for batches of one size, bound to a network, so that an evaluation copies and allocates nothing else.</summary>
internal sealed class OnnxBatch : IDisposable
{
    private readonly List<OrtValue> _values = [];
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly float[] _states, _outputs;
    private readonly Array _times;

    /// <summary>Makes the buffers.</summary>
    /// <param name="session">The network.</param>
    /// <param name="signature">Its inputs and output.</param>
    /// <param name="n">The number of states.</param>
    public OnnxBatch(InferenceSession session, OnnxSignature signature, int n)
    {
        Count = n;
        _binding = session.CreateIoBinding();
        int length = checked(n * signature.Dimension);
        long[] shape = [n, .. signature.StateShape.Select(own => (long)own)];
        (_states, _outputs) = (new float[length], new float[length]);
        Bind(signature.State.Name, OrtValue.CreateTensorValueFromMemory(_states, shape));
        Bind(signature.Time.Name, signature.Time.Create(n, out _times));
        foreach (OnnxInput condition in signature.Conditions) Bind(condition.Name, condition.Create(n, out _));
        var output = OrtValue.CreateTensorValueFromMemory(_outputs, shape);
        _values.Add(output);
        _binding.BindOutput(signature.Output, output);

        void Bind(string name, OrtValue value)
        {
            _values.Add(value);
            _binding.BindInput(name, value);
        }
    }

    /// <summary>The number of states.</summary>
    public int Count { get; }

    /// <summary>Evaluates the network.</summary>
    /// <param name="session">The network.</param>
    /// <param name="time">The time.</param>
    /// <param name="states">The states.</param>
    /// <param name="outputs">Receives the outputs.</param>
    public void Run(InferenceSession session, double time, ReadOnlySpan<float> states, Span<float> outputs)
    {
        states.CopyTo(_states);
        switch (_times)
        {
            case float[] times: Array.Fill(times, (float)time); break;
            case double[] times: Array.Fill(times, time); break;
            case int[] times: Array.Fill(times, (int)Math.Round(time)); break;
            case long[] times: Array.Fill(times, (long)Math.Round(time)); break;
        }
        session.RunWithBinding(_options, _binding);
        _outputs.CopyTo(outputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _options.Dispose();
        foreach (OrtValue value in _values) value.Dispose();
    }
}
