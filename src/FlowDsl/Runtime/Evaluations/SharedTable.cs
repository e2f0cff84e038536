using System.Numerics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>With one covariance, the energies are affine in x: the common part is dropped, and F(x) = A(x - aμ) + mμ with μ = Σ r_k μ_k.</summary>
/// <remarks>
/// |root (x - aμ_k)|² = |root (x - c)|² + a²|root δ_k|² - 2a (rootᵀroot δ_k)·(x - c), δ_k = μ_k - their mean, c = a times it. The first term is
/// common to all.
/// </remarks>
internal abstract class SharedTable<T>(int dimension, double[] offsets, PackedMatrix<T> energies, MeanTables<T> means)
    : EvaluationTable<T>(dimension, offsets, means.ByCoordinate, PackedMatrix<T>.Even(dimension))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The matrix of the energies.</summary>
    protected PackedMatrix<T> EnergyMatrix => energies;

    protected override void Energies(ref T x, nuint stride, in EvaluationRows<T> rows)
    {
        Inputs(ref x, stride, rows);
        energies.Multiply(ref First(Offsets), ref rows.Inputs, rows.Pitch, ref rows.Weights, rows.Pitch, ref rows.Least, rows.Lanes);
    }

    /// <summary>What the matrix multiplies.</summary>
    protected abstract void Inputs(ref T x, nuint stride, in EvaluationRows<T> rows);

    /// <summary>The energies' constant terms: the components' own, and a²|root δ_k|². The least is 0.</summary>
    /// <param name="coefficients">The components.</param>
    /// <param name="means">Their means.</param>
    /// <param name="a">a.</param>
    /// <param name="precise">rootᵀroot δ_k.</param>
    protected static double[] Constants(EvaluationCoefficients coefficients, MeanTables<T> means, double a, double[][] precise)
    {
        double[] offsets = [.. coefficients.Components.Select((component, k) => component.Offset + a * a * Dot(precise[k], means.Offsets[k]))];
        double least = offsets.Min();
        for (int k = 0; k < offsets.Length; k++) offsets[k] -= least;
        return offsets;
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }
}
