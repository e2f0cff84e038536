using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;
using FlowDsl.Mathematics.Stability;

namespace FlowDsl.Mathematics;

/// <summary>
/// How much the flow of a mixture under a process can stretch: bounds over all x, and the expectation over x ~ p_t.
/// </summary>
/// <remarks>
/// M = -∇v is the Jacobian of the reverse flow. Its eigenvalues lie between ℓ(t) = min(-f) and
/// μ(t) = max(-f) + (g²/2) sup λ_max Cov_r(C_k⁻¹(x - aμ_k)), f the velocity factors of the variances; L = max(|ℓ|, |μ|).
/// For one shared covariance the supremum is attained on a pair of means (Popoviciu): (a²/4) max |C⁻¹(μ_i - μ_j)|².
/// For unequal ones it is bounded by the sum over pairs of the supremum of r_i r_j |u_i - u_j|², which is finite if Σ_i - Σ_j is definite, and
/// infinite if the two covariances cross: then L(t) does not exist.
/// </remarks>
public sealed class StabilityProfile
{
    private readonly Mixture _mixture;
    private readonly Lazy<double> _diameter2;
    private readonly Lazy<SharedIsotropicIntegrals> _closedForm;
    private readonly Lazy<ExpectedStability> _expected;
    private readonly Lazy<int[]?> _crossing;
    private readonly Lazy<PairSuprema> _pairs;
    private readonly Lazy<CumulativeTable> _lipschitz, _oneSided;
    private readonly Lazy<(CumulativeTable Norm, CumulativeTable Growth)> _expectations;
    private readonly Lazy<double?> _speciation;
    private readonly Lazy<RateTable> _bounds;
    private readonly StabilityProfile? _smooth;

    /// <summary>Makes the profile; costly parts are computed on first use.</summary>
    /// <param name="mixture">The data law.</param>
    /// <param name="process">The process.</param>
    /// <param name="cancellationToken">Stops all computations of the profile. Do not use a profile after it was stopped.</param>
    public StabilityProfile(Mixture mixture, Process process, CancellationToken cancellationToken = default)
    {
        (_mixture, Process, CancellationToken) = (mixture, process, cancellationToken);
        _diameter2 = new(() => PairGeometry.Diameter2(mixture));
        _closedForm = new(() => new SharedIsotropicIntegrals(process, mixture.Covariances[0].Variances[0], _diameter2.Value));
        _expected = new(() => new ExpectedStability(mixture, cancellationToken));
        _crossing = new(() => PairGeometry.FindCrossing(mixture, cancellationToken));
        _pairs = new(() => new PairSuprema(mixture, cancellationToken));
        _lipschitz = new(() => CumulativeTable.OverTime(process, mixture, BalanceNodes, t => RegionalRates(t).Lipschitz));
        _oneSided = new(() => CumulativeTable.OverTime(process, mixture, BalanceNodes, t => Math.Max(0, RegionalRates(t).OneSided)));
        _expectations = new(() => CumulativeTable.OverTime(process, mixture, ExpectedNodes, t => _expected.Value.At(process.At(t))));
        _bounds = new(() => new RateTable(CumulativeTable.Nodes(process.EarlyStop, process.Horizon, process, mixture, BalanceNodes), Bounds));
        _speciation = new(() => Speciation.Time(mixture, process, cancellationToken));
        // Integrals of rates do not depend on the clock, and rules for smooth ones lose digits at the kinks of training steps.
        _smooth = process.Smooth is var smooth && smooth != process ? new StabilityProfile(mixture, smooth, cancellationToken) : null;
    }

    // Node counts from the measured error of the resulting step times: 33 leave 0.6 to 1.2 % for the smooth expectation.
    private const int ExpectedNodes = 33;
    private const int BalanceNodes = 129;
    // Within 1 % for a segment that spans six factors of e.
    private const int SegmentNodes = 33;

    // The maximum number of pair suprema for one table of segments, a quarter of a second. Beyond it all segments share one table of rates.
    private const long MaxSuprema = 1 << 17;

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>Stops computations.</summary>
    internal CancellationToken CancellationToken { get; }

