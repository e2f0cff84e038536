using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>A method as one knows it from elsewhere: a solver, its grid and the chart it works in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Solver">The solver.</param>
/// <param name="Grid">The grid.</param>
/// <param name="Chart">The chart.</param>
internal sealed record HandMethod(string Name, Solver Solver, Grid Grid, Chart Chart)
{
    /// <summary>Heun on Karras's grid in the coordinates of EDM.</summary>
    public static HandMethod Heun { get; } = new("Heun, Karras", Solver.Heun, Grid.Karras, Chart.Edm);

    /// <summary>DPM-Solver++(2M) in equal steps of the log-SNR.</summary>
    public static HandMethod Multistep { get; } = new("2M, log-SNR", Solver.DpmSolverPlusPlus2M, Grid.UniformLogSnr, Chart.Auto);

    /// <summary>The classical method in equal steps of time.</summary>
    public static HandMethod RungeKutta { get; } = new("RK4, uniform", Solver.RungeKutta4, Grid.Uniform, Chart.State);

    // The numbers of the tables grow with the evaluations.
    private const int MostEvaluations = 4096;
    private const double MostNumbers = 1.5e8;

    /// <summary>Its steps with a number of them.</summary>
    public FlowProgram Program(GaussianMixtureModel model, int steps) => model.CreateProgram(Solver, model.CreateTimes(Grid, steps, Solver), Chart);

    /// <summary>The least steps for some accuracies; accuracies that it does not reach are left out.</summary>
    /// <param name="problem">The mixture.</param>
    /// <param name="targets">The accuracies.</param>
    public IEnumerable<(double Target, int Steps)> Reaching(AccuracyProblem problem, double[] targets)
    {
        GaussianMixtureModel model = problem.Model;
        double evaluations = Math.Min(MostEvaluations, MostNumbers / (2 * model.Dimension * model.ComponentCount));
        var least = new LeastSteps(steps => problem.ErrorOf(Program(model, steps)), (int)evaluations / SolverMethod.Of(Solver).Nodes.Length);
        foreach (double target in targets)
            if (least.For(target) is { } steps) yield return (target, steps);
    }
}
