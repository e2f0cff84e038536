using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>The right-hand side of the ODE in the canonical chart at one point, with a bound on the rounding error of every part.</summary>
/// <remarks>
/// Responsibilities are kept as logarithms. An underflowed r_k = 0 would mean that component k stays dormant however far the true solution is from
/// the point; the logarithm says how far it would have to be.
/// </remarks>
internal sealed class CanonicalField
{
    // Ten orders of magnitude below the last bit of everything else: the exponential is not computed, but counted as an error.
    public const double Dormant = -60;

    private readonly CanonicalMixture _mixture;
    private readonly double[] _axisPoint, _logitErrors;

    public CanonicalField(CanonicalMixture mixture)
    {
        _mixture = mixture;
        int d = mixture.Dimension, count = mixture.Count;
        (_axisPoint, _logitErrors) = (new double[d], new double[count]);
        (LogResponsibilities, Responsibilities, LogErrors, SlopeBounds) = (new double[count], new double[count], new double[count], new double[count]);
        (Value, Contrasts, ContrastNorms) = (new double[d], new double[count * d], new double[count]);
        AxisSlopes = mixture.IsTied ? [] : new double[count * d];
    }

    /// <summary>The size of the point's part outside the span of the means, which multiplies the errors of the means.</summary>
    public double Outside { get; set; }

    /// <summary>log r_k.</summary>
    public double[] LogResponsibilities { get; }

    /// <summary>r_k, 0 if component k is dormant.</summary>
    public double[] Responsibilities { get; }

    /// <summary>Bounds on the errors of log r_k.</summary>
    public double[] LogErrors { get; }

    /// <summary>m = Σ r_k g_k.</summary>
    public double[] Value { get; }

    /// <summary>A bound on the error of <see cref="Value"/>.</summary>
    public double ValueError { get; private set; }

    /// <summary>g_k along the principal axes of component k, d values each; empty for a tied mixture, where g_k = μ_k.</summary>
    public double[] AxisSlopes { get; }

    /// <summary>Bounds on |g_k| that are not affected by cancellation in g_k: norms of sums of absolute values.</summary>
    public double[] SlopeBounds { get; }

    /// <summary>g_k - m, d values each.</summary>
    public double[] Contrasts { get; }

    /// <summary>|g_k - m|, or a bound on it.</summary>
    public double[] ContrastNorms { get; }

    /// <summary>Evaluates at a point.</summary>
    /// <param name="zeta">ζ.</param>
    /// <param name="z">The point.</param>
    /// <param name="pointError">The maximum distance between the point and the intended one.</param>
    /// <param name="contrasts">Whether to compute <see cref="Contrasts"/> for all components; otherwise those of dormant ones are only bounded.</param>
    public void Evaluate(double zeta, ReadOnlySpan<double> z, double pointError, bool contrasts)
    {
        int count = _mixture.Count, d = _mixture.Dimension;
        double norm = Vectors.Norm(z), greatest = double.NegativeInfinity;
        double[] logits = LogResponsibilities;
        for (int k = 0; k < count; k++)
        {
            logits[k] = _mixture.IsTied ? TiedLogit(k, zeta, z, norm) : Logit(k, zeta, z, norm);
            greatest = Math.Max(greatest, logits[k]);
        }

        double total = 0;
        for (int k = 0; k < count; k++)
        {
            double logit = logits[k] - greatest;
            _logitErrors[k] += RoundOff.Unit * (2 * Math.Abs(logits[k]) - logit + 6);
            logits[k] = logit;
            total += Responsibilities[k] = logit < Dormant ? 0 : Math.Exp(logit);
        }
        double logTotal = Math.Log(total);
        Value.AsSpan().Clear();
        for (int k = 0; k < count; k++)
        {
            logits[k] -= logTotal;
            double r = Responsibilities[k] /= total;
            if (r > 0) AddSlope(k, r, Value);
        }
        Centre(contrasts);
        BoundErrors(zeta, pointError);
    }

    private double TiedLogit(int k, double zeta, ReadOnlySpan<double> z, double norm)
    {
        double mean = _mixture.MeanNorms[k], linear = zeta * Vectors.Dot(z, _mixture.Means[k]), quadratic = 0.5 * zeta * zeta * mean * mean;
        SlopeBounds[k] = mean;
        _logitErrors[k] = RoundOff.Unit * (_mixture.Conditioning[k] * (zeta * norm * mean + quadratic) + 2 * Math.Abs(_mixture.LogWeights[k]))
            + zeta * (norm + Outside + zeta * mean) * _mixture.MeanErrors[k];
        return _mixture.LogWeights[k] + linear - quadratic;
    }

