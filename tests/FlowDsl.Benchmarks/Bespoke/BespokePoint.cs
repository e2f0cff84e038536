using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Benchmarks;

/// <summary>One mixture at one number of evaluations: the method of its own, the best that can be declared by hand, and what the generator chooses.</summary>
internal sealed class BespokePoint
{
    // Rare samples decide, so there must be many; only the best on few of them compete.
    private const int ManySamples = 131_072, Finalists = 6;

    /// <summary>Measures.</summary>
    /// <param name="mixture">A type of <see cref="TrackedMixtures"/>.</param>
    /// <param name="evaluations">The number of evaluations.</param>
    public BespokePoint(Type mixture, int evaluations)
    {
        Subject subject = Subject.Of(mixture, typeof(ByHeun), typeof(In8), typeof(WithCompanion), typeof(double));
        (Mixture, Evaluations, GaussianMixtureModel model) = (subject.Mixture, evaluations, subject.Model);
        Process process = model.Process;
        FreshStarts few = new(model), fresh = new(model, ManySamples);
        var analysis = new ModelAnalysis(model.Mixture, process, default);
        double began = ThreadTime.Seconds;
        Discovery found = BespokeSearch.Find(analysis, BespokeSearch.Frames(Chart.Auto, model.Mixture.MeanVariance), evaluations)!;
        Seconds = ThreadTime.Seconds - began;
        Own = fresh.Error(found.Method.Program(process, found.Frame));
        SamplerChoice choice = SamplerSearch.Create(analysis)!.Rank(evaluations)[0];
        (Chosen, ChosenSolver) = (fresh.Error(choice.Program(process)), choice.Solver);
        (Declared On, FlowProgram? Program)[] declared =
        [
            .. (from solver in SolverMethod.Named
                let steps = evaluations / SolverMethod.Of(solver).Nodes.Length
                where steps > 0
                from frame in Frames(solver)
                from grid in Enum.GetValues<Grid>()
                where grid is not (Grid.Auto or Grid.Profile) && TimeGrid.Obstacle(grid, process) is null
                select (solver, frame, grid, steps)).AsParallel().Select(one =>
                {
                    FlowProgram? program = OnGrid(one.solver, one.frame, one.grid, one.steps);
                    return (new Declared(one.solver, one.grid, few.Error(program)), program);
                }),
        ];
        BuiltIn = declared.OrderBy(own => own.On.Error).Take(Finalists).Select(own => own.On with { Error = fresh.Error(own.Program) })
            .MinBy(own => own.Error)!;

        IEnumerable<ChartFrame> Frames(Solver solver)
        {
            yield return ChartFrame.For(Chart.Auto, solver, model.Mixture.MeanVariance);
            if (SolverMethod.Of(solver).NativeChart == NativeChart.DataPrediction) yield return ChartFrame.Canonical(model.Mixture.MeanVariance);
        }

        FlowProgram? OnGrid(Solver solver, ChartFrame frame, Grid grid, int steps)
            => TimeGrid.TryCreate(new GridRequest(grid, steps, solver, frame), analysis) is { } times
                ? FlowProgram.TryCreate(process, frame, solver, times.Times)
                : null;
    }

    public string Mixture { get; }

    public int Evaluations { get; }

    /// <summary>The relative mean squared error of the method of the mixture's own.</summary>
    public double Own { get; }

    /// <summary>The processor time of the search for it.</summary>
    public double Seconds { get; }

    /// <summary>The best of all built-in solvers on all grids, in hindsight.</summary>
    public Declared BuiltIn { get; }

    /// <summary>The error of what the generator chooses for a number of evaluations.</summary>
    public double Chosen { get; }

    public Solver ChosenSolver { get; }

    /// <summary>How many times lower the own method's error is than the best built-in solver's.</summary>
    public double Gain => BuiltIn.Error / Own;

    /// <summary>The chosen sampler's error over that of the best that can be declared, the own method included.</summary>
    public double Regret => Chosen / Math.Min(Own, BuiltIn.Error);

    /// <summary>A solver on a grid.</summary>
    /// <param name="Solver">The solver.</param>
    /// <param name="Grid">The grid.</param>
    /// <param name="Error">The relative mean squared error.</param>
    internal sealed record Declared(Solver Solver, Grid Grid, double Error);
}
