using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>
/// A polynomial P(s) = Σ P_n sⁿ that follows the flow from a point, and the Taylor coefficients of the whole right-hand side along it, by power
/// series arithmetic (Moore, Interval Analysis, 1966, chapter 11) in the canonical chart.
/// </summary>
/// <remarks>
/// With c = δ/(1 + ζ²δ) along a principal axis and subscripts for coefficients, the definitions (1) and (2) of
/// <see cref="CanonicalMixture"/> give for n ≥ 1, with the mean term of g in g_0 only,
/// <code>
/// g_n = c (ζP_n + P_{n-1} - 2ζ g_{n-1} - g_{n-2})
/// φ_n = ½(ζQ_n + Q_{n-1}) - ½ μ·(ζ²g_n + 2ζg_{n-1} + g_{n-2}) + ½ Σ_axes σ_n/n,   Q = P·(g + μ)
/// σ_n = -c (2ζσ_{n-1} + σ_{n-2}),  σ_0 = 2            (power sums of the inverse roots of 1 + c(2ζs + s²))
/// n E_n = Σ_{m≤n} m φ_m E_{n-m},  E_0 = r             (E = r exp(φ - φ_0))
/// m_n = Σ_k (E g)_n - Σ_{i≥1} (ΣE)_i m_{n-i},   P_{n+1} = m_n/(n + 1)
/// </code>
/// The logits are centred: Σ r_k φ_{k,n} = 0 for n ≥ 1, r the responsibilities at s = 0. Nothing here needs to be accurate: the
/// defect of P is bounded afterwards, whatever its coefficients are.
/// </remarks>
internal sealed class TaylorPath
{
    /// <summary>The degree p of P: a step costs p², and its length scales as tolerance^(1/p).</summary>
    public const int Degree = 12;

    // The series of the right-hand side are kept up to p + 1; for tied mixtures that is all of φ.
    public const int Terms = Degree + 2;

    private readonly CanonicalMixture _mixture;
    private readonly double[] _axisPath, _slopes, _exponentials, _totals, _powerSums, _products, _means, _numerator, _axisNumerator, _values;

    public TaylorPath(CanonicalMixture mixture)
    {
        _mixture = mixture;
        int d = mixture.Dimension, count = mixture.Count;
        Field = new CanonicalField(mixture);
        (Coefficients, Norms) = (new double[(Degree + 1) * d], new double[Degree + 1]);
        Logits = new double[count * Terms];
        (_exponentials, _totals) = (new double[count * (Degree + 1)], new double[Degree + 1]);
        (_numerator, _axisNumerator, _values) = (new double[d], new double[d], new double[(Degree + 1) * d]);
        int general = mixture.IsTied ? 0 : count * Terms;
        (_slopes, _axisPath) = (new double[general * d], new double[mixture.IsTied ? 0 : count * (Degree + 1) * d]);
        (SlopeNorms, PowerSumNorms, _means) = (new double[general], new double[general], new double[general]);
        _products = new double[count * Terms];
        _powerSums = new double[general * d];
    }

    /// <summary>ζ at s = 0.</summary>
    public double Zeta { get; private set; }

    /// <summary>The right-hand side at s = 0.</summary>
    public CanonicalField Field { get; }

    /// <summary>P_n, d values each.</summary>
    public double[] Coefficients { get; }

    /// <summary>|P_n|.</summary>
    public double[] Norms { get; }

    /// <summary>φ_{k,n}, centred, <see cref="Terms"/> values per component; the value at n = 0 is not used.</summary>
    public double[] Logits { get; }

    /// <summary>|g_{k,n}|; empty for a tied mixture, where g is constant.</summary>
    public double[] SlopeNorms { get; }

    /// <summary>Σ_axes |σ_n|; empty for a tied mixture.</summary>
    public double[] PowerSumNorms { get; }