    /// <summary>Two components whose covariances cross, so L(t) is infinite; null if there are none.</summary>
    public (int First, int Second)? Crossing => _crossing.Value is [int first, int second] ? (first, second) : null;

    /// <summary>Whether L(t) and its integrals have closed forms.</summary>
    public bool IsClosedForm => _mixture.HasSharedIsotropicCovariance;

    /// <summary>L(t), an upper bound on ‖∇v(x, t)‖₂ over all x; infinite if there is none.</summary>
    /// <param name="t">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t.</exception>
    public double LipschitzBound(double t) => GlobalRates(Defined(t)).Lipschitz;

    /// <summary>μ(t), an upper bound on the eigenvalues of -∇v(x, t) over all x; infinite if there is none.</summary>
    /// <param name="t">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t.</exception>
    public double OneSidedBound(double t) => GlobalRates(Defined(t)).OneSided;

    /// <summary>L over the region |x| ≤ R(t) that holds at least 99.9 % of p_t: finite for every mixture.</summary>
    /// <param name="t">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t.</exception>
    public double RegionalLipschitzBound(double t) => RegionalRates(Defined(t)).Lipschitz;

    /// <summary>E‖∇v(x, t)‖₂ over x ~ p_t.</summary>
    /// <param name="t">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t.</exception>
    public double ExpectedNorm(double t) => _expected.Value.At(Process.At(Defined(t))).Norm;

    /// <summary>
    /// E[λ_max(-∇v(x, t))]⁺ over x ~ p_t: the expected rate at which the reverse flow stretches, along its most stretching direction, counting only
    /// points where it stretches.
    /// </summary>
    /// <param name="t">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t.</exception>
    public double ExpectedGrowth(double t) => _expected.Value.At(Process.At(Defined(t))).Growth;

    /// <summary>
    /// The time at which the modes separate: a²b = a²v + s², b the largest eigenvalue of the covariance of the means and v the mean variance
    /// of the components along its eigenvector (Biroli, Bonnaire, de Bortoli and Mézard, 2024). At larger times p_t has a single mode along that
    /// direction. Null if b ≤ v: the means never separate.
    /// </summary>
    /// <remarks>It may lie outside the process's own times: above the horizon if the modes are apart from the start.</remarks>
    public double? SpeciationTime => _speciation.Value;

    /// <summary>
    /// When the flow amplifies errors: the central interval of times that contains 90 % of ∫ E[λ_max(-∇v)]⁺ dt (5 % lie before it and 5 % after);
    /// null if that integral is below 1e-6, because nothing stretches.
    /// </summary>
    public TimeWindow? DangerWindow => _smooth is null
        ? _expectations.Value.Growth.DangerWindow
        : _smooth.DangerWindow is { } window ? new(_smooth.TimeIn(this, window.From), _smooth.TimeIn(this, window.To)) : null;

    /// <summary>∫ L dt between two times within the process's own; infinite where L is.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    public double LipschitzIntegral(double from, double to) => BoundIntegrals(from, to).Lipschitz;

    /// <summary>∫ μ dt between two times within the process's own; infinite where μ is.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    public double OneSidedIntegral(double from, double to) => BoundIntegrals(from, to).OneSided;

    /// <summary>∫ max(μ, 0) dt between two times within the process's own; infinite where μ is.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    public double PositiveOneSidedIntegral(double from, double to) => BoundIntegrals(from, to).PositiveOneSided;

