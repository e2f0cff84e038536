namespace FlowDsl;

/// <summary>How a student makes a segment's map of its network f.</summary>
public enum StudentForm
{
    /// <summary>x ← f(x): the network is the map (arXiv:2606.03820).</summary>
    Plain,

    /// <summary>x ← x + f(x).</summary>
    Residual,

    /// <summary>
    /// x ← Gx + g + f(x), Gx + g the exact map of the one Gaussian that has the mixture's mean and covariance; in the span of the means, with the
    /// rest in closed form, where the components share one isotropic covariance.
    /// </summary>
    ClosedFormPlusResidual,

    /// <summary>
    /// x ← αx + c Σ_k softmax(ℓ + f(x, r))_k μ_k, ℓ and r the exact logits and responsibilities at the segment's start: the exact map has this form,
    /// because it averages the responsibilities along its path. In the span of the means. Needs components that share one isotropic covariance.
    /// </summary>
    ResponsibilityCorrected,

    /// <summary>
    /// x ← αx + c Σ_k softmax(½(ℓ + ℓ') + f(x, r, r'))_k μ_k: as <see cref="ResponsibilityCorrected"/>, and besides the exact logits and
    /// responsibilities ℓ' and r' at the segment's end, where the step with f = 0 and ℓ alone leads. Without f it is an order more exact.
    /// </summary>
    TrapezoidCorrected,
}
