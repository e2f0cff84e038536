using System.Numerics;

namespace FlowDsl.Errors.Certification;

/// <summary>The bounds of <see cref="Disc"/> for a tied mixture in lanes, and with them a bound on a path's defect without evaluating it.</summary>
/// <remarks>
/// <para>
/// The computed r_k and φ_{k,n} define a function Q(s) = Σ r_k e^{φ_k(s)} μ_k / Σ r_k e^{φ_k(s)}, φ_k(s) = Σ_{n≥1} φ_{k,n} sⁿ: r and φ are its exact
/// data, whatever rounding went into them. For 0 ≤ s ≤ h ≤ ρ/2 the defect is at most the sum of four parts.
/// </para>
/// <para>
/// 1. What follows the first p coefficients of Q: M θ^p/(1 - θ), θ = h/ρ, by Cauchy's estimate as in <see cref="Disc"/>.
/// </para>
/// <para>
/// 2. The rounding of these p coefficients. The series Ê_n of r e^φ rounds each term p + 4 times at most; as the exact series it is that of an
/// equation with a known residual, and Σ |Ê_n - E_n| hⁿ ≤ 2(p + 6)u r e^{2ω(h)} ≤ 2(p + 6)u r e^{ω(ρ)}, ω(s) = Σ |φ_n| sⁿ. With A = Σ r_k e^{ω_k(ρ)} and
/// X = max |μ_k|, the sums over k and the convolution with the denominator leave a residual of at most (3p + 3K + 24)u A (2X + M), and dividing by the
/// denominator, which is at least D on the disc, multiplies it by at most 1/(D(1 - θ)) ≤ 5 (Cauchy's estimate again, for its reciprocal).
/// </para>
/// <para>
/// 3. What the computed exponents err, at most ε whatever k: it changes the weights by at most e^{2ε} - 1 in all, and their mean by 3εX.
/// </para>
/// <para>
/// 4. The errors of the means, and components left out of Q: with log r_k less than -600, and r_k e^{ω_k(ρ)} at most 1, they have at most r_k e^{ω_k(h)} ≤
/// (r_k · r_k e^{ω_k(ρ)})^½ ≤ e⁻³⁰⁰.
/// </para>
/// </remarks>
internal sealed class LaneDisc
{
    /// <summary>The largest part of a disc that a step may take: the rounding of the series is bounded up to there.</summary>
    public const double MaxShare = 0.5;

    // As in Disc.
    private const double MinDenominator = 0.4;

    // More than all that components left out and results below the normal numbers can add, in units of the data.
    private const double Nothing = 1e-100;

    // Up to here e^{2ε} - 1 ≤ 3ε.
    private const double MaxExponentError = 0.1;

    // The exponential of more would overflow; a component that can rise so far is awake, and the disc too large.
    private const double Overflow = 300;

    private readonly LaneMeans _means;
    private readonly LanePath _path;
    private readonly Vector<double>[] _sizes, _powers = new Vector<double>[LanePath.Terms];
    private Vector<double> _raised;

    public LaneDisc(LaneMeans means, LanePath path) => (_means, _path, _sizes) = (means, path, new Vector<double>[means.Count]);

    /// <summary>ρ.</summary>
    public Vector<double> Radius { get; private set; }

    /// <summary>M.</summary>
    public Vector<double> Supremum { get; private set; }

    /// <summary>1 - D: how much of what a disc may use up this one does.</summary>
    public Vector<double> Excess { get; private set; }

    /// <summary>Σ |P_n| ρⁿ.</summary>
    public Vector<double> PathSize { get; private set; }

    /// <summary>ε: a bound on the errors of all exponents at s in [0, ρ], and by how much the logits are not centred.</summary>
    public Vector<double> ExponentError { get; private set; }

    /// <summary>The size of the points' parts outside the span of the means, which multiplies the errors of the means.</summary>
    public Vector<double> Outside { get; set; }

