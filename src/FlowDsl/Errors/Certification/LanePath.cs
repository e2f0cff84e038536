using System.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>The polynomials of <see cref="TaylorPath"/> for a tied mixture, one in each lane: every lane has its own point and its own ζ.</summary>
/// <remarks>
/// <para>
/// All g_k = μ_k, so that φ_k along P has degree p + 1, and these coefficients are all of it. Logits are only ever used as slopes: n φ_n is what
/// the series of the exponentials takes, and what remains is divided by n where it is needed.
/// </para>
/// <para>
/// No lane looks at another, so what a lane computes depends neither on its neighbours nor on how many there are.
/// </para>
/// </remarks>
internal sealed class LanePath
{
    /// <summary>The degree p of P.</summary>
    public const int Degree = 12;

    /// <summary>The number of coefficients of a logit, the first of which is not used.</summary>
    public const int Terms = Degree + 2;

    // The exponential of less is taken as 0. Half of it is still nothing, see LaneDisc.
    private const double Dormant = -600;

    private static readonly Vector<double>[] s_reciprocals = [.. Enumerable.Range(0, Terms).Select(n => new Vector<double>(1.0 / Math.Max(n, 1)))];

    private readonly LaneMeans _means;
    private readonly Vector<double>[] _exponentials, _totals, _values;
    private Vector<double>[] _products, _nextProducts;

    public LanePath(LaneMeans means)
    {
        _means = means;
        int count = means.Count, d = means.Dimension;
        (Coefficients, Norms) = (new Vector<double>[(Degree + 1) * d], new Vector<double>[Degree + 1]);
        (Exponents, Responsibilities) = (new Vector<double>[count], new Vector<double>[count]);
        (LogitSlopes, MeanProducts) = (new Vector<double>[count * Terms], new Vector<double>[count]);
        (SquaredContrasts, Contrasts) = (new Vector<double>[count], new Vector<double>[count]);
        (_exponentials, _totals) = (new Vector<double>[count * Degree], new Vector<double>[Degree]);
        (_values, _products, _nextProducts) = (new Vector<double>[Degree * d], new Vector<double>[count], new Vector<double>[count]);
    }

    /// <summary>ζ at s = 0.</summary>
    public Vector<double> Zeta { get; private set; }

    /// <summary>P_n, d values each. The first is where to expand.</summary>
    public Vector<double>[] Coefficients { get; }

    /// <summary>|P_n|.</summary>
    public Vector<double>[] Norms { get; }

    /// <summary>The logits less the greatest: log r_k + log <see cref="Total"/>.</summary>
    public Vector<double>[] Exponents { get; }

    /// <summary>The sum of the exponentials of <see cref="Exponents"/>.</summary>
    public Vector<double> Total { get; private set; }

    /// <summary>r_k.</summary>
    public Vector<double>[] Responsibilities { get; }

    /// <summary>n φ_{k,n}, centred: for each of <see cref="Terms"/> one value per component.</summary>
    public Vector<double>[] LogitSlopes { get; }

    /// <summary>μ_k·m, m = Σ r_k μ_k.</summary>
    public Vector<double>[] MeanProducts { get; }

    /// <summary>|m|².</summary>
    public Vector<double> ValueSquare { get; private set; }

    /// <summary>Bounds on |μ_k - m|².</summary>
    public Vector<double>[] SquaredContrasts { get; }

    /// <summary>Bounds on |μ_k - m|.</summary>
    public Vector<double>[] Contrasts { get; }

    /// <summary>e^x for x up to 700. A result below 2⁻¹⁰⁰⁰ counts as that: a bound from above remains one.</summary>
    public static Vector<double> Exp(Vector<double> x) => SimdMath.Exp2(x * new Vector<double>(1.4426950408889634));

    /// <summary>sⁿ/n for all terms.</summary>
    public static void FillPowers(Vector<double> s, Span<Vector<double>> powers)
    {
        Vector<double> power = s;
        for (int n = 1; n < Terms; n++)
        {
            powers[n] = power * s_reciprocals[n];
            power *= s;
        }
    }

    /// <summary>Expands from the first of <see cref="Coefficients"/>.</summary>
    /// <param name="zeta">ζ.</param>
    public void Expand(Vector<double> zeta)
    {
        Zeta = zeta;
        Vector<double> square = Vector<double>.Zero;
        for (int j = 0; j < _means.Dimension; j++) square += Coefficients[j] * Coefficients[j];
        Norms[0] = Vector.SquareRoot(square);
        Start();
        for (int n = 0; n < Degree; n++)
        {
            if (n > 0) AddExponentials(n);
            AddValue(n);
            AddLogits(n + 1);
            if (n == 0) Contrast();
        }
        AddLogits(Degree + 1);
    }

