using System.ComponentModel;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Fields;

/// <summary>The arithmetic of a mixture's components, from tables or with all numbers folded into code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IComponentArithmetic
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>K.</summary>
    int Count { get; }

    /// <summary>μ_k, d values.</summary>
    /// <param name="component">k.</param>
    ReadOnlySpan<double> Mean(int component);

    /// <summary>log(w_k N(x; aμ_k, C_k)) + (d/2) log 2π as the difference of its normaliser and its energy.</summary>
    /// <param name="point">The process at t.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="logNormalizers">Receives the K values log w_k - ½ log det C_k.</param>
    /// <param name="energies">Receives the K values ½(x - aμ_k)ᵀC_k⁻¹(x - aμ_k).</param>
    void Evaluate(in ProcessPoint point, ReadOnlySpan<double> x, Span<double> logNormalizers, Span<double> energies);

    /// <summary>Applies a function of Σ_k to a vector.</summary>
    /// <param name="component">k.</param>
    /// <param name="axis">The function.</param>
    /// <param name="vector">d values.</param>
    /// <param name="result">Receives d values; may not overlap <paramref name="vector"/>.</param>
    void Apply(int component, in AxisFunction axis, ReadOnlySpan<double> vector, Span<double> result);

    /// <summary>(Σ_k - Σ_j) vector, from the differences of the entries.</summary>
    /// <param name="component">k.</param>
    /// <param name="other">j.</param>
    /// <param name="vector">d values.</param>
    /// <param name="result">Receives d values; may not overlap <paramref name="vector"/>.</param>
    /// <returns>False, with <paramref name="result"/> unchanged, if the two are equal.</returns>
    bool ApplyDifference(int component, int other, ReadOnlySpan<double> vector, Span<double> result);
}
