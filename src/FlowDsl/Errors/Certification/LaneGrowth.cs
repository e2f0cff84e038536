using System.Numerics;

namespace FlowDsl.Errors.Certification;

/// <summary>The bounds of <see cref="BallGrowth"/> for a tied mixture in lanes.</summary>
/// <remarks>
/// λ_max of A = Σ r_k x_k x_kᵀ, x_k = μ_k - m, is bounded by its trace t and its Frobenius norm f, both of which follow from products of means:
/// λ_max ≤ t/n + ((1 - 1/n)(f² - t²/n))^½ for n coordinates (Wolkowicz and Styan, Bounds for eigenvalues using traces, 1980), with equality in two.
/// </remarks>
internal sealed class LaneGrowth
{
    private const int Tries = 4;

    // Exponentials of more are not taken. What is raised so far counts as 1, whatever it is divided by, and a ball that grows so much is none.
    private const double Overflow = 300;

    private readonly LaneMeans _means;
    private readonly LanePath _path;
    private readonly Vector<double>[] _rises, _powers = new Vector<double>[LanePath.Terms];

    public LaneGrowth(LaneMeans means, LanePath path) => (_means, _path, _rises) = (means, path, new Vector<double>[means.Count]);

    /// <summary>λ_max of the covariance of the means at the start of the path.</summary>
    public Vector<double> Variance { get; private set; }

    /// <summary>Takes the variance at the start of a path.</summary>
    public void Start()
    {
        int count = _means.Count;
        double ranks = Math.Min(_means.Dimension, count);
        Vector<double> trace = Vector<double>.Zero, squares = Vector<double>.Zero, valueSquare = _path.ValueSquare;
        ReadOnlySpan<Vector<double>> r = _path.Responsibilities, products = _path.MeanProducts;
        for (int i = 0; i < count; i++)
        {
            Vector<double> sum = Vector<double>.Zero, own = _path.SquaredContrasts[i], offset = valueSquare - products[i];
            ReadOnlySpan<double> row = _means.Products.AsSpan(i * count, i);
            for (int j = 0; j < row.Length; j++)
            {
                Vector<double> product = offset - products[j] + new Vector<double>(row[j]);
                sum += r[j] * product * product;
            }
            trace += r[i] * own;
            squares += r[i] * (sum + sum + r[i] * own * own);
        }
        Vector<double> margin = new(_means.ContrastMargin), slack = new(RoundOff.Slack), share = new(1 / ranks);
        // The trace is an upper bound where it is added, and must be a lower one where its square is subtracted.
        Vector<double> least = Vector.Max(Vector<double>.Zero, (trace - margin - margin) / slack);
        Vector<double> norm = slack * squares + margin * (new Vector<double>(4) * trace + margin);
        Vector<double> spread = slack * new Vector<double>(1 - 1 / ranks) * (norm - least * least * share / slack);
        Variance = slack * Vector.Min(trace, slack * trace * share + Vector.SquareRoot(Vector.Max(Vector<double>.Zero, spread)));
    }

    /// <summary>The radius at s = h of a ball that contains the true solution, or infinity in lanes where none is found.</summary>
    /// <param name="disc">Bounds on a disc.</param>
    /// <param name="step">h, at most <see cref="LaneDisc.MaxShare"/> of the disc's radius.</param>
    /// <param name="radius">The radius at s = 0.</param>
    /// <param name="defect">A bound on the defect on [0, h].</param>
    public Vector<double> Grow(LaneDisc disc, Vector<double> step, Vector<double> radius, Vector<double> defect)
    {
        Vector<double> overflow = new(Overflow), slack = new(RoundOff.Slack), end = _path.Zeta + step, start = radius + defect * step;
        SetRises(disc, step);
        // A ball that is larger than it need be costs little as long as it is small: twice the rate at its centre nearly always does.
        Vector<double> candidate = new Vector<double>(2) * start * LanePath.Exp(Vector.Min(new Vector<double>(2) * Variance * end * step, overflow));
        var grown = new Vector<double>(double.PositiveInfinity);
        for (int i = 0; i < Tries; i++)
        {
            Vector<double> exponent = slack * end * step * VarianceWithin(end * candidate);
            Vector<double> outward = slack * start * LanePath.Exp(Vector.Min(exponent, overflow));
            // The solution starts inside the ball and could leave it only by growing faster than the rate inside allows. An exponent that was cut off
            // says nothing.
            Vector<long> inside = Vector.LessThanOrEqual(outward, candidate) & Vector.LessThan(exponent, overflow);
            grown = Vector.ConditionalSelect(inside, Vector.Min(grown, outward), grown);
            Vector<long> found = Vector.LessThan(grown, new Vector<double>(double.PositiveInfinity));
            if (Vector.EqualsAll(found, Vector<long>.AllBitsSet)) break;
            Vector<double> wider = new Vector<double>(1.5) * Vector.Max(candidate, Vector.Min(outward, new Vector<double>(1000) * candidate));
            candidate = Vector.ConditionalSelect(found, candidate, wider);
        }
        return grown;
    }

    private void SetRises(LaneDisc disc, Vector<double> step)
    {
        LanePath.FillPowers(step, _powers);
        LaneSums.Majorize(2, _path.LogitSlopes, _powers, _rises);
        // A first term that falls does not raise.
        Vector<double> error = new Vector<double>(4) * disc.ExponentError;
        ReadOnlySpan<Vector<double>> first = _path.LogitSlopes.AsSpan(_means.Count, _means.Count);
        for (int k = 0; k < first.Length; k++) _rises[k] += Vector.Max(Vector<double>.Zero, first[k] * step) + error;
    }

    /// <summary>A bound on the variance at all points whose logits have moved as along the path, and by a ball's radius times ζ.</summary>
    private Vector<double> VarianceWithin(Vector<double> reach)
    {
        Vector<double> growth = Vector<double>.Zero, factor = Vector<double>.One / _path.Total, slack = new(RoundOff.Slack);
        // That Σ r_k (μ_k - m) is only nearly 0.
        Vector<double> uncentred = reach * new Vector<double>(16 * (_means.Count + 4) * RoundOff.Unit * _means.LargestNorm);
        for (int k = 0; k < _means.Count; k++)
        {
            Vector<double> rise = slack * (_rises[k] + reach * _path.Contrasts[k] + uncentred);
            // Only what exceeds 1 is cut off.
            Vector<double> raised = slack * factor * LanePath.Exp(Vector.Min(_path.Exponents[k] + rise, new Vector<double>(Overflow)));
            Vector<double> gained = Vector.Min(Vector<double>.One, raised) - _path.Responsibilities[k];
            growth += Vector.Max(Vector<double>.Zero, gained) * _path.SquaredContrasts[k];
        }
        return slack * Vector.Min(Variance + slack * growth, new Vector<double>(0.25 * _means.Diameter * _means.Diameter));
    }
}
