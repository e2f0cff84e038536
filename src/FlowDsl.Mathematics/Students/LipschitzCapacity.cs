using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Students;

/// <summary>The Lipschitz constant that a network can have.</summary>
internal static class LipschitzCapacity
{
    // The largest slope of z/(1 + e^-z), 1.09983932 at z = 2.3993573, rounded up.
    private const double SiLUSlope = 1.0998394;

    /// <summary>
    /// An upper bound on the Lipschitz constant, in the Euclidean norm, of x ↦ Ax + network(x) with bounded weights: ‖W‖₂ ≤ ‖W‖_F ≤ bound·√(rows·columns),
    /// multiplied over the layers with the largest slope of each activation.
    /// </summary>
    /// <param name="dimension">d, the number of inputs and of outputs.</param>
    /// <param name="width">The number of units of each hidden layer.</param>
    /// <param name="depth">The number of hidden layers.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="weightBound">The maximum absolute value of a weight; biases do not matter.</param>
    /// <param name="linearPart">‖A‖₂: 1 for residual maps, 0 for plain ones.</param>
    /// <returns>The bound; infinite for activations with squares, whose slope is unbounded.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or a bound is negative or NaN.</exception>
    public static double Of(int dimension, int width, int depth, Activation activation, double weightBound, double linearPart)
    {
        if (dimension < 1) throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "There must be at least one coordinate.");
        if (width < 1) throw new ArgumentOutOfRangeException(nameof(width), width, "There must be at least one unit.");
        if (depth < 1) throw new ArgumentOutOfRangeException(nameof(depth), depth, "There must be at least one hidden layer.");
        if (!(weightBound >= 0)) throw new ArgumentOutOfRangeException(nameof(weightBound), weightBound, "A bound of weights must be at least 0.");
        if (!(linearPart >= 0)) throw new ArgumentOutOfRangeException(nameof(linearPart), linearPart, "A norm must be at least 0.");
        if (weightBound == 0) return linearPart;
        double slope = activation switch
        {
            Activation.ReLU => 1,
            Activation.SiLU => SiLUSlope,
            // Alternating begins with ReLU: one hidden layer has no squares.
            Activation.Alternating when depth == 1 => 1,
            Activation.Alternating or Activation.ReQU => double.PositiveInfinity,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No activation."),
        };
        if (double.IsPositiveInfinity(slope) || double.IsPositiveInfinity(weightBound)) return double.PositiveInfinity;
        double outer = weightBound * Math.Sqrt((double)dimension * width), inner = weightBound * width;
        return linearPart + outer * outer * PortableMath.Pow(slope, depth) * PortableMath.Pow(inner, depth - 1);
    }
}
