namespace FlowDsl.Examples;

/// <summary>
/// A network of the paper's shape, ReLU and ReQU units alternating, with all weights at the bound: B, and B sign(x_j) in the first layer. Biases are free, b in
/// front of squares. No bound of its derivative follows from B: the slope of a square is twice what it is given.
/// </summary>
internal static class SquareNetwork
{
    private const int HiddenLayers = 4;

    /// <summary>The spectral norm of the derivative at x.</summary>
    /// <param name="x">The point, d values.</param>
    /// <param name="width">The units of each hidden layer.</param>
    /// <param name="weight">B.</param>
    /// <param name="bias">b.</param>
    public static double LocalLipschitz(ReadOnlySpan<double> x, int width, double weight, double bias)
    {
        double sum = 0;
        foreach (double value in x) sum += weight * Math.Abs(value);
        // All units of a layer have one value and, up to the signs of x, one derivative by each input.
        double unit = sum, derivative = weight;
        for (int layer = 2; layer <= HiddenLayers; layer++)
        {
            double input = width * weight * unit;
            derivative *= width * weight;
            unit = input;
            if (layer % 2 != 0) continue;
            derivative *= 2 * (input + bias);
            unit = (input + bias) * (input + bias);
        }
        // d outputs by d inputs, all entries alike: a matrix of rank one.
        return width * weight * derivative * x.Length;
    }
}