    /// <summary>Expands from a point.</summary>
    /// <param name="zeta">ζ.</param>
    /// <param name="z">P(0).</param>
    public void Expand(double zeta, ReadOnlySpan<double> z)
    {
        int d = _mixture.Dimension, count = _mixture.Count;
        Zeta = zeta;
        z.CopyTo(Coefficients);
        Norms[0] = Vectors.Norm(z);
        Field.Evaluate(zeta, z, 0, true);
        Start();
        for (int n = 0; n <= Degree + 1; n++)
        {
            if (n > 0) AddLogits(n);
            if (n >= Degree) continue;
            if (n > 0) AddExponentials(n);
            AddValue(n);
            Span<double> next = Coefficients.AsSpan((n + 1) * d, d);
            for (int j = 0; j < d; j++) next[j] = _values[n * d + j] / (n + 1);
            Norms[n + 1] = Vectors.Norm(next);
            if (!_mixture.IsTied)
                for (int k = 0; k < count; k++) _mixture.ToAxes(k, next, AxisPath(k, n + 1));
        }
    }

    /// <summary>P(s).</summary>
    public void At(double s, Span<double> z)
    {
        int d = z.Length;
        Coefficients.AsSpan(Degree * d, d).CopyTo(z);
        for (int n = Degree - 1; n >= 0; n--)
            for (int j = 0; j < d; j++) z[j] = z[j] * s + Coefficients[n * d + j];
    }

    /// <summary>P'(s).</summary>
    public void SlopeAt(double s, Span<double> slope)
    {
        int d = slope.Length;
        slope.Clear();
        for (int n = Degree; n >= 1; n--)
            for (int j = 0; j < d; j++) slope[j] = slope[j] * s + n * Coefficients[n * d + j];
    }

    private Span<double> AxisPath(int k, int n) => _axisPath.AsSpan((k * (Degree + 1) + n) * _mixture.Dimension, _mixture.Dimension);

    private Span<double> Slope(int k, int n) => _slopes.AsSpan((k * Terms + n) * _mixture.Dimension, _mixture.Dimension);

    private Span<double> PowerSum(int k, int n) => _powerSums.AsSpan((k * Terms + n) * _mixture.Dimension, _mixture.Dimension);

    private void Start()
    {
        int d = _mixture.Dimension;
        for (int k = 0; k < _mixture.Count; k++)
        {
            _exponentials[k * (Degree + 1)] = Field.Responsibilities[k];
            if (_mixture.IsTied)
            {
                _products[k * Terms] = Vectors.Dot(Coefficients.AsSpan(0, d), _mixture.Means[k]);
                continue;
            }
            Span<double> path = AxisPath(k, 0), slope = Slope(k, 0);
            _mixture.ToAxes(k, Coefficients.AsSpan(0, d), path);
            Field.AxisSlopes.AsSpan(k * d, d).CopyTo(slope);
            PowerSum(k, 0).Fill(2);
            SlopeNorms[k * Terms] = Vectors.Norm(slope);
            PowerSumNorms[k * Terms] = 2 * d;
            double[] mean = _mixture.AxisMeans[k];
            (_products[k * Terms], _means[k * Terms]) = (Vectors.Dot(path, slope) + Vectors.Dot(path, mean), Vectors.Dot(mean, slope));
        }
    }

    private void AddLogits(int n)
    {
        double mean = 0;
        for (int k = 0; k < _mixture.Count; k++)
        {
            double logit = Logits[k * Terms + n] = _mixture.IsTied ? TiedLogit(k, n) : Logit(k, n);
            mean += Field.Responsibilities[k] * logit;
        }
        for (int k = 0; k < _mixture.Count; k++) Logits[k * Terms + n] -= mean;
    }

    private double TiedLogit(int k, int n)
    {
        int d = _mixture.Dimension;
        double square = _mixture.MeanNorms[k] * _mixture.MeanNorms[k];
        double product = _products[k * Terms + n] = n <= Degree ? Vectors.Dot(Coefficients.AsSpan(n * d, d), _mixture.Means[k]) : 0;
        double logit = Zeta * product + _products[k * Terms + n - 1];
        return n switch
        {
            1 => logit - Zeta * square,
            2 => logit - 0.5 * square,
            _ => logit,
        };
    }