    /// <summary>P(s).</summary>
    public void At(Vector<double> s, Span<Vector<double>> z)
    {
        int d = z.Length;
        for (int j = 0; j < d; j++)
        {
            Vector<double> sum = Coefficients[Degree * d + j];
            for (int n = Degree - 1; n >= 0; n--) sum = Vector.MultiplyAddEstimate(sum, s, Coefficients[n * d + j]);
            z[j] = sum;
        }
    }

    /// <summary>Σ |P_n| sⁿ.</summary>
    public Vector<double> Size(Vector<double> s)
    {
        Vector<double> sum = Norms[Degree];
        for (int n = Degree - 1; n >= 0; n--) sum = sum * s + Norms[n];
        return sum;
    }

    private void Start()
    {
        var greatest = new Vector<double>(double.NegativeInfinity);
        LaneSums.Multiply(_means.Coordinates, Coefficients.AsSpan(0, _means.Dimension), _products);
        for (int k = 0; k < _means.Count; k++)
        {
            Vector<double> logit = new Vector<double>(_means.LogWeights[k]) + Zeta * (_products[k] - Zeta * new Vector<double>(0.5 * _means.Squares[k]));
            Exponents[k] = logit;
            greatest = Vector.Max(greatest, logit);
        }
        Vector<double> total = Vector<double>.Zero;
        for (int k = 0; k < _means.Count; k++)
        {
            Vector<double> exponent = Exponents[k] -= greatest;
            total += Responsibilities[k] = SimdMath.KeepIfLess(new Vector<double>(Dormant), exponent, Exp(exponent));
        }
        Total = total;
        Vector<double> factor = Vector<double>.One / total;
        for (int k = 0; k < _means.Count; k++) _exponentials[k] = Responsibilities[k] *= factor;
    }

    private void AddExponentials(int n)
    {
        Span<Vector<double>> terms = _exponentials.AsSpan(n * _means.Count, _means.Count);
        LaneSums.Convolve(n, LogitSlopes, _exponentials, terms);
        Vector<double> total = Vector<double>.Zero, share = s_reciprocals[n];
        for (int k = 0; k < terms.Length; k++) total += terms[k] *= share;
        _totals[n] = total;
    }

    private void AddValue(int n)
    {
        int d = _means.Dimension, count = _means.Count;
        Span<Vector<double>> values = _values.AsSpan(n * d, d), next = Coefficients.AsSpan((n + 1) * d, d);
        LaneSums.Multiply(_means.Values, _exponentials.AsSpan(n * count, count), values);
        ReadOnlySpan<Vector<double>> totals = _totals.AsSpan(0, n + 1), earlier = _values.AsSpan(0, n * d);
        Vector<double> share = s_reciprocals[n + 1], square = Vector<double>.Zero;
        for (int j = 0; j < next.Length; j++)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int i = 1, at = (n - 1) * d + j; i < totals.Length; i++, at -= d) sum = Vector.MultiplyAddEstimate(totals[i], earlier[at], sum);
            Vector<double> value = values[j] -= sum, coefficient = next[j] = value * share;
            square = Vector.MultiplyAddEstimate(coefficient, coefficient, square);
        }
        Norms[n + 1] = Vector.SquareRoot(square);
        if (n == 0) ValueSquare = square;
    }

    private void AddLogits(int n)
    {
        int d = _means.Dimension, count = _means.Count;
        Vector<double> mean = Vector<double>.Zero, zeta = Zeta, factor = new(n);
        Span<Vector<double>> slopes = LogitSlopes.AsSpan(n * count, count), products = _products, nextProducts = _nextProducts;
        ReadOnlySpan<Vector<double>> r = Responsibilities;
        if (n <= Degree) LaneSums.Multiply(_means.Coordinates, Coefficients.AsSpan(n * d, d), nextProducts);
        else nextProducts.Clear();
        // The square's part of φ is -½(ζ + s)²|μ_k|².
        Vector<double> share = n == 1 ? zeta : n == 2 ? new Vector<double>(0.5) : Vector<double>.Zero;
        ReadOnlySpan<double> squares = _means.Squares;
        for (int k = 0; k < slopes.Length; k++)
        {
            Vector<double> logit = Vector.MultiplyAddEstimate(zeta, nextProducts[k], products[k] - share * new Vector<double>(squares[k]));
            slopes[k] = logit;
            mean = Vector.MultiplyAddEstimate(r[k], logit, mean);
        }
        for (int k = 0; k < slopes.Length; k++) slopes[k] = factor * (slopes[k] - mean);
        (_products, _nextProducts) = (_nextProducts, _products);
    }

    private void Contrast()
    {
        var margin = new Vector<double>(_means.ContrastMargin);
        for (int k = 0; k < _means.Count; k++)
        {
            Vector<double> product = MeanProducts[k] = _products[k];
            SquaredContrasts[k] = Vector.Max(Vector<double>.Zero, new Vector<double>(_means.Squares[k]) - product - product + ValueSquare) + margin;
            Contrasts[k] = Vector.SquareRoot(SquaredContrasts[k]);
        }
    }
}
