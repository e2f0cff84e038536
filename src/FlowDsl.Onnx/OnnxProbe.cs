using Microsoft.ML.OnnxRuntime;

namespace FlowDsl.Onnx;

/// <summary>Evaluations of a network when it is loaded, which show what its file does not say.</summary>
internal static class OnnxProbe
{
    /// <summary>Evaluates a network at one state, and at three.</summary>
    /// <param name="session">The network.</param>
    /// <param name="signature">Its inputs and output.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It cannot be evaluated, or its outputs are not finite.</exception>
    /// <exception cref="ArgumentException">The output has another shape than the states.</exception>
    public static void Check(InferenceSession session, OnnxSignature signature, string path)
    {
        foreach (int n in (int[])[1, 3])
        {
            // Numbers of the usual size; time 1 is valid in every way to count it.
            float[] states = new float[n * signature.Dimension];
            for (int i = 0; i < states.Length; i++) states[i] = i % 2 == 0 ? 0.5f : -0.25f;
            Check(session, signature, path, n, states);
        }
    }

    private static void Check(InferenceSession session, OnnxSignature signature, string path, int n, float[] states)
    {
        var inputs = new Dictionary<string, OrtValue>();
        try
        {
            inputs[signature.State.Name] = OrtValue.CreateTensorValueFromMemory(states, [n, .. signature.StateShape.Select(length => (long)length)]);
            inputs[signature.Time.Name] = signature.Time.With([1]).Create(n, out _);
            foreach (OnnxInput condition in signature.Conditions) inputs[condition.Name] = condition.Create(n, out _);
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, inputs, [signature.Output]);
            long[] shape = outputs[0].GetTensorTypeAndShape().Shape, expected = [n, .. signature.StateShape.Select(length => (long)length)];
            if (!shape.SequenceEqual(expected))
                throw new ArgumentException(
                    $"For {n} states the output {signature.Output} is [{string.Join(", ", shape)}]; a field has the shape of its states, "
                        + $"[{string.Join(", ", expected)}]. The network is {signature}.", nameof(path));
            foreach (float value in outputs[0].GetTensorDataAsSpan<float>())
                if (!float.IsFinite(value))
                    throw new InvalidDataException($"At time 1 the network in '{path}' gives {value}, which is not finite. The network is {signature}.");
        }
        catch (OnnxRuntimeException problem)
        {
            throw new InvalidDataException($"The network in '{path}' cannot be evaluated at {n} states: {problem.Message}", problem);
        }
        finally
        {
            foreach (OrtValue value in inputs.Values) value.Dispose();
        }
    }
}