    /// <summary>The three integrals of the bounds at once; in quadrature they share evaluations.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is outside the process's own, or they are in the other order.</exception>
    public (double Lipschitz, double OneSided, double PositiveOneSided) BoundIntegrals(double from, double to)
    {
        CheckOwn(from, to);
        if (_smooth is not null) return _smooth.BoundIntegrals(TimeIn(_smooth, from), TimeIn(_smooth, to));
        if (IsClosedForm) return (ClosedForm.Lipschitz(from, to), ClosedForm.OneSided(from, to), ClosedForm.PositiveOneSided(from, to));
        if (Crossing is not null) return (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        double[] integrals = CumulativeTable.Integrate(from, to, Process, _mixture, SegmentNodes, Bounds);
        return (integrals[0], integrals[1], integrals[2]);
    }

    /// <summary>The three integrals over each of the segments between times within the process's own.</summary>
    /// <remarks>
    /// With many segments and very many pairs of components, the rates are tabulated once for all segments, so the cost does not grow with the number
    /// of segments. The results are within 1 % of <see cref="BoundIntegrals(double, double)"/>.
    /// </remarks>
    /// <param name="times">N + 1 decreasing times.</param>
    public (double Lipschitz, double OneSided, double PositiveOneSided)[] BoundIntegrals(IReadOnlyList<double> times)
    {
        if (_smooth is not null) return _smooth.BoundIntegrals([.. times.Select(time => TimeIn(_smooth, time))]);
        int segments = times.Count - 1;
        bool isTabulated = !_mixture.HasSharedCovariance && Crossing is null && (long)segments * SegmentNodes * _pairs.Value.Terms > MaxSuprema;
        return [.. Enumerable.Range(0, segments).Select(i =>
        {
            if (!isTabulated) return BoundIntegrals(times[i + 1], times[i]);
            double[] integrals = _bounds.Value.Between(times[i + 1], times[i]);
            return (integrals[0], integrals[1], integrals[2]);
        })];
    }

    /// <summary>The number of times the rate bounds were computed so far.</summary>
    internal int BoundEvaluations { get; private set; }

    private double[] Bounds(double t)
    {
        BoundEvaluations++;
        (double oneSided, double lipschitz) = GlobalRates(t);
        return [lipschitz, oneSided, Math.Max(0, oneSided)];
    }

    /// <summary>∫ E‖∇v‖₂ dt between two times within the process's own, from the table that ExpectedStability grids use.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is outside the process's own, or they are in the other order.</exception>
    public double ExpectedIntegral(double from, double to)
    {
        CheckOwn(from, to);
        return _smooth?.ExpectedIntegral(TimeIn(_smooth, from), TimeIn(_smooth, to)) ?? _expectations.Value.Norm.Between(from, to);
    }

    /// <summary>∫ E[λ_max(-∇v)]⁺ dt between two times within the process's own, from a table beside that of <see cref="ExpectedIntegral"/>.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is outside the process's own, or they are in the other order.</exception>
    public double ExpectedGrowthIntegral(double from, double to)
    {
        CheckOwn(from, to);
        return _smooth?.ExpectedGrowthIntegral(TimeIn(_smooth, from), TimeIn(_smooth, to)) ?? _expectations.Value.Growth.Between(from, to);
    }

    /// <summary>The integral of L, of its regional bound where there is no closed form.</summary>
    internal ICumulativeWeight LipschitzWeight
        => _smooth is not null ? new SmoothWeight(this, _smooth.LipschitzWeight)
            : IsClosedForm ? new ClosedFormWeight(this, LipschitzIntegral)
            : _lipschitz.Value;

    /// <summary>The integral of max(μ, 0), of its regional bound where there is no closed form.</summary>
    internal ICumulativeWeight OneSidedWeight
        => _smooth is not null ? new SmoothWeight(this, _smooth.OneSidedWeight)
            : IsClosedForm ? new ClosedFormWeight(this, PositiveOneSidedIntegral)
            : _oneSided.Value;

    /// <summary>The integral of E‖∇v‖₂.</summary>
    internal ICumulativeWeight ExpectedWeight => _smooth is not null ? new SmoothWeight(this, _smooth.ExpectedWeight) : _expectations.Value.Norm;

    private SharedIsotropicIntegrals ClosedForm => IsClosedForm
        ? _closedForm.Value
        : throw new InvalidOperationException("Integrals of μ have a closed form for one shared isotropic covariance only.");

    private double Defined(double t)
    {
        Process.CheckTime(t, nameof(t));
        return t;
    }

    private void CheckOwn(double from, double to)
    {
        if (from >= Process.EarlyStop && to <= Process.Horizon && from <= to) return;
        string range = $"from {PortableNumber.Format(Process.EarlyStop)} to {PortableNumber.Format(Process.Horizon)}";
        throw new ArgumentOutOfRangeException(
            nameof(from), from,
            $"The times are {PortableNumber.Format(from)} and {PortableNumber.Format(to)}; they must be the process's own, {range}, the smaller one first.");
    }

    private (double OneSided, double Lipschitz) GlobalRates(double t)
    {
        CancellationToken.ThrowIfCancellationRequested();
        ProcessPoint point = Process.At(t);
        double spread = _mixture.HasSharedCovariance
            ? IsClosedForm
                ? _diameter2.Value / (4 * Square(point.Spread(_mixture.Covariances[0].Variances[0])))
                : PairGeometry.WhitenedDiameter2(_mixture, point) / 4
            : Crossing is null ? _pairs.Value.At(point) : double.PositiveInfinity;
        return Rates(point, spread);
    }

    private (double OneSided, double Lipschitz) RegionalRates(double t)
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (_mixture.HasSharedCovariance) return GlobalRates(t);
        ProcessPoint point = Process.At(t);
        return Rates(point, PairGeometry.RegionalSpread(_mixture, point));
    }

