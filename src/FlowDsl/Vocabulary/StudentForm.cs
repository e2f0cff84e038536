namespace FlowDsl;

/// <summary>How a student turns its network f into a segment's map.</summary>
public enum StudentForm
{
    /// <summary>x ← f(x): the network is the map (arXiv:2606.03820).</summary>
    Plain,

    /// <summary>x ← x + f(x).</summary>
    Residual,

    /// <summary>
    /// x ← Gx + g + f(x), where Gx + g is the exact map of the single Gaussian with the mixture's mean and covariance. If the components share one
    /// isotropic covariance, f acts in the span of the means and the rest is in closed form.
    /// </summary>
    ClosedFormPlusResidual,

    /// <summary>
    /// x ← αx + c Σ_k softmax(ℓ + f(x, r))_k μ_k, with ℓ and r the exact logits and responsibilities at the segment's start. The exact map has this
    /// form because it averages the responsibilities along its path. Works in the span of the means; the components must share one isotropic covariance.
    /// </summary>
    ResponsibilityCorrected,

    /// <summary>
    /// x ← αx + c Σ_k softmax(½(ℓ + ℓ') + f(x, r, r'))_k μ_k: as <see cref="ResponsibilityCorrected"/>, but it also takes the exact logits ℓ' and
    /// responsibilities r' at the segment's end, at the point that the step with f = 0 and ℓ alone reaches. With f = 0 it is one order more accurate.
    /// </summary>
    TrapezoidCorrected,
}
