using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Maps;

namespace FlowDsl.Benchmarks;

/// <summary>What a user can declare for an accuracy: the search for the least that suffices, and these samplers themselves.</summary>
internal static class GeneratedSearch
{
    /// <summary>How they are called.</summary>
    public const string Method = "generated";

    /// <summary>How those are called for which only the accuracy is declared: these may miss it, since the generator measures on starts of its own.</summary>
    public const string Chosen = "chosen";

    // The optimal grid is searched for up to so many steps.
    private const int MostSteps = 64;

    // So many built-in solvers with the fewest evaluations compete: evaluations do not all cost the same.
    private const int Candidates = 3;

    // For the search, whose loops round in another order than the sampler.
    private const double Margin = 0.99;

    // One of each order and kind; those in data prediction also in the canonical chart. A search takes as long as hundreds of thousands of samples.
    private static readonly (Solver Solver, Chart Chart)[] s_builtIn =
    [
        (Solver.DpmSolverPlusPlus2M, Chart.Auto), (Solver.DpmSolverPlusPlus3M, Chart.Auto), (Solver.UniPC2, Chart.Auto), (Solver.UniPC3, Chart.Auto),
        (Solver.DpmSolverPlusPlus2M, Chart.Canonical), (Solver.DpmSolverPlusPlus3M, Chart.Canonical), (Solver.UniPC2, Chart.Canonical),
        (Solver.UniPC3, Chart.Canonical), (Solver.AdamsBashforth2, Chart.Auto), (Solver.AdamsBashforth3, Chart.Auto), (Solver.Heun, Chart.Auto),
        (Solver.BogackiShampine32, Chart.Auto), (Solver.RungeKutta4, Chart.Auto),
    ];

    /// <summary>The samplers that compete for each accuracy.</summary>
    /// <param name="workload">The mixture.</param>
    /// <param name="problem">Its starts and ends.</param>
    /// <param name="targets">The accuracies.</param>
    /// <param name="contestant">Makes a contestant.</param>
    public static IEnumerable<AccuracyEntry> Of(
        Workload workload, AccuracyProblem problem, double[] targets, Func<string, Integration<float>, Contestant> contestant)
    {
        (double Target, DeclaredSampler Sampler)[] all =
            [.. BuiltIn(problem, targets), .. Bespoke(problem, targets), .. Maps(problem, targets),
                .. targets.Select(target => (target, DeclaredSampler.ByError(target)))];
        DeclaredSampler[] distinct = [.. all.Select(one => one.Sampler).Distinct()];
        var project = GeneratedProject.OfWorkload(workload.Model, string.Join('\n', distinct.Select(sampler => sampler.Attribute)));
        // Where it finds nothing that is so exact, the generator leaves its choice out.
        CompiledSampler?[] samplers = CompiledSampler.Of(
            project, workload.Model.FullName!, distinct.Select(sampler => sampler.Name), DiagnosticIds.ChoiceInvalid);
        foreach ((double target, DeclaredSampler sampler) in all)
        {
            if (samplers[distinct.IndexOf(sampler)] is not { } own) continue;
            double error = problem.ErrorOf(own.Integrate);
            string method = sampler.IsByError ? Chosen : Method;
            if (error <= target || sampler.IsByError)
                yield return AccuracyEntry.Of(method, own.Descriptor, target, error, contestant(sampler.Name, own.Integrate));
            else // The loops by which its steps were found round in another order, which the flow may amplify.
                Console.Error.WriteLine($"{workload.Key}: {sampler.Name} misses {target:0E+0}: {error:0.0E+0}.");
        }
    }

    private static IEnumerable<(double Target, DeclaredSampler Sampler)> BuiltIn(AccuracyProblem problem, double[] targets)
        => s_builtIn.AsParallel().AsOrdered().SelectMany(one => OnOptimalGrid(problem, one.Solver, one.Chart, targets)).ToArray().GroupBy(one => one.Target)
            .SelectMany(group => group.OrderBy(one => one.Evaluations).Take(Candidates)).Select(one => (one.Target, one.Sampler));

    private static IEnumerable<(double Target, int Evaluations, DeclaredSampler Sampler)> OnOptimalGrid(
        AccuracyProblem problem, Solver solver, Chart chart, double[] targets)
    {
        GaussianMixtureModel model = problem.Model;
        var least = new LeastSteps(
            steps => problem.ErrorOf(model.CreateProgram(solver, model.CreateSchedule(Grid.Optimal, steps, solver, chart).Times, chart)), MostSteps);
        foreach (double target in targets)
        {
            if (least.For(Margin * target) is { } steps)
                yield return (target, steps * SolverMethod.Of(solver).Nodes.Length, DeclaredSampler.OnOptimalGrid(solver, steps, chart));
        }
    }

    /// <summary>Methods of the mixture's own. More steps are not always better, so none is skipped.</summary>
    private static IEnumerable<(double Target, DeclaredSampler Sampler)> Bespoke(AccuracyProblem problem, double[] targets)
    {
        var open = targets.ToList();
        for (int steps = BespokeSearch.MinSteps; steps <= BespokeSearch.MaxSteps && open.Count > 0; steps++)
        {
            if (SamplerDescriptor.Discover(problem.Model, steps) is not { } found) yield break;
            double error = problem.ErrorOf(found.Program);
            foreach (double target in open.Where(target => error <= Margin * target)) yield return (target, DeclaredSampler.Bespoke(steps));
            open.RemoveAll(target => error <= Margin * target);
        }
    }

    /// <summary>Flow maps: a proved distance of at most the root of the accuracy times the samples' own r.m.s. size suffices.</summary>
    private static IEnumerable<(double Target, DeclaredSampler Sampler)> Maps(AccuracyProblem problem, double[] targets)
        => FlowAxes.Find(problem.Model.Mixture, out _) is null
            ? []
            : targets.Select(target => (target, DeclaredSampler.Map(Math.Sqrt(target * problem.MeanSquare))));
}
