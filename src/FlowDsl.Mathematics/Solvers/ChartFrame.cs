using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>
/// A chart of the probability-flow ODE: z = x/ω(t) against θ(t), in which dz/dθ is a <see cref="MixtureField"/>.
/// </summary>
public sealed class ChartFrame
{
    private const double MinSquared = 1e-150;

    private ChartFrame(Chart chart, double variance) => (Chart, Variance) = (chart, variance);

    /// <summary>The chart, never <see cref="Chart.Auto"/>.</summary>
    public Chart Chart { get; }

    /// <summary>v of the canonical chart; 0 for data prediction and for the other charts.</summary>
    public double Variance { get; }

    /// <summary>Whether it is a canonical chart, including variance 0 (data prediction).</summary>
    internal bool IsCanonical => Chart is Chart.Canonical or Chart.DataPrediction;

    /// <summary>x against t: dx/dt is the velocity.</summary>
    public static ChartFrame State { get; } = new(Chart.State, 0);

    /// <summary>x/a against s/a: the right-hand side is E[ε | x].</summary>
    public static ChartFrame Edm { get; } = new(Chart.Edm, 0);

    /// <summary>x/sqrt(a²v + s²) against a/sqrt(a²v + s²): the right-hand side is a convex combination of the means if all covariances are vI.</summary>
    /// <param name="variance">v, at least 0; 0 is data prediction.</param>
    public static ChartFrame Canonical(double variance) => new(variance == 0 ? Chart.DataPrediction : Chart.Canonical, variance);

    /// <summary>Whether a solver integrates in a chart.</summary>
    internal static bool Exists(Chart chart, Solver solver) => SolverMethod.Of(solver).NativeChart != NativeChart.Any
        ? chart is Chart.Auto or Chart.Canonical or Chart.DataPrediction
        : chart is Chart.Auto or Chart.State or Chart.Edm or Chart.Canonical;

    /// <summary>The charts of a solver as text.</summary>
    internal static string ChartsOf(Solver solver) => SolverMethod.Of(solver).NativeChart != NativeChart.Any
        ? "Chart.DataPrediction (its default) or Chart.Canonical"
        : "Chart.Canonical (its default), Chart.State or Chart.Edm";

    /// <summary>The frame a solver uses on a mixture.</summary>
    /// <param name="chart">The chart asked for.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="meanVariance">The mixture's mean variance.</param>
    /// <exception cref="ArgumentException">The solver does not integrate in that chart.</exception>
    public static ChartFrame For(Chart chart, Solver solver, double meanVariance) => (chart, SolverMethod.Of(solver).NativeChart) switch
    {
        // For a mixture of point masses the canonical chart is data prediction.
        _ when !Exists(chart, solver) && (chart != Chart.DataPrediction || meanVariance > 0)
            => throw new ArgumentException($"{solver} does not integrate in Chart.{chart}, but in {ChartsOf(solver)}.", nameof(chart)),
        (_, NativeChart.DataPredictionAlone) or (Chart.Auto or Chart.DataPrediction, NativeChart.DataPrediction) => Canonical(0),
        (Chart.State, _) => State,
        (Chart.Edm, _) => Edm,
        _ => Canonical(meanVariance),
    };

    /// <summary>The chart, and its variance if it has one.</summary>
    public override string ToString() => Variance == 0 ? $"{Chart}" : $"{Chart} of variance {PortableNumber.Format(Variance)}";

    /// <summary>ω, with x = ω z.</summary>
    /// <param name="point">The process at t.</param>
    public double Scale(in ProcessPoint point) => Chart switch
    {
        Chart.State => 1,
        Chart.Edm => point.A,
        _ => Math.Sqrt(point.Spread(Variance)),
    };

    /// <summary>θ, the independent variable.</summary>
    /// <param name="point">The process at t.</param>
    public double Clock(in ProcessPoint point) => Chart switch
    {
        Chart.State => point.Time,
        Chart.Edm => point.NoiseToSignal,
        _ => point.A / Scale(point),
    };

    /// <summary>The time at which θ has a given value.</summary>
    /// <param name="process">The process.</param>
    /// <param name="clock">θ.</param>
    public double TimeAt(Process process, double clock) => Chart switch
    {
        Chart.State => clock,
        Chart.Edm => process.TimeAt(clock),
        // θ⁻² = v + (s/a)²; rounding may leave slightly less than v at the data end, and v is negligible if the square would overflow.
        _ => process.TimeAt(clock < MinSquared ? 1 / clock : Math.Sqrt(Math.Max(0, 1 / (clock * clock) - Variance))),
    };

    /// <summary>θ(to) - θ(from).</summary>
    /// <param name="from">The process at one time.</param>
    /// <param name="to">The process at the other.</param>
    public double Step(in ProcessPoint from, in ProcessPoint to)
    {
        if (!AreNearData(from, to)) return Clock(to) - Clock(from);
        // θ = (v + r²)^(-1/2), r = s/a: the difference of the roots from that of their squares.
        double before = from.NoiseToSignal, after = to.NoiseToSignal, start = Math.Sqrt(Variance + before * before), end = Math.Sqrt(Variance + after * after);
        return (before - after) * (before + after) / (start * end * (start + end));
    }

    /// <summary>The time at a fraction of the way between two times, in θ.</summary>
    /// <param name="process">The process.</param>
    /// <param name="from">The process at the start.</param>
    /// <param name="to">The process at the end.</param>
    /// <param name="share">The fraction of the way, from 0 to 1.</param>
    public double TimeBetween(Process process, in ProcessPoint from, in ProcessPoint to, double share)
    {
        if (!AreNearData(from, to)) return TimeAt(process, Clock(from) + share * Step(from, to));
        // From the end nearer to the data, r² = r₁² + (θ₁ - θ)(θ₁ + θ)/(θ θ₁)²: a sum of positive numbers.
        bool isEndNearer = to.NoiseToSignal <= from.NoiseToSignal;
        ProcessPoint nearer = isEndNearer ? to : from;
        double ratio = nearer.NoiseToSignal, last = Clock(nearer), distance = (isEndNearer ? 1 - share : share) * Math.Abs(Step(from, to)),
            clock = last - distance;
        return process.TimeAt(Math.Sqrt(ratio * ratio + distance * (last + clock) / (clock * clock * last * last)));
    }

    /// <summary>
    /// Whether the noise is so small compared with v that θ has too few digits of it: r² has a relative error of 2^-53 v/r². Otherwise the plain
    /// formulas lose less than the mixture's own.
    /// </summary>
    private bool AreNearData(in ProcessPoint from, in ProcessPoint to)
    {
        if (Chart != Chart.Canonical || Variance == 0) return false;
        double greatest = Math.Max(from.NoiseToSignal, to.NoiseToSignal);
        return greatest * greatest < Variance / 4096;
    }

    /// <summary>dz/dθ as a field of x.</summary>
    /// <param name="point">The process at t.</param>
    public MixtureField Slope(in ProcessPoint point) => Chart switch
    {
        Chart.State => MixtureField.Velocity(point),
        Chart.Edm => MixtureField.Noise(point),
        _ => MixtureField.Canonical(point, Variance),
    };
}
