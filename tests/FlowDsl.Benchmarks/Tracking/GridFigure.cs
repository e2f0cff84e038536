using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Benchmarks;

/// <summary>The optimal grid against the best of the others, for 8 steps.</summary>
internal static class GridFigure
{
    private const int Steps = 8, TruthSteps = 256;

    private static readonly Solver[] s_solvers = [Solver.Euler, Solver.Heun, Solver.RungeKutta4, Solver.DpmSolverPlusPlus2M];

    public static GridRow[] Measure(int samples)
    {
        var rows = new List<GridRow>();
        foreach (Type mixture in TrackedMixtures.All)
        {
            Subject subject = Subject.Of(mixture, typeof(ByHeun), typeof(In8), typeof(WithCompanion), typeof(double));
            GaussianMixtureModel model = subject.Model;
            double[] starts = FlowSampling.DrawPrior<double>(model, samples, Subject.Seed), exact = new ConvergedFlow(model, TruthSteps).MapAll(starts).Ends;
            foreach (Solver solver in s_solvers)
            {
                (Grid Grid, double Error)[] errors =
                [
                    .. Enum.GetValues<Grid>().Where(grid => grid is not (Grid.Auto or Grid.Profile)).AsParallel().AsOrdered()
                        .Select(grid => (grid, Error(grid, solver))),
                ];
                double optimal = errors.Single(error => error.Grid == Grid.Optimal).Error;
                (Grid best, double least) = errors.Where(error => error.Grid != Grid.Optimal).MinBy(error => error.Error);
                double automatic = errors.Single(error => error.Grid == TimeGrid.Resolve(Grid.Auto, solver)).Error;
                rows.Add(new(subject.Mixture, solver.ToString(), optimal, best.ToString(), least, optimal / least, automatic));
                Console.Error.WriteLine(rows[^1]);
            }

            double Error(Grid grid, Solver solver)
            {
                try
                {
                    double[] ends = [.. starts];
                    BlockDriver.Integrate(new TableKernel<double>(model.Mixture, model.CreateProgram(solver, model.CreateTimes(grid, Steps, solver))), ends);
                    double distance = Vectors.Distance(ends, exact);
                    return distance * distance / Vectors.Dot(exact, exact);
                }
                catch (ArgumentException)
                {
                    // The process or the mixture has no such grid.
                    return double.PositiveInfinity;
                }
            }
        }
        return [.. rows];
    }
}

/// <summary>Relative mean squared errors of one solver on grids of 8 steps.</summary>
/// <param name="Mixture">The mixture.</param>
/// <param name="Solver">The solver.</param>
/// <param name="Optimal">On the optimal grid.</param>
/// <param name="BestOther">Which other one is best.</param>
/// <param name="Best">Its error.</param>
/// <param name="Ratio">The optimal grid's error over it.</param>
/// <param name="Automatic">On the automatic grid.</param>
internal sealed record GridRow(string Mixture, string Solver, double Optimal, string BestOther, double Best, double Ratio, double Automatic);
