using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Stability;

/// <summary>
/// The sum over pairs of components of a bound on sup r_i r_j |e_i - e_j|², e_k as in <see cref="MixtureField"/>. It bounds sup λ_max Cov_r(e_k) for
/// unequal covariances if no two cross. Data that do not depend on the time are computed once.
/// </summary>
/// <remarks>
/// With P = C_i⁻¹ - C_j⁻¹ positive definite, a²|e_i - e_j|² = |Pw|² and log(r_i/r_j) = δ - ½ wᵀP w around a centre, so the function to maximise is
/// log-concave in ρ = wᵀP w.
/// </remarks>
internal sealed class PairSuprema
{
    // Bounds for crossing pairs: any third component will do, and trying K of them for each of K² pairs would take as long as everything else.
    private const int MaxCandidates = 2048;

    private readonly Mixture _mixture;
    private readonly int _candidatesOfPair;
    private readonly int[] _byWidth;
    private readonly List<(int I, int J)> _equal = [];
    private readonly List<(int Narrow, int Wide, double LogRatio)> _ordered = [];
    private readonly List<List<Outweighed>> _crossing = [];

    public PairSuprema(Mixture mixture, CancellationToken cancellationToken = default)
    {
        _mixture = mixture;
        ImmutableArray<Covariance> covariances = mixture.Covariances;
        _candidatesOfPair = Math.Max(1, 2 * MaxCandidates / (mixture.Count * Math.Max(1, mixture.Count - 1)));
        // The widest first: their responsibilities decay slowest and bound those of others best.
        _byWidth = [.. Enumerable.Range(0, mixture.Count).OrderByDescending(k => covariances[k].MinVariance)];
        bool[,] wider = new bool[mixture.Count, mixture.Count];
        for (int i = 0; i < mixture.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int j = 0; j < mixture.Count; j++)
                wider[i, j] = i != j && PairGeometry.IsWider(covariances[i], covariances[j]);
        }
        for (int i = 0; i < mixture.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int j = 0; j < i; j++)
            {
                if (covariances[i].Equals(covariances[j])) _equal.Add((i, j));
                else if (wider[j, i]) _ordered.Add((i, j, LogRatio(i, j, out _, out _)));
                else if (wider[i, j]) _ordered.Add((j, i, LogRatio(j, i, out _, out _)));
                else _crossing.Add(Outweigh(wider, i, j));
            }
        }
    }

    /// <summary>The number of suprema per value: its cost.</summary>
    public int Terms => _ordered.Count + _crossing.Sum(candidates => candidates.Count);

    /// <summary>The bound at a time.</summary>
    public double At(in ProcessPoint point)
    {
        if (point.A == 0) return 0;
        double[] logDeterminants = new double[_mixture.Count];
        for (int k = 0; k < _mixture.Count; k++)
            foreach (double variance in _mixture.Covariances[k].Variances) logDeterminants[k] += PortableMath.Log(point.Spread(variance));

        double sum = 0;
        var components = new TableComponents(_mixture);
        AxisFunction precision = AxisFunction.Ratio(1, 0, point);
        double[] image = new double[_mixture.Dimension];
        foreach ((int i, int j) in _equal)
        {
            components.Apply(i, precision, Difference(i, j), image);
            sum += 0.25 * Dot(image, image);
        }
        foreach ((int narrow, int wide, double logRatio) in _ordered)
        {
            // |e_i - e_j|² = |Pw|²/a² ≤ λ_max(P) ρ/a², and PrecisionDifference is λ_max(P)/a².
            sum += PairGeometry.PrecisionDifference(_mixture.Covariances[narrow], _mixture.Covariances[wide], point)
                * MaxProduct(logRatio - 0.5 * (logDeterminants[narrow] - logDeterminants[wide]), 0, 1);
        }
        foreach (List<Outweighed> candidates in _crossing)
        {
            double least = double.PositiveInfinity;
            foreach (Outweighed candidate in candidates)
            {
                // Away from the centre by w the difference grows by at most ‖C_i⁻¹ - C_j⁻¹‖ |w|/a, and |w|² ≤ ρ/λ_min(P),
                // where P⁻¹ = C_i + C_i (C_k - C_i)⁻¹ C_i.
                Covariance covariance = _mixture.Covariances[candidate.I];
                components.Apply(candidate.J, precision, candidate.Offset, image);
                double widest = point.Spread(covariance.MaxVariance), ratio = widest / point.A;
                double slope = point.A * PairGeometry.PrecisionDifference(covariance, _mixture.Covariances[candidate.J], point)
                    * Math.Sqrt(widest + ratio * ratio * candidate.InverseTrace);
                double centre = candidate.LogRatio - 0.5 * (logDeterminants[candidate.I] - logDeterminants[candidate.K]);
                least = Math.Min(least, MaxProduct(centre, Math.Sqrt(Dot(image, image)), slope));
            }
            sum += least;
        }
        return sum;
    }

    /// <summary>
    /// Bounds for two crossing covariances: one of them, say i, is narrower than that of a third component k, and r_i r_j ≤ r_i (1 - r_i) decays in
    /// all directions because r_i/r_k does.
    /// </summary>
    private List<Outweighed> Outweigh(bool[,] wider, int first, int second)
    {
        var candidates = new List<Outweighed>();
        foreach (int k in _byWidth)
        {
            if (candidates.Count >= _candidatesOfPair) break;
            if (wider[k, first]) Add(first, second);
            if (wider[k, second]) Add(second, first);

            void Add(int i, int j)
            {
                // At the centre, where u_i = u_k = g/a, g = (Σ_k - Σ_i)⁻¹(μ_i - μ_k): e_j - e_i = C_j⁻¹(μ_j - μ_i + (Σ_j - Σ_i) g).
                double logRatio = LogRatio(i, k, out double[] g, out double trace);
                double[] offset = new double[_mixture.Dimension], difference = Difference(j, i);
                new TableComponents(_mixture).ApplyDifference(j, i, g, offset);
                for (int c = 0; c < offset.Length; c++) offset[c] += difference[c];
                candidates.Add(new Outweighed(i, j, k, logRatio, offset, trace));
            }
        }
        return candidates;
    }

    /// <summary>
    /// The part of max log(r_i/r_j), Σ_i narrower than Σ_j, that does not depend on t: at u_i = u_j it is
    /// log(w_i/w_j) - ½ log(det C_i/det C_j) + ½ (μ_i - μ_j)ᵀ(Σ_j - Σ_i)⁻¹(μ_i - μ_j).
    /// </summary>
    private double LogRatio(int i, int j, out double[] solved, out double inverseTrace)
    {
        double[] difference = Difference(i, j);
        solved = (double[])difference.Clone();
        inverseTrace = SolveGap(_mixture.Covariances[i], _mixture.Covariances[j], solved);
        return _mixture.LogWeights[i] - _mixture.LogWeights[j] + 0.5 * Dot(difference, solved);
    }

    /// <summary>
    /// sup over ρ ≥ 0 of s(1 - s)(offset + slope √ρ)², s = min(½, 1/(1 + exp(ρ/2 - centre))); with no offset, of
    /// s(1 - s) slope² ρ for the logistic s itself as well, whose maximum has s ≤ ½.
    /// </summary>
    private static double MaxProduct(double centre, double offset, double slope)
    {
        // Up to ρ = 2 centre the product grows. Beyond it, with ρ = start + w, it is log-concave, and the derivative of its
        // logarithm, slope/(√ρ (offset + slope √ρ)) - ½ tanh(z/2) ≤ 1/ρ - ½ tanh(w/4), is negative at w = 4.
        double start = 2 * Math.Max(centre, 0), deficit = Math.Max(-centre, 0), low = 0, high = 4;
        for (int step = 0; step < 50; step++)
        {
            double middle = 0.5 * (low + high), root = Math.Sqrt(start + middle), e = PortableMath.Exp(-Argument(middle));
            if (slope / (root * (offset + slope * root)) > 0.5 * (1 - e) / (1 + e)) low = middle;
            else high = middle;
        }
        double exponential = PortableMath.Exp(-Argument(high)), difference = offset + slope * Math.Sqrt(start + high);
        return exponential / ((1 + exponential) * (1 + exponential)) * difference * difference;

        // z = ρ/2 - centre, without the subtraction.
        double Argument(double w) => deficit + 0.5 * w;
    }

    /// <summary>Replaces v by (Σ_wide - Σ_narrow)⁻¹v; returns the trace of the inverse, a bound on its norm.</summary>
    private static double SolveGap(Covariance narrow, Covariance wide, double[] v)
    {
        int d = v.Length;
        double trace = 0;
        if (narrow.Basis is null && wide.Basis is null)
        {
            for (int c = 0; c < d; c++)
            {
                double gap = wide.Variances[c] - narrow.Variances[c];
                v[c] /= gap;
                trace += 1 / gap;
            }
            return trace;
        }
        double[] factor = PairGeometry.TryCholesky(wide, narrow)!, unit = new double[d];
        SymmetricMatrix.Solve(factor, v);
        for (int c = 0; c < d; c++)
        {
            Array.Clear(unit, 0, d);
            unit[c] = 1;
            SymmetricMatrix.Solve(factor, unit);
            trace += unit[c];
        }
        return trace;
    }

    private double[] Difference(int i, int j)
    {
        double[] difference = new double[_mixture.Dimension];
        for (int c = 0; c < difference.Length; c++) difference[c] = _mixture.Means[i][c] - _mixture.Means[j][c];
        return difference;
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int c = 0; c < left.Length; c++) sum += left[c] * right[c];
        return sum;
    }

    /// <param name="I">i, the narrower one.</param>
    /// <param name="J">j, which crosses it.</param>
    /// <param name="K">k, wider than i.</param>
    /// <param name="LogRatio">The part of max log(r_i/r_k) that does not depend on t.</param>
    /// <param name="Offset">C_j (e_j - e_i) at the centre of i and k.</param>
    /// <param name="InverseTrace">tr (Σ_k - Σ_i)⁻¹.</param>
    private sealed record Outweighed(int I, int J, int K, double LogRatio, double[] Offset, double InverseTrace);
}
