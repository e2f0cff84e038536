namespace FlowDsl.Errors.Certification;

/// <summary>Bounds how fast the distance between the true solution and a path can grow while the solution stays in a ball around the path.</summary>
/// <remarks>
/// <para>
/// e = |z - P| obeys e' ≤ rate·e + |defect|, the rate the largest eigenvalue of ∂(dz/dζ)/∂z on the segment between the two, (3) of
/// <see cref="CanonicalMixture"/>. At a point at most ε from P(s), 0 ≤ s ≤ h, the logits have moved from those of P(0), up to a common
/// shift, by at most
/// <code>
/// W_k = sup_s (φ_k(s) - φ_k(0)) + ζ sup_s|g_k - Σ r_j g_j| ε + ½ζ² ‖Δ_k(I + ζ²Δ_k)⁻¹ - Σ r_j Δ_j(I + ζ²Δ_j)⁻¹‖ ε²
/// </code>
/// and these shifts are centred, so that Σ r_j e^{shift_j} ≥ 1 (Jensen) and r'_k ≤ min(1, r_k e^{W_k}) there: computed as
/// exp(min(0, log r_k + W_k)), in which only what exceeds 1 is cut off. With x_k = g_k - m at P(0) and b_k a bound of how far
/// g_k - Σ r_j g_j moves,
/// <code>
/// λ_max Cov_{r'}(g') ≤ λ_max(Σ r'_k (x_k + …)(x_k + …)ᵀ) ≤ λ_max(Σ r_k x_k x_kᵀ) + Σ (r'_k(|x_k| + b_k)² - r_k|x_k|²)_+
/// </code>
/// and never more than max (|x_k| + b_k)²; for a tied mixture never more than D²/4 (Popoviciu), D the diameter of the means.
/// </para>
/// </remarks>
internal sealed class BallGrowth
{
    private readonly CanonicalMixture _mixture;
    private readonly TaylorPath _path;
    private readonly SpectralBound _spectrum;
    private readonly double[] _rises, _movements, _bends, _relativeOffsets;
    private double _step;

    public BallGrowth(CanonicalMixture mixture, TaylorPath path)
    {
        (_mixture, _path) = (mixture, path);
        _spectrum = new SpectralBound(mixture.Dimension, mixture.Count);
        int count = mixture.Count;
        (_rises, _movements, _bends, _relativeOffsets) = (new double[count], new double[count], new double[count], new double[count]);
    }

    /// <summary>λ_max of the covariance of the g_k at the start of the path.</summary>
    public double Variance { get; private set; }

    /// <summary>Takes the variance at the start of a path.</summary>
    public void Start()
        => Variance = _spectrum.Of(_path.Field.Responsibilities, _path.Field.Contrasts, _path.Field.ContrastNorms);

    /// <summary>The radius at s = h of a ball that contains the true solution, or infinity if none is found.</summary>
    /// <param name="disc">Bounds on a disc with a radius greater than <paramref name="step"/>.</param>
    /// <param name="step">h.</param>
    /// <param name="radius">The radius at s = 0.</param>
    /// <param name="defect">A bound on the defect on [0, h].</param>
    public double Grow(Disc disc, double step, double radius, double defect)
    {
        Prepare(disc, step);
        double gained = defect * step, grown = double.PositiveInfinity, candidate = 1.05 * (radius + gained);
        for (int i = 0; i < 12; i++)
        {
            double rate = Rate(candidate), outward = (radius + gained) * Math.Exp(Math.Max(rate, 0) * step) * RoundOff.Slack;
            // Written so that NaN and infinity are rejected. The solution starts inside the ball and could leave it only by growing faster than the
            // rate inside allows.
            if (outward <= candidate && double.IsFinite(candidate))
            {
                grown = (radius * Math.Exp(rate * step) + gained * Math.Exp(Math.Max(rate, 0) * step)) * RoundOff.Slack;
                break;
            }
            if (!double.IsFinite(outward)) break;
            candidate = Math.Max(1.5 * candidate, Math.Min(1.1 * outward, 1e3 * candidate));
        }
        if (!_mixture.IsTied) return grown;

        // Valid wherever the solution is: λ_max Cov ≤ D²/4 gives ∫ζ D²/4, and both slopes are convex combinations of the means.
        double diameter = _mixture.Diameter, middle = _path.Zeta + 0.5 * step;
        double anywhere = (radius + gained) * Math.Exp(0.25 * diameter * diameter * middle * step);
        return Math.Min(grown, RoundOff.Slack * Math.Min(anywhere, radius + gained + diameter * step));
    }

