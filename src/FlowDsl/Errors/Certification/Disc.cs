namespace FlowDsl.Errors.Certification;

/// <summary>
/// Bounds on the complex disc |s| ≤ ρ around a path's start: how far each logit and each g_k moves there, and hence how large the right-hand side can
/// get. Cauchy's estimate turns that into a bound on all Taylor coefficients that were not computed.
/// </summary>
/// <remarks>
/// <para>
/// With δ_k = φ_k - φ_k(0) centred and |δ_k| ≤ ω_k on the disc, Σ r_k δ_k = 0 gives
/// <code>
/// |Σ r_k e^{δ_k}| ≥ 1 - Σ r_k (e^{ω_k} - 1 - ω_k) =: D
/// |m(s) - m(0)| ≤ M = Σ r_k ((e^{ω_k} - 1)|g_k - m| + e^{ω_k} sup|g_k(s) - g_k(0)|) / D
/// </code>
/// so that m is analytic where D is positive, its coefficients are at most M/ρⁿ, and what follows the first p of them is at most
/// M θ^p/(1 - θ) for |s| ≤ θρ.
/// </para>
/// <para>
/// ω_k and sup|g_k(s) - g_k(0)| are sums of absolute values of Taylor coefficients. Those of g obey g_n = -c(2ζg_{n-1} + g_{n-2})
/// beyond the computed N terms, so with β = |c|(2ζρ + ρ²) less than 1 and G_n = |g_n|ρⁿ the remaining ones sum to at most
/// (βG_N + |c|ρ²G_{N-1})/(1 - β); and likewise for the power sums of the determinant.
/// </para>
/// </remarks>
internal sealed class Disc
{
    // A larger value would leave little of the disc to step into; a smaller one wastes what the mixture allows.
    private const double MaxBeta = 0.6, MinDenominator = 0.4;

    private const int Last = TaylorPath.Terms - 1;

    private readonly CanonicalMixture _mixture;
    private readonly TaylorPath _path;
    private readonly double[] _powers = new double[TaylorPath.Terms];

    public Disc(CanonicalMixture mixture, TaylorPath path)
    {
        (_mixture, _path) = (mixture, path);
        (LogitRests, SlopeRests) = (new double[mixture.Count], new double[mixture.Count]);
    }

    /// <summary>ρ.</summary>
    public double Radius { get; private set; }

    /// <summary>M.</summary>
    public double Supremum { get; private set; }

    /// <summary>For each component a bound, at ρ, on the terms of δ_k beyond <see cref="TaylorPath.Terms"/>, and of all rounding in it.</summary>
    public double[] LogitRests { get; }

    /// <summary>For each component a bound, at ρ, on the terms of g_k beyond <see cref="TaylorPath.Terms"/>.</summary>
    public double[] SlopeRests { get; }

    /// <summary>Bounds everything on a disc; false if the disc is too large.</summary>
    /// <param name="radius">ρ.</param>
    public bool TryBound(double radius)
    {
        Radius = radius;
        _powers[0] = 1;
        for (int n = 1; n <= Last; n++) _powers[n] = _powers[n - 1] * radius;
        if (!TryBoundRests()) return false;

        CanonicalField field = _path.Field;
        double excess = 0, movement = 0, bias = 0;
        for (int k = 0; k < _mixture.Count; k++)
        {
            double omega = LogitRests[k], slope = 0;
            ReadOnlySpan<double> logits = _path.Logits.AsSpan(k * TaylorPath.Terms, TaylorPath.Terms);
            for (int n = 1; n <= Last; n++) omega += Math.Abs(logits[n]) * _powers[n];
            if (!_mixture.IsTied)
            {
                slope = SlopeRests[k];
                ReadOnlySpan<double> norms = _path.SlopeNorms.AsSpan(k * TaylorPath.Terms, TaylorPath.Terms);
                for (int n = 1; n <= Last; n++) slope += norms[n] * _powers[n];
            }
            double logR = field.LogResponsibilities[k] + field.LogErrors[k];
            double r = Math.Exp(logR), raised = Math.Exp(logR + omega);
            // e^ω - 1 - ω ≤ ω²e^ω/2 and e^ω - 1 ≤ ωe^ω: no cancellation for small ω; r may underflow even if the product does not.
            excess += raised * Math.Min(0.5 * omega * omega, 1);
            movement += raised * (Math.Min(omega, 1) * field.ContrastNorms[k] + slope);
            // The logits are centred by computed responsibilities.
            bias += r * field.LogErrors[k] * 2 * (omega + field.ContrastNorms[k]);
            if (excess > 1) return false;
        }
        double denominator = 1 - RoundOff.Slack * (excess + bias);
        Supremum = RoundOff.Slack * (movement + bias) / denominator;
        return denominator >= MinDenominator && double.IsFinite(Supremum);
    }

