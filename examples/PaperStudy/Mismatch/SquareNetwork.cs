namespace FlowDsl.Examples;

/// <summary>
/// A network of the paper's shape, ReLU and ReQU units alternating, all of whose weights are B, at the bound, and whose biases are b in front of squares:
/// its derivative has no bound that B gives.
/// </summary>
/// <param name="dimension">d.</param>
/// <param name="width">The units of each of the four hidden layers.</param>
internal sealed class SquareNetwork(int dimension, int width)
{
    private const int HiddenLayers = 4;

    /// <summary>The spectral norm of the derivative at a point.</summary>
    /// <param name="x">The point.</param>
    /// <param name="weight">B.</param>
    /// <param name="bias">b.</param>
    public double LocalLipschitz(ReadOnlySpan<double> x, double weight, double bias)
    {
        double[] values = x.ToArray();
        // Columns of the derivative so far, one an input.
        double[][] derivative = [.. Enumerable.Range(0, dimension).Select(i => Enumerable.Range(0, dimension).Select(j => i == j ? 1.0 : 0).ToArray())];
        for (int layer = 1; layer <= HiddenLayers + 1; layer++)
        {
            bool isLast = layer > HiddenLayers, isSquare = !isLast && layer % 2 == 0;
            int outputs = isLast ? dimension : width;
            double sum = weight * values.Sum() + (isSquare ? bias : 0);
            double slope = isLast ? 1 : sum <= 0 ? 0 : isSquare ? 2 * sum : 1;
            double value = isLast ? sum : sum <= 0 ? 0 : isSquare ? sum * sum : sum;
            // All units of a layer are the same.
            values = [.. Enumerable.Repeat(value, outputs)];
            derivative = [.. derivative.Select(column => Enumerable.Repeat(slope * weight * column.Sum(), outputs).ToArray())];
        }
        float[] matrix = [.. derivative.SelectMany(column => column.Select(value => (float)value))];
        return new SpectralNorm(dimension, dimension).Of(matrix);
    }
}
