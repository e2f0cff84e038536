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

    // For the search, whose loops round in another order than the sampler.
    private const double Margin = 0.99;

    // One of each order and kind. A search takes as long as hundreds of thousands of samples.
    private static readonly Solver[] s_solvers =
    [
        Solver.DpmSolverPlusPlus2M, Solver.DpmSolverPlusPlus3M, Solver.UniPC2, Solver.UniPC3, Solver.AdamsBashforth2, Solver.AdamsBashforth3,
        Solver.Heun, Solver.BogackiShampine32, Solver.RungeKutta4,
    ];

    /// <summary>The samplers with the fewest evaluations for each accuracy.</summary>
    /// <param name="workload">The mixture.</param>
    /// <param name="problem">Its starts and ends.</param>
    /// <param name="targets">The accuracies.</param>
    /// <param name="contestant">Makes a contestant.</param>
    public static IEnumerable<AccuracyEntry> Of(
        Workload workload, AccuracyProblem problem, double[] targets, Func<string, Integration<float>, Contestant> contestant)
    {
        (double Target, Declared Sampler)[] chosen =
        [
            .. s_solvers.AsParallel().AsOrdered().SelectMany(solver => Reaching(problem, solver, targets)).ToArray().GroupBy(one => one.Target)
                .SelectMany(group => group.OrderBy(one => one.Sampler.Evaluations).Take(Candidates)),
        ];
        Declared[] distinct = [.. chosen.Select(one => one.Sampler).Distinct()];
        var project = GeneratedProject.OfWorkload(workload.Model, string.Join('\n', distinct.Select(sampler => sampler.Attribute)));
        CompiledSampler[] samplers = CompiledSampler.Of(project, workload.Model.FullName!, distinct.Select(sampler => sampler.Name));
        foreach ((double target, Declared sampler) in chosen)
        {
            CompiledSampler own = samplers[distinct.IndexOf(sampler)];
            double error = problem.ErrorOf(own.Integrate);
            // The loops by which its steps were found round in another order, which the flow may amplify.
            if (error <= target)
                yield return new(Method, $"{sampler.Solver}", target, sampler.Steps, sampler.Evaluations, error, contestant(sampler.Name, own.Integrate));
            else
                Console.Error.WriteLine($"{workload.Key}: {sampler.Name} misses {target:0E+0}: {error:0.0E+0}.");
        }
    }

    private static IEnumerable<(double Target, Declared Sampler)> Reaching(AccuracyProblem problem, Solver solver, double[] targets)
    {
        GaussianMixtureModel model = problem.Model;
        var least = new LeastSteps(steps => problem.ErrorOf(model.CreateProgram(solver, model.CreateTimes(Grid.Optimal, steps, solver))), MostSteps);
        foreach (double target in targets)
            if (least.For(Margin * target) is { } steps) yield return (target, new(solver, steps));
    }

    private sealed record Declared(Solver Solver, int Steps)
    {
        public int Evaluations => Steps * SolverMethod.Of(Solver).Nodes.Length;

        public string Name => $"{Solver}In{Steps}";

        public string Attribute => $"[Sampler(\"{Name}\", Steps = {Steps}, Solver = Solver.{Solver}, Grid = Grid.Optimal)]";
    }
}
