using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl.Examples;

/// <summary>One sampler's result.</summary>
/// <param name="Law">The law or network.</param>
/// <param name="Solver">The solver.</param>
/// <param name="Grid">The grid that was asked for.</param>
/// <param name="Evaluations">Evaluations of the field per sample.</param>
/// <param name="Error">The r.m.s. distance from the field's own exact flow, in units of the data.</param>
/// <param name="Median">The median of the same.</param>
/// <param name="Flips">The share of the samples whose likeliest component is not that of the exact end.</param>
/// <param name="Divergence">KL(samples ‖ mixture), in nats; null where it was not measured.</param>
internal sealed record Result(
    string Law, Solver Solver, Grid Grid, int Evaluations, double Error, double Median, double Flips, MetricEstimate? Divergence);

/// <summary>How good a sampler's own estimates of its errors are.</summary>
/// <param name="Solver">The solver.</param>
/// <param name="Grid">The grid that was asked for.</param>
/// <param name="Evaluations">Evaluations of the field per sample, and those of a call with estimates.</param>
/// <param name="Error">The r.m.s. distance from the field's own exact flow.</param>
/// <param name="Reported">The r.m.s. of the estimates.</param>
/// <param name="Within">The share of the samples whose estimate is within a factor 2 of the error.</param>
internal sealed record Report(Solver Solver, Grid Grid, (int Plain, int Reporting) Evaluations, double Error, double Reported, double Within);

/// <summary>Runs a sampler in place, with estimates; returns its evaluations per sample.</summary>
/// <param name="plan">The sampler.</param>
/// <param name="states">n×d values.</param>
/// <param name="errors">Receives n estimates.</param>
internal delegate int ReportingRun(SamplerDescriptor plan, float[] states, FlowError[] errors);

/// <summary>Samplers on one field, from the same starts, against the field's own exact flow.</summary>
/// <param name="name">The law's or network's name.</param>
/// <param name="mixture">The mixture that plans.</param>
/// <param name="run">Runs a sampler in place.</param>
/// <param name="starts">n×d starts at t = 1.</param>
/// <param name="exact">Their exact ends.</param>
/// <param name="report">Runs a sampler with estimates of its errors; null if the contest is not about them.</param>
internal sealed class Contest(
    string name, Mixture mixture, Action<SamplerDescriptor, float[]> run, float[] starts, double[] exact, ReportingRun? report = null)
{
    // In more dimensions the divergence, from nearest neighbours, takes little notice of what samplers differ in.
    private const int MaxDivergenceDimension = 8;

    // Near the data the components are told apart best; at the data itself a mixture may have no density.
    private const double Late = 0.01;

    // Grids that need a finite log-SNR are made between these times, and their ends moved to 1 and 0.
    private const double First = 0.999, Last = 0.001;

    private readonly GaussianMixtureModel _whole = new(mixture, new LinearInterpolantProcess(0));
    private readonly GaussianMixtureModel _inner = new(mixture, new LinearInterpolantProcess(Last, First));
    private int[]? _owners;

    /// <summary>Runs a solver on a grid; null where there is no such sampler.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="evaluations">The evaluations per sample.</param>
    /// <param name="measuresDivergence">Whether to measure the divergence, where that can be.</param>
    public Result? Run(Solver solver, Grid grid, int evaluations, bool measuresDivergence)
    {
        if (PlanOf(solver, grid, evaluations) is not { } plan) return null;
        float[] states = [.. starts];
        run(plan, states);
        double[] ends = Array.ConvertAll(states, x => (double)x), squares = Squares(states);
        int n = squares.Length;
        int[] owners = Owners(ends), exactOwners = _owners ??= Owners(exact);
        return new Result(
            name, solver, grid, evaluations, Math.Sqrt(squares.Average()), Math.Sqrt(squares.Order().ElementAt(n / 2)),
            (double)owners.Where((owner, i) => owner != exactOwners[i]).Count() / n,
            measuresDivergence && mixture.Dimension <= MaxDivergenceDimension ? KullbackLeibler.Measure<double>(_whole, ends) : null);
    }

    /// <summary>Runs a solver on a grid with estimates of its errors; null where there is no such sampler, or the contest is not about them.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="evaluations">The evaluations per sample, without those for the estimates.</param>
    public Report? RunReporting(Solver solver, Grid grid, int evaluations)
    {
        if (report is null || PlanOf(solver, grid, evaluations) is not { } plan) return null;
        float[] states = [.. starts];
        var estimates = new FlowError[starts.Length / mixture.Dimension];
        int reporting = report(plan, states, estimates);
        double[] squares = Squares(states);
        return new Report(
            solver, grid, (evaluations, reporting), Math.Sqrt(squares.Average()), Math.Sqrt(estimates.Average(error => error.Estimate * error.Estimate)),
            (double)estimates.Where((error, i) => error.Estimate >= 0.5 * Math.Sqrt(squares[i]) && error.Estimate <= 2 * Math.Sqrt(squares[i])).Count()
                / squares.Length);
    }

    private double[] Squares(float[] states)
    {
        int d = mixture.Dimension;
        return [.. Enumerable.Range(0, states.Length / d).Select(i => Enumerable.Range(i * d, d).Sum(j => (states[j] - exact[j]) * (states[j] - exact[j])))];
    }

    private SamplerDescriptor? PlanOf(Solver solver, Grid grid, int evaluations)
    {
        int each = SamplerDescriptor.Create(_whole, solver, [1, 0.5, 0], ChartOf(solver)).FunctionEvaluations / 2;
        if (evaluations % each != 0) return null;
        foreach (GaussianMixtureModel model in (GaussianMixtureModel[])[_whole, _inner])
        {
            try
            {
                double[] times = [.. model.CreateSchedule(grid, evaluations / each, solver, ChartOf(solver)).Times];
                (times[0], times[^1]) = (1, 0);
                return SamplerDescriptor.Create(_whole, solver, times, ChartOf(solver));
            }
            catch (ArgumentException)
            {
                // The grid does not exist on this interval.
            }
        }
        return null;
    }

    // The last stages of these lie at the data, where the canonical chart needs a score that no network knows.
    private static Chart ChartOf(Solver solver)
        => solver is Solver.Midpoint or Solver.Heun or Solver.RungeKutta4 or Solver.BogackiShampine32 or Solver.DormandPrince54 ? Chart.State : Chart.Auto;

    private int[] Owners(double[] points)
    {
        int d = mixture.Dimension;
        double[] shares = new double[mixture.Count];
        return [.. Enumerable.Range(0, points.Length / d).Select(i =>
        {
            _whole.Responsibilities(Late, points.AsSpan(i * d, d), shares);
            return Array.IndexOf(shares, shares.Max());
        })];
    }
}
