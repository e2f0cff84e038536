using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>A bound on the defect |P'(s) - m(P(s), ζ + s)| of a path on [0, h].</summary>
/// <remarks>
/// The defect is a polynomial q of degree p - 1 plus a remainder that Cauchy's estimate bounds by τ = M θ^p/(1 - θ). It is evaluated at p Chebyshev
/// points, with bounded rounding errors. Interpolation of q at p such points increases the maximum by no more than 1 + (2/π) log p &lt; 3 (Rivlin,
/// 1974). So |q| ≤ 3 (max |defect| + τ) everywhere. This holds for any coefficients of P: errors of the series arithmetic that computed them appear
/// in the defect.
/// </remarks>
internal sealed class PathDefect
{
    private const double Lebesgue = 3;

    private static readonly double[] s_points =
        [.. Enumerable.Range(0, TaylorPath.Degree).Select(i => 0.5 - 0.5 * Math.Cos(Math.PI * (i + 0.5) / TaylorPath.Degree))];

    private readonly TaylorPath _path;
    private readonly CanonicalField _field;
    private readonly double[] _z, _slope, _slopeNorms = new double[TaylorPath.Degree + 1];

    public PathDefect(CanonicalMixture mixture, TaylorPath path)
    {
        (_path, _field) = (path, new CanonicalField(mixture));
        (_z, _slope) = (new double[mixture.Dimension], new double[mixture.Dimension]);
    }

    /// <inheritdoc cref="CanonicalField.Outside"/>
    public double Outside { set => _field.Outside = value; }

    /// <summary>The bound for a step that has a disc.</summary>
    /// <param name="disc">Bounds on a disc of a radius greater than <paramref name="step"/>.</param>
    /// <param name="step">h.</param>
    public double Bound(Disc disc, double step)
    {
        for (int n = 0; n <= TaylorPath.Degree; n++) _slopeNorms[n] = n * _path.Norms[n] / step;
        double slopeRounding = RoundOff.Horner(_slopeNorms, step), pointRounding = RoundOff.Horner(_path.Norms, step), greatest = 0;
        foreach (double point in s_points)
        {
            double s = point * step;
            _path.At(s, _z);
            _path.SlopeAt(s, _slope);
            _field.Evaluate(_path.Zeta + s, _z, pointRounding, false);
            // Math.Max propagates NaN, as it must.
            greatest = Math.Max(greatest, Vectors.Distance(_slope, _field.Value) + _field.ValueError);
        }
        double rest = Rest(disc, step);
        return RoundOff.Slack * (Lebesgue * (greatest + slopeRounding + rest) + rest);
    }

    /// <summary>M θ^p/(1 - θ).</summary>
    public static double Rest(Disc disc, double step)
    {
        double theta = step / disc.Radius, power = 1;
        for (int n = 0; n < TaylorPath.Degree; n++) power *= theta;
        return disc.Supremum * power / (1 - theta);
    }
}
