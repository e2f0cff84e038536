using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.ScoreNetworks;

/// <summary>The errors of a score network's parts, and a bound on the resulting error of the score.</summary>
/// <remarks>
/// <para>
/// With y_k = C_k^{-1/2}(x - aμ_k), u_k = -C_k⁻¹(x - aμ_k) and the responsibilities r, s = Σ r_k u_k; the network computes Σ r̂_k û_k with logits
/// that are wrong by Δ_k. Because p_t r_k = w_k N_k, an average over responsibilities is an average over the components' own laws: ‖Σ r_k
/// f_k‖_{L^q(p_t)} ≤ (Σ w_k E_{N_k}|f_k|^q)^{1/q}, where y_k is standard normal. All bounds have this form, so samples far from a component do not
/// count against it.
/// </para>
/// <para>
/// The network's exponential of t is exact at a time that is earlier by a relative θ; its reciprocals of variances have the relative error η and
/// their logarithms the error ε_log. Hence |Δ_k| ≤ A₂|y|² + A₁|y| + A₀ and |û_k - u_k| ≤ (V₁|y| + V₀)/√λ, with A and V of first order in these.
/// Hölder's inequality with three factors then gives ‖Σ (r̂ - r)u‖_p ≤ 2 E² (A₂G² + A₁G + A₀) G/√λ and the like, G the moments of |y| and E = ‖e^{|Δ|}‖ ≈ 1.
/// </para>
/// <para>
/// The softmax's own errors: exponentials too large by a relative ρ and no smaller than e^{-B}, and a reciprocal of the sum with the relative error
/// η_S. With one covariance at one time, the error of the score is then at most max|C⁻¹a(μ_k - c)|(2ρ + 2(K - 1)e^{-B} + η_S) for every x.
/// </para>
/// <para>Bounds over a range of times use short intervals, each with the extremes of a and of the variances in it.</para>
/// </remarks>
internal sealed class ScoreNetworkBound
{
    // The intervals of the range of times, shorter towards its beginning.
    private const int Intervals = 128;

    /// <summary>The relative error of a variance due to that of the exponential of t.</summary>
    public const double MaxGrowth = 0.01;

    private readonly Mixture _mixture;
    private readonly ScoreNetworkOptions _options;
    private readonly Interval[] _intervals;
    private readonly double _radius, _meanReach, _corner;
    private readonly double _g, _g3, _g6, _g12;

    public ScoreNetworkBound(Mixture mixture, Process process, ScoreNetworkOptions options)
    {
        (_mixture, _options) = (mixture, options);
        double[] variances = ScoreNetworkDesign.Variances(mixture);
        double[] centre = Centre(mixture);
        _radius = mixture.Means.Max(mean => Length(mean.Select((value, j) => value - centre[j])));
        _meanReach = mixture.Means.Max(mean => Length(mean));
        // One covariance: the smallest coordinates along its axes, from which responsibilities are summed.
        if (mixture.HasSharedCovariance) _corner = Length(Corner(centre));
        double from = options.Time ?? process.EarlyStop, to = options.Time ?? process.Horizon;
        int count = options.Time is null ? Intervals : 1;
        double[] times = [.. Enumerable.Range(0, count + 1).Select(i => from + (to - from) * ((double)i / count) * ((double)i / count) * ((double)i / count))];
        times[count] = to;
        _intervals = [.. Enumerable.Range(0, count).Select(i => new Interval(process, variances, times[i], times[i + 1]))];
        if (double.IsInfinity(options.P)) return;
        double p = options.P;
        (_g, _g3, _g6, _g12) =
            (Moment(mixture.Dimension, p), Moment(mixture.Dimension, 3 * p), Moment(mixture.Dimension, 6 * p), Moment(mixture.Dimension, 12 * p));
    }

    /// <summary>Whether the bound holds for every x, and not only in the mean over the law of x.</summary>
    public bool IsUniform => _options.Time is not null && _mixture.HasSharedCovariance && _mixture.Count > 1;

    /// <summary>The centre of the means, the origin of the networks' coordinates.</summary>
    public static double[] Centre(Mixture mixture)
        // If all means share a coordinate, it is the centre's: their average would round.
        => [.. Enumerable.Range(0, mixture.Dimension).Select(j => mixture.Means
            .All(mean => mean[j] == mixture.Means[0][j]) ? mixture.Means[0][j] : mixture.Means.Average(mean => mean[j]))];

    /// <summary>The bound of the score's error.</summary>
    public double Of(ScoreNetworkErrors errors)
    {
        if (_mixture.Count == 1 && errors.Time == 0 && errors.Inverse == 0) return 0;
        return _intervals.Max(interval => IsUniform ? Uniform(errors, interval) : Mean(errors, interval));
    }

    /// <summary>An estimate of the rounding error: in the logits, and in the products at the end.</summary>
    public double Rounding()
    {
        const double unit = 1.2e-16;
        double g = Moment(_mixture.Dimension, 2), clip = 40;
        // A reciprocal's rounding is relative to its largest possible value.
        double least = _intervals.Min(interval => interval.Least);
        return _intervals.Max(interval =>
        {
            double reach = 2 * interval.A * _radius + Math.Sqrt(interval.Greatest) * g, deviation = Math.Sqrt(interval.Least);
            double logits = _mixture.Count == 1 ? 0 : reach * reach / interval.Least + clip;
            return unit * (2 * logits * g / deviation + 16 * reach / least);
        });
    }

    private double Uniform(ScoreNetworkErrors errors, Interval interval)
    {
        double[] centre = Centre(_mixture);
        double reach = _mixture.Means.Max(mean
            => Length(Along(mean, centre).Select((value, i) => value * interval.A / interval.Spread(_mixture.Covariances[0].Variances[i]))));
        double clip = errors.Clip * (1 + errors.Exponential);
        return reach * (2 * errors.Exponential + 2 * (_mixture.Count - 1) * clip + errors.Sum);
    }