    private double Logit(int k, double zeta, ReadOnlySpan<double> z, double norm)
    {
        int d = z.Length;
        double[] offsets = _mixture.Offsets[k], mean = _mixture.AxisMeans[k];
        _mixture.ToAxes(k, z, _axisPoint);
        double logDeterminant = 0, logSizes = 0, linear = 0, quadratic = 0, bound = 0, least = 1;
        for (int j = 0; j < d; j++)
        {
            double spread = 1 + zeta * zeta * offsets[j], pull = zeta * offsets[j] * _axisPoint[j];
            double g = (mean[j] + pull) / spread, size = (Math.Abs(mean[j]) + Math.Abs(pull)) / spread;
            // Equal neighbours share a logarithm, the main cost for isotropic components.
            if (j == 0 || offsets[j] != offsets[j - 1])
            {
                int repetitions = 1;
                while (j + repetitions < d && offsets[j + repetitions] == offsets[j]) repetitions++;
                double log = repetitions * Math.Log(spread);
                logDeterminant += log;
                logSizes += Math.Abs(log);
                least = Math.Min(least, spread);
            }
            AxisSlopes[k * d + j] = g;
            linear += _axisPoint[j] * (g + mean[j]);
            quadratic += mean[j] * g;
            bound += size * size;
        }
        bound = Math.Sqrt(bound);
        SlopeBounds[k] = bound;
        double meanNorm = _mixture.MeanNorms[k];
        // Differences 1 + ζ²δ lose 1/least of their bits, and so does everything divided by them.
        _logitErrors[k] = RoundOff.Unit * (_mixture.Conditioning[k] / least * (zeta * norm * (bound + meanNorm) + zeta * zeta * meanNorm * bound + d)
            + (d + 2) * logSizes + 2 * Math.Abs(_mixture.LogWeights[k]));
        return _mixture.LogWeights[k] - 0.5 * logDeterminant + 0.5 * zeta * linear - 0.5 * zeta * zeta * quadratic;
    }

    private void AddSlope(int k, double factor, Span<double> sum)
    {
        int d = sum.Length;
        if (!_mixture.IsTied)
        {
            _mixture.AddFromAxes(k, factor, AxisSlopes.AsSpan(k * d, d), sum);
            return;
        }
        Vectors.AddScaled(factor, _mixture.Means[k], sum);
    }

    private void Centre(bool all)
    {
        int d = _mixture.Dimension;
        double norm = Vectors.Norm(Value);
        for (int k = 0; k < _mixture.Count; k++)
        {
            if (!all && Responsibilities[k] == 0)
            {
                ContrastNorms[k] = SlopeBounds[k] + norm;
                continue;
            }
            Span<double> contrast = Contrasts.AsSpan(k * d, d);
            contrast.Clear();
            AddSlope(k, 1, contrast);
            Vectors.AddScaled(-1, Value, contrast);
            ContrastNorms[k] = Vectors.Norm(contrast);
        }
    }

    /// <summary>
    /// |fl(m) - m| ≤ Σ r_k expm1(ε_k + Σ r_j ε_j + (K + 4)u)|g_k - m| + Σ r_k |fl(g_k) - g_k| + (K + 3)u Σ r_k|g_k|, ε_k the errors of
    /// the logits: if the exponents of a softmax err by ε, each weight errs by that factor.
    /// </summary>
    private void BoundErrors(double zeta, double pointError)
    {
        int count = _mixture.Count;
        double mean = 0, slopes = 0, slopeErrors = 0, farthest = 0;
        for (int k = 0; k < count; k++)
        {
            double r = Responsibilities[k], stretch = 0, slopeError = _mixture.MeanErrors[k];
            if (!_mixture.IsTied)
            {
                double least = 1 + zeta * zeta * Math.Min(0, _mixture.MinOffset[k]);
                stretch = zeta * Math.Max(Math.Abs(CanonicalMixture.Relative(_mixture.MinOffset[k], zeta)),
                    Math.Abs(CanonicalMixture.Relative(_mixture.MaxOffset[k], zeta)));
                slopeError = _mixture.Conditioning[k] / least * RoundOff.Unit * SlopeBounds[k];
            }
            _logitErrors[k] += zeta * (ContrastNorms[k] + stretch * pointError) * pointError;
            mean += r * _logitErrors[k];
            slopes += r * SlopeBounds[k];
            slopeErrors += r * (slopeError + stretch * pointError);
            farthest = Math.Max(farthest, ContrastNorms[k]);
        }
        double error = slopeErrors + (count + 3) * RoundOff.Unit * slopes + count * farthest * (Math.Exp(Dormant) + 8 * RoundOff.Tiny);
        for (int k = 0; k < count; k++)
        {
            LogErrors[k] = RoundOff.Slack * (_logitErrors[k] + mean + (count + 4) * RoundOff.Unit);
            error += Responsibilities[k] * MaxExpm1(LogErrors[k]) * ContrastNorms[k];
        }
        ValueError = RoundOff.Slack * error;
    }

    /// <summary>An upper bound on e^x - 1 for x ≥ 0 that keeps its digits for small x.</summary>
    private static double MaxExpm1(double x) => x < 0.01 ? x * (1 + x) : Math.Exp(x);
}