    private double Logit(int k, int n)
    {
        int d = _mixture.Dimension;
        double[] mean = _mixture.AxisMeans[k];
        Span<double> slope = Slope(k, n), sums = PowerSum(k, n);
        ReadOnlySpan<double> slope1 = Slope(k, n - 1), slope2 = n > 1 ? Slope(k, n - 2) : default,
            sums1 = PowerSum(k, n - 1), sums2 = n > 1 ? PowerSum(k, n - 2) : default;
        ReadOnlySpan<double> path = n <= Degree ? AxisPath(k, n) : default, path1 = AxisPath(k, n - 1);
        double trace = 0, absoluteTrace = 0;
        for (int j = 0; j < d; j++)
        {
            double c = CanonicalMixture.Relative(_mixture.Offsets[k][j], Zeta);
            double right = path1[j] - 2 * Zeta * slope1[j], sum = 2 * Zeta * sums1[j];
            if (n <= Degree) right += Zeta * path[j];
            if (n > 1)
            {
                right -= slope2[j];
                sum += sums2[j];
            }
            slope[j] = c * right;
            // Newton's identities: the first power sum is the sum of the roots itself, not twice it.
            sums[j] = n == 1 ? -2 * Zeta * c : -c * sum;
            trace += sums[j];
            absoluteTrace += Math.Abs(sums[j]);
        }
        SlopeNorms[k * Terms + n] = Vectors.Norm(slope);
        PowerSumNorms[k * Terms + n] = absoluteTrace;

        double product = n <= Degree ? Vectors.Dot(path, mean) : 0;
        for (int i = Math.Min(n, Degree); i >= 0; i--) product += Vectors.Dot(AxisPath(k, i), Slope(k, n - i));
        Span<double> products = _products.AsSpan(k * Terms, Terms), means = _means.AsSpan(k * Terms, Terms);
        (products[n], means[n]) = (product, Vectors.Dot(mean, slope));
        double second = Zeta * Zeta * means[n] + 2 * Zeta * means[n - 1] + (n > 1 ? means[n - 2] : 0);
        return 0.5 * (Zeta * products[n] + products[n - 1] - second + trace / n);
    }

    private void AddExponentials(int n)
    {
        double total = 0;
        for (int k = 0; k < _mixture.Count; k++)
        {
            if (Field.Responsibilities[k] == 0) continue;
            Span<double> series = _exponentials.AsSpan(k * (Degree + 1), Degree + 1), logits = Logits.AsSpan(k * Terms, Terms);
            double sum = 0;
            for (int m = 1; m <= n; m++) sum += m * logits[m] * series[n - m];
            total += series[n] = sum / n;
        }
        _totals[n] = total;
    }

    private void AddValue(int n)
    {
        int d = _mixture.Dimension;
        if (n == 0)
        {
            Field.Value.CopyTo(_values, 0);
            return;
        }
        // Around m_0: the sums are then of contrasts, and m_0 drops out of the recursion.
        _numerator.AsSpan().Clear();
        for (int k = 0; k < _mixture.Count; k++)
        {
            if (Field.Responsibilities[k] == 0) continue;
            Span<double> series = _exponentials.AsSpan(k * (Degree + 1), Degree + 1);
            ReadOnlySpan<double> contrast = Field.Contrasts.AsSpan(k * d, d);
            Vectors.AddScaled(series[n], contrast, _numerator);
            if (_mixture.IsTied) continue;
            _axisNumerator.AsSpan().Clear();
            for (int i = 0; i < n; i++) Vectors.AddScaled(series[i], Slope(k, n - i), _axisNumerator);
            _mixture.AddFromAxes(k, 1, _axisNumerator, _numerator);
        }
        for (int i = 1; i < n; i++) Vectors.AddScaled(-_totals[i], _values.AsSpan((n - i) * d, d), _numerator);
        _numerator.CopyTo(_values, n * d);
    }
}