    /// <param name="point">The process at t.</param>
    /// <param name="spread">A bound on λ_max Cov_r(e_k); see <see cref="MixtureField"/>.</param>
    private (double OneSided, double Lipschitz) Rates(in ProcessPoint point, double spread)
    {
        AxisFunction factor = point.VelocityAxis;
        double least = double.PositiveInfinity, greatest = double.NegativeInfinity;
        foreach (Covariance covariance in _mixture.Covariances)
        {
            // The factor is a monotone function of the variance.
            double one = factor.At(covariance.MinVariance), other = factor.At(covariance.MaxVariance);
            least = Math.Min(least, Math.Min(one, other));
            greatest = Math.Max(greatest, Math.Max(one, other));
        }
        // Without noise or without signal nothing stretches, however large the spread.
        double rate = -point.A * point.VelocityContrast;
        double stretch = rate == 0 ? 0 : rate * spread;
        double oneSided = stretch - least;
        return (oneSided, Math.Max(Math.Abs(greatest), Math.Abs(oneSided)));
    }

    private static double Square(double x) => x * x;

    /// <summary>The time of another profile's process, between the same ends, at which s/a is that of a time of this one.</summary>
    private double TimeIn(StabilityProfile other, double t)
        => t >= Process.Horizon ? other.Process.Horizon
            : t <= Process.EarlyStop ? other.Process.EarlyStop
            : Math.Max(other.Process.EarlyStop, Math.Min(other.Process.TimeAt(Process.At(t).NoiseToSignal), other.Process.Horizon));

    /// <summary>A weight in the times of a process that is not smooth in them.</summary>
    private sealed class SmoothWeight(StabilityProfile profile, ICumulativeWeight weight) : ICumulativeWeight
    {
        public double Total => weight.Total;

        public double TimeAt(double amount) => profile._smooth!.TimeIn(profile, weight.TimeAt(amount));
    }

    private sealed class ClosedFormWeight(StabilityProfile profile, Func<double, double, double> integral) : ICumulativeWeight
    {
        private readonly double _start = profile.Process.EarlyStop;

        public double Total => integral(_start, profile.Process.Horizon) is > 0 and var total ? total : profile.Process.Horizon - _start;

        public double TimeAt(double amount)
        {
            double low = _start, high = profile.Process.Horizon;
            // A weight that is zero everywhere, as with one component, says nothing: use uniform steps of t.
            if (!(integral(low, high) > 0)) return low + amount;
            // Bisection in log t if it is finite: early times matter by their ratio.
            for (int i = 0; i < 200; i++)
            {
                double middle = low > 0 ? Math.Sqrt(low * high) : high > 1e-12 ? high / 64 : 0.5 * high;
                if (!(middle > low && middle < high)) middle = 0.5 * (low + high);
                if (!(middle > low && middle < high)) break;
                if (integral(_start, middle) < amount) low = middle;
                else high = middle;
            }
            return high;
        }
    }
}