    private bool TryBoundRests()
    {
        int count = _mixture.Count, d = _mixture.Dimension;
        double zeta = _path.Zeta, path = 0, meanRest = 0, reach = zeta + Radius;
        for (int n = TaylorPath.Degree; n >= 0; n--) path = path * Radius + _path.Norms[n];
        for (int k = 0; k < count; k++)
        {
            double mean = _mixture.MeanNorms[k];
            if (_mixture.IsTied)
            {
                // No terms are left out; these are only rounding errors.
                LogitRests[k] = 2 * RoundOff.Unit * (d + 10) * reach * mean * (path + reach * mean)
                    + reach * (path + _path.Field.Outside + reach * mean) * _mixture.MeanErrors[k];
            }
            else if (!TryBoundRest(k, path, reach))
            {
                return false;
            }
            meanRest += _path.Field.Responsibilities[k] * LogitRests[k];
        }
        for (int k = 0; k < count; k++) LogitRests[k] = RoundOff.Slack * (LogitRests[k] + meanRest);
        return double.IsFinite(meanRest);
    }

    private bool TryBoundRest(int k, double path, double reach)
    {
        double zeta = _path.Zeta, mean = _mixture.MeanNorms[k];
        double c = Math.Max(Math.Abs(CanonicalMixture.Relative(_mixture.MinOffset[k], zeta)), Math.Abs(CanonicalMixture.Relative(_mixture.MaxOffset[k], zeta)));
        double beta = c * Radius * (2 * zeta + Radius);
        if (!(beta <= MaxBeta)) return false;

        ReadOnlySpan<double> norms = _path.SlopeNorms.AsSpan(k * TaylorPath.Terms, TaylorPath.Terms),
            sums = _path.PowerSumNorms.AsSpan(k * TaylorPath.Terms, TaylorPath.Terms);
        double last = norms[Last] * _powers[Last], secondLast = norms[Last - 1] * _powers[Last - 1], all = 0, allSums = 0;
        double rest = (beta * last + c * Radius * Radius * secondLast) / (1 - beta);
        double sumRest = (beta * sums[Last] * _powers[Last] + c * Radius * Radius * sums[Last - 1] * _powers[Last - 1]) / (1 - beta);

        // Σ_{n>N}|(P·g)_n|ρⁿ ≤ Σ_i |P_i|ρ^i Σ_{m>N-i} G_m.
        double products = 0, tail = rest;
        for (int i = 0; i <= TaylorPath.Degree; i++)
        {
            products += _path.Norms[i] * _powers[i] * tail;
            tail += norms[Last - i] * _powers[Last - i];
        }
        for (int n = 0; n <= Last; n++)
        {
            all += norms[n] * _powers[n];
            allSums += sums[n] * _powers[n];
        }
        // The product's last computed term is multiplied by s once more, and the last two terms of g by 2ζs + s².
        double lastProduct = 0;
        for (int i = 0; i <= TaylorPath.Degree; i++) lastProduct += _path.Norms[i] * _powers[i] * norms[Last - i] * _powers[Last - i];
        double logit = 0.5 * (reach * products + Radius * lastProduct)
            + 0.5 * mean * (reach * reach * rest + (reach * reach - zeta * zeta) * last + Radius * Radius * secondLast)
            + 0.5 * sumRest / (Last + 1);
        double least = 1 + zeta * zeta * Math.Min(0, _mixture.MinOffset[k]);
        double rounding = 4 * RoundOff.Unit * (_mixture.Conditioning[k] + TaylorPath.Terms) / (least * (1 - beta));
        double sizes = reach * path * (all + rest + mean) + reach * reach * mean * (all + rest) + allSums + _mixture.Dimension;
        SlopeRests[k] = RoundOff.Slack * (rest + rounding * (all + rest + _path.Field.SlopeBounds[k]));
        LogitRests[k] = logit + rounding * sizes;
        return true;
    }
}