    private void Prepare(Disc disc, double step)
    {
        CanonicalField field = _path.Field;
        _step = step;
        double meanMovement = 0, meanBend = 0, meanLow = 0, bias = 0;
        double start = _path.Zeta, end = start + step;
        for (int k = 0; k < _mixture.Count; k++)
        {
            ReadOnlySpan<double> logits = _path.Logits.AsSpan(k * TaylorPath.Terms, TaylorPath.Terms);
            double later = 0, movement = 0;
            for (int n = TaylorPath.Terms - 1; n >= 2; n--) later = later * step + Math.Abs(logits[n]);
            // The remainders are those at ρ: they are already negligible, and part of them is rounding, which does not shrink with s.
            later = later * step * step + disc.LogitRests[k];
            _rises[k] = Math.Max(0, logits[1] * step) + later + field.LogErrors[k];
            double r = Math.Exp(field.LogResponsibilities[k] + field.LogErrors[k]);
            bias += r * field.LogErrors[k] * 2 * (Math.Abs(logits[1]) * step + later);
            if (!_mixture.IsTied)
            {
                ReadOnlySpan<double> norms = _path.SlopeNorms.AsSpan(k * TaylorPath.Terms, TaylorPath.Terms);
                for (int n = TaylorPath.Terms - 1; n >= 1; n--) movement = (movement + norms[n]) * step;
                movement += disc.SlopeRests[k];
                meanBend += field.Responsibilities[k] * CanonicalMixture.Relative(_mixture.MaxOffset[k], start);
                meanLow += field.Responsibilities[k] * CanonicalMixture.Relative(_mixture.MinOffset[k], end);
            }
            _movements[k] = movement;
            meanMovement += field.Responsibilities[k] * movement;
        }
        for (int k = 0; k < _mixture.Count; k++)
        {
            _rises[k] += bias;
            if (_mixture.IsTied) continue;
            _movements[k] += meanMovement;
            _relativeOffsets[k] = CanonicalMixture.Relative(_mixture.MaxOffset[k], start);
            double low = CanonicalMixture.Relative(_mixture.MinOffset[k], end);
            _bends[k] = Math.Max(_relativeOffsets[k] - meanLow, meanBend - low);
        }
    }

    private double Rate(double epsilon)
    {
        CanonicalField field = _path.Field;
        double zeta = _path.Zeta + _step, growth = 0, farthest = 0, leastOffset = double.PositiveInfinity, greatestOffset = double.NegativeInfinity, offset = 0;
        for (int k = 0; k < _mixture.Count; k++)
        {
            leastOffset = Math.Min(leastOffset, _relativeOffsets[k]);
            greatestOffset = Math.Max(greatestOffset, _relativeOffsets[k]);
        }
        for (int k = 0; k < _mixture.Count; k++)
        {
            double contrast = field.ContrastNorms[k], bend = zeta * _bends[k] * epsilon, distance = contrast + _movements[k] + bend;
            double rise = _rises[k] + zeta * epsilon * (contrast + _movements[k] + 0.5 * bend);
            if (!double.IsFinite(rise)) return double.PositiveInfinity;
            double raised = Math.Exp(Math.Min(0, field.LogResponsibilities[k] + RoundOff.Slack * rise));
            growth += Math.Max(0, raised * distance * distance - field.Responsibilities[k] * contrast * contrast);
            farthest = Math.Max(farthest, distance);
            offset += raised * (_relativeOffsets[k] - leastOffset);
        }
        double variance = Math.Min(Variance + growth, farthest * farthest);
        if (_mixture.IsTied) variance = Math.Min(variance, 0.25 * _mixture.Diameter * _mixture.Diameter);
        else variance += Math.Min(leastOffset + offset, greatestOffset);
        // ζ is where the product is largest.
        return variance * (variance > 0 ? zeta : _path.Zeta) + Math.Abs(variance) * zeta * 1e-10;
    }
}
