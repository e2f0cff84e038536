namespace FlowDsl.Examples.Transformers;

/// <summary>Random parameters from which training starts, as a function of a seed and of what was drawn before.</summary>
/// <param name="seed">The seed.</param>
internal sealed class Xavier(ulong seed)
{
    private long _next;

    /// <summary>A layer: weights uniform up to √(6/(inputs + outputs)) (Glorot and Bengio, 2010), biases zero.</summary>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="parameters">Receives the weights, then the biases.</param>
    public void Layer(int inputs, int outputs, Span<float> parameters)
    {
        double bound = Math.Sqrt(6.0 / (inputs + outputs));
        for (int i = 0; i < inputs * outputs; i++) parameters[i] = (float)(bound * (2 * NormalSource.Uniform(seed, _next++) - 1));
        parameters[(inputs * outputs)..].Clear();
    }

    /// <summary>Independent normals of a deviation.</summary>
    public void Normals(double deviation, Span<float> parameters)
    {
        double[] normals = new double[parameters.Length];
        NormalSource.Fill(seed, _next++, normals);
        for (int i = 0; i < normals.Length; i++) parameters[i] = (float)(deviation * normals[i]);
    }
}
