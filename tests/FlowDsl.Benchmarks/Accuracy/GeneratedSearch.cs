using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>The generated samplers of a mixture on optimal grids: which solvers reach an accuracy in how many steps, and these samplers themselves.</summary>
internal static class GeneratedSearch
{
    /// <summary>How they are called.</summary>
    public const string Method = "generated";

    // The optimal grid is searched for up to so many steps.
    private const int MostSteps = 64;

    // So many with the fewest evaluations compete: evaluations do not all cost the same.
    private const int Candidates = 2;

    private static readonly Solver[] s_solvers = [Solver.UniPC2, Solver.UniPC3, Solver.DpmSolverPlusPlus2M, Solver.DpmSolverPlusPlus3M, Solver.AdamsBashforth2, Solver.AdamsBashforth3, Solver.RungeKutta4, Solver.Heun, Solver.BogackiShampine32];

    /// <summary>The samplers with the fewest evaluations for each accuracy.</summary>
    /// <param name="workload">The mixture.</param>
    /// <param name="problem">Its starts and ends.</param>
    /// <param name="targets">The accuracies.</param>
    /// <param name="contestant">Makes a contestant.</param>
    public static IEnumerable<AccuracyEntry> Of(Workload workload, AccuracyProblem problem, double[] targets, Func<string, Integration<float>, Contestant> contestant)
    {
        (double Target, Declared Sampler)[] chosen =
        [
            .. s_solvers.AsParallel().AsOrdered().SelectMany(solver => Reaching(problem, solver, targets)).ToArray().GroupBy(one => one.Target)
                .SelectMany(group => group.OrderBy(one => one.Sampler.Evaluations).Take(Candidates)),
        ];
        Declared[] distinct = [.. chosen.Select(one => one.Sampler).Distinct()];
        var project = GeneratedProject.OfWorkload(workload.Model, string.Join('\n', distinct.Select(sampler => sampler.Attribute)));
        var compiled = distinct.Zip(CompiledSampler.Of(project, workload.Model.FullName!, distinct.Select(sampler => sampler.Name))).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach ((double target, Declared sampler) in chosen)
        {
            CompiledSampler own = compiled[sampler];
            yield return new(
                Method, $"{sampler.Solver}", target, sampler.Steps, own.Descriptor.FunctionEvaluations, problem.ErrorOf(own.Integrate),
                contestant(sampler.Name, own.Integrate));
        }
    }

    private static IEnumerable<(double Target, Declared Sampler)> Reaching(AccuracyProblem problem, Solver solver, double[] targets)
    {
        GaussianMixtureModel model = problem.Model;
        var least = new LeastSteps(steps => problem.ErrorOf(model.CreateProgram(solver, model.CreateTimes(Grid.Optimal, steps, solver))), MostSteps);
        foreach (double target in targets)
            if (least.For(AccuracyProblem.Margin * target) is { } steps) yield return (target, new(solver, steps));
    }

    private sealed record Declared(Solver Solver, int Steps)
    {
        public int Evaluations => Steps * SolverMethod.Of(Solver).Nodes.Length;

        public string Name => $"{Solver}In{Steps}";

        public string Attribute => $"[Sampler(\"{Name}\", Steps = {Steps}, Solver = Solver.{Solver}, Grid = Grid.Optimal)]";
    }
}