    private double Mean(ScoreNetworkErrors errors, Interval interval)
    {
        double p = _options.P, d = _mixture.Dimension, deviation = Math.Sqrt(interval.Least);
        double time = -PortableMath.Log1p(-errors.Time), growth = interval.VarianceRate * time, moved = interval.SignalRate * _meanReach * time / deviation;
        if (growth > MaxGrowth / 2) return double.PositiveInfinity;
        double stretch = PortableMath.Exp(growth), stretched = PortableMath.Expm1(growth), inverse = errors.Inverse * stretch;
        double second = 0.5 * stretched + inverse;
        double first = stretch * moved;
        double zeroth = 0.5 * d * growth + (0.5 * stretch + inverse) * moved * moved + 0.5 * d * errors.Logarithm + PortableMath.Log1p(errors.Exponential);
        double exponent = 12 * p * (second + first);
        if (exponent >= 0.5) return double.PositiveInfinity;
        double power = PortableMath.Exp(0.25 * first + zeroth - d / (12 * p) * PortableMath.Log1p(-exponent));
        double logits = second * _g12 * _g12 + first * _g6 + zeroth;
        double linear = stretched + inverse, constant = stretch * moved * (1 + errors.Inverse);

        double total = power * power * (linear * _g3 + constant) / deviation;
        if (_mixture.Count == 1) return total;
        total += 2 * power * power * logits * _g3 / deviation;
        double clip = errors.Clip * (1 + errors.Exponential), radius = 2 * interval.A * _radius;
        double own = power * power * ((1 + linear) * _g3 + constant) / deviation;
        double shift = interval.SignalRate * _meanReach * time;
        total += (errors.Sum + (_mixture.Count - 1) * clip) * own;
        total += clip * _mixture.Count * stretch * (radius + Math.Sqrt(interval.Greatest) * _g + shift) / interval.Least;
        // With one covariance, the rest of the responsibilities to 1 is put at the corner.
        if (_mixture.HasSharedCovariance)
            total += errors.Sum * stretch * (interval.A * (_radius + _corner) + Math.Sqrt(interval.Greatest) * _g + shift) / interval.Least;
        return total;
    }

    /// <summary>(E|z|^q)^{1/q} for z standard normal in d dimensions, or that of the next even q, which is larger.</summary>
    internal static double Moment(int dimension, double q)
    {
        int half = (int)Math.Ceiling(0.5 * q - 1e-12);
        double logarithm = 0;
        for (int i = 0; i < half; i++) logarithm += PortableMath.Log(dimension + 2 * i);
        return PortableMath.Exp(logarithm / (2 * half));
    }

    // Coordinates relative to the centre of the means, along the axes of the shared covariance.
    private double[] Along(ImmutableArray<double> mean, double[] centre)
    {
        int d = centre.Length;
        return _mixture.Covariances[0].Basis is not { } basis
            ? [.. mean.Select((value, j) => value - centre[j])]
            : [.. Enumerable.Range(0, d).Select(axis => Enumerable.Range(0, d).Sum(j => basis[j * d + axis] * (mean[j] - centre[j])))];
    }

    private double[] Corner(double[] centre)
        => [.. Enumerable.Range(0, centre.Length).Select(axis => _mixture.Means.Min(mean => Along(mean, centre)[axis]))];

    private static double Length(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    /// <summary>Extremes over an interval of times.</summary>
    private sealed class Interval
    {
        private readonly double _a2, _s2;

        public Interval(Process process, double[] variances, double from, double to)
        {
            // Signal falls and noise grows in every process.
            ProcessPoint first = process.At(from), last = process.At(to);
            (A, _a2, _s2) = (first.A, last.A * last.A, first.S2);
            Least = variances.Min(Spread);
            Greatest = variances.Max(variance => first.A * first.A * variance + last.S2);
            double least = _a2, noise = _s2;
            // |t dλ/dt|/λ and |t da/dt| of the exponential of t; other processes need none.
            (VarianceRate, SignalRate) = process.Match(Exponential, _ => (0.0, 0.0), _ => (0.0, 0.0), _ => (0.0, 0.0));

            (double, double) Exponential(OrnsteinUhlenbeckProcess ou)
            {
                double stationary = ou.Sigma * ou.Sigma;
                return (
                    variances.Max(variance => 2 * ou.Beta * to * first.A * first.A * Math.Abs(variance - stationary) / (least * variance + noise)),
                    ou.Beta * to * first.A);
            }
        }

        /// <summary>The largest a.</summary>
        public double A { get; }

        /// <summary>The smallest variance of a component along any axis.</summary>
        public double Least { get; }

        /// <summary>The largest.</summary>
        public double Greatest { get; }

        public double VarianceRate { get; }

        public double SignalRate { get; }

        /// <summary>The smallest a²σ² + s².</summary>
        public double Spread(double variance) => _a2 * variance + _s2;
    }
}

/// <summary>The errors of a score network's parts.</summary>
/// <param name="Time">θ, of the exponential of t.</param>
/// <param name="Inverse">η, of the reciprocals of variances.</param>
/// <param name="Logarithm">ε_log, of the logarithms of variances.</param>
/// <param name="Exponential">ρ, of the exponentials of logits.</param>
/// <param name="Clip">e^{-B}.</param>
/// <param name="Sum">η_S, of the reciprocal of the sum.</param>
internal sealed record ScoreNetworkErrors(double Time = 0, double Inverse = 0, double Logarithm = 0, double Exponential = 0, double Clip = 0, double Sum = 0);