    /// <summary>A radius with which to begin: where the logits' first terms alone would make the disc full.</summary>
    public Vector<double> Guess()
    {
        Vector<double> sum = Vector<double>.Zero;
        for (int k = 0; k < _means.Count; k++)
        {
            Vector<double> slope = _path.LogitSlopes[_means.Count + k];
            sum += _path.Responsibilities[k] * slope * slope;
        }
        return Vector.SquareRoot(Vector<double>.One / sum);
    }

    /// <summary>Bounds everything on discs; all bits of a lane are set where its disc is not too large.</summary>
    /// <param name="radius">ρ.</param>
    public Vector<long> TryBound(Vector<double> radius)
    {
        Radius = radius;
        LanePath.FillPowers(radius, _powers);
        LaneSums.Majorize(1, _path.LogitSlopes, _powers, _sizes);
        Vector<double> excess = Vector<double>.Zero, movement = Vector<double>.Zero, raisedSum = Vector<double>.Zero, factor = Vector<double>.One / _path.Total;
        for (int k = 0; k < _means.Count; k++)
        {
            Vector<double> omega = _sizes[k], raised = factor * LanePath.Exp(Vector.Min(_path.Exponents[k] + omega, new Vector<double>(Overflow)));
            // e^ω - 1 - ω ≤ ω²e^ω/2 and e^ω - 1 ≤ ωe^ω. Vector.Min hands NaN on, as it must.
            excess += raised * Vector.Min(new Vector<double>(0.5) * omega * omega, Vector<double>.One);
            movement += raised * Vector.Min(omega, Vector<double>.One) * _path.Contrasts[k];
            raisedSum += raised;
        }
        _raised = raisedSum;
        Vector<double> bias = BoundRounding();
        Vector<double> slack = new(RoundOff.Slack);
        Excess = slack * (excess + bias);
        Vector<double> denominator = Vector<double>.One - Excess;
        Supremum = slack * movement / denominator;
        return Vector.GreaterThanOrEqual(denominator, new Vector<double>(MinDenominator)) & Vector.LessThan(ExponentError, new Vector<double>(MaxExponentError))
            & Vector.LessThan(Supremum, new Vector<double>(double.MaxValue));
    }

    /// <summary>A bound on the defect on [0, h].</summary>
    /// <param name="step">h, at most <see cref="MaxShare"/> of the radius.</param>
    public Vector<double> Defect(Vector<double> step)
    {
        Vector<double> theta = step / Radius, power = theta;
        for (int n = 1; n < LanePath.Degree; n++) power *= theta;
        Vector<double> rest = Supremum * power / (Vector<double>.One - theta), size = new(_means.LargestNorm);
        double roundings = 6 * (3 * LanePath.Degree + 3 * _means.Count + 24) * RoundOff.Unit;
        Vector<double> rounding = new Vector<double>(roundings) * (Vector<double>.One + _raised) * (size + size + Supremum);
        Vector<double> tilt = (new Vector<double>(3) * ExponentError + new Vector<double>(Nothing)) * size;
        return new Vector<double>(RoundOff.Slack) * (rest + rounding + tilt + new Vector<double>(_means.LargestError));
    }

    /// <summary>Bounds the errors of exponents, and by how much Σ r_k φ_k and Σ r_k - 1 differ from 0.</summary>
    private Vector<double> BoundRounding()
    {
        int d = _means.Dimension, count = _means.Count;
        Vector<double> reach = _path.Zeta + Radius, norm = new(_means.LargestNorm);
        PathSize = _path.Size(Radius);
        // All terms of all exponents are sums of products whose sizes sum to no more than this.
        Vector<double> size = reach * norm * (PathSize + reach * norm);
        Vector<double> bias = new Vector<double>(4 * (count + 4) * RoundOff.Unit) * (size + Vector<double>.One);
        ExponentError = new Vector<double>(2 * (d + 20) * RoundOff.Unit) * size
            + new Vector<double>((12 * _means.LargestLogWeight + count + 20) * RoundOff.Unit)
            + new Vector<double>(2 * _means.LargestError) * reach * (PathSize + Outside + reach * norm) + bias;
        return bias;
    }
}
