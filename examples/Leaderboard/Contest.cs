using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>One sampler's result.</summary>
/// <param name="Law">The law or network.</param>
/// <param name="Solver">The solver.</param>
/// <param name="Grid">The grid that was asked for.</param>
/// <param name="Evaluations">Evaluations of the field per sample.</param>
/// <param name="Error">The r.m.s. distance from the field's own exact flow, in units of the data.</param>
/// <param name="Median">The median of the same.</param>
/// <param name="Flips">The share of the samples whose likeliest component is not that of the exact end.</param>
internal sealed record Result(string Law, Solver Solver, Grid Grid, int Evaluations, double Error, double Median, double Flips);

/// <summary>Samplers on one field, from the same starts, against the field's own exact flow.</summary>
/// <param name="name">The law's or network's name.</param>
/// <param name="mixture">The mixture that plans.</param>
/// <param name="run">Runs a sampler in place.</param>
/// <param name="starts">n×d starts at t = 1.</param>
/// <param name="exact">Their exact ends.</param>
internal sealed class Contest(string name, Mixture mixture, Action<SamplerDescriptor, float[]> run, float[] starts, double[] exact)
{
    // Near the data the components are told apart best; at the data itself a mixture may have no density.
    private const double Late = 0.01;

    // Grids that need a finite log-SNR are made between these times, and their ends moved to 1 and 0.
    private const double First = 0.999, Last = 0.001;

    private readonly GaussianMixtureModel _whole = new(mixture, new LinearInterpolantProcess(0)), _inner = new(mixture, new LinearInterpolantProcess(Last, First));
    private int[]? _owners;

    /// <summary>Runs a solver on a grid; null where there is no such sampler.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="evaluations">The evaluations per sample.</param>
    public Result? Run(Solver solver, Grid grid, int evaluations)
    {
        if (PlanOf(solver, grid, evaluations) is not { } plan) return null;
        float[] states = [.. starts];
        run(plan, states);
        double[] ends = Array.ConvertAll(states, x => (double)x);
        int d = mixture.Dimension, n = ends.Length / d;
        double[] squares = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(i * d, d).Sum(j => (ends[j] - exact[j]) * (ends[j] - exact[j])))];
        int[] owners = Owners(ends), exactOwners = _owners ??= Owners(exact);
        return new Result(
            name, solver, grid, evaluations, Math.Sqrt(squares.Average()), Math.Sqrt(squares.Order().ElementAt(n / 2)),
            (double)owners.Where((owner, i) => owner != exactOwners[i]).Count() / n);
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
