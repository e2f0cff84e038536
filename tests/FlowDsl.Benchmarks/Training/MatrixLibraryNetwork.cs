using MathNet.Numerics.LinearAlgebra;

namespace FlowDsl.Benchmarks;

/// <summary>A multilayer perceptron by a generic matrix library: MathNet.Numerics, a product, a bias and a maximum a layer.</summary>
internal sealed class MatrixLibraryNetwork
{
    private readonly (Matrix<float> Weights, Vector<float> Bias)[] _layers;

    public MatrixLibraryNetwork(int[] sizes, ReadOnlySpan<float> parameters)
    {
        _layers = new (Matrix<float>, Vector<float>)[sizes.Length - 1];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            int inputs = sizes[layer], outputs = sizes[layer + 1];
            // MathNet's matrices lie column by column: what is row-major [outputs, inputs] is the transpose in its order.
            _layers[layer] = (
                Matrix<float>.Build.Dense(inputs, outputs, parameters[..(inputs * outputs)].ToArray()),
                Vector<float>.Build.Dense(parameters.Slice(inputs * outputs, outputs).ToArray()));
            parameters = parameters[((inputs + 1) * outputs)..];
        }
    }

    /// <summary>Maps rows of samples.</summary>
    public Matrix<float> Map(Matrix<float> x)
    {
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            (Matrix<float> weights, Vector<float> bias) = _layers[layer];
            Matrix<float> z = x * weights;
            bool isOutput = layer == _layers.Length - 1;
            z.MapIndexedInplace((_, column, value) => isOutput ? value + bias[column] : Math.Max(0, value + bias[column]), Zeros.Include);
            x = z;
        }
        return x;
    }
}
