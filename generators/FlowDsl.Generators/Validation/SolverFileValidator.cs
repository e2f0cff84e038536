using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of tuned solvers, FLOW0321. Whether one is for the sampler's mixture is asked when the sampler is planned.</summary>
internal static class SolverFileValidator
{
    /// <summary>Whether a sampler can have a tuned solver if it names one, and what there is of one can be read.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="solvers">The files that were found.</param>
    /// <param name="found">Receives its solver.</param>
    /// <param name="issues">Receives what is wrong.</param>
    public static bool Check(ModelSpec spec, SamplerSpec sampler, EquatableArray<NamedSolver> solvers, List<ResolvedSolver> found, List<Issue> issues)
    {
        if (sampler.SolverFile is { } written && sampler.Solver != Solver.Bespoke)
            return Report(written, "only Solver.Bespoke takes a tuned solver; set Solver to it, or leave SolverFile out");
        if (solvers.FirstOrDefault(own => own.Sampler == sampler.Name) is not { } named) return true;
        try
        {
            found.Add(new ResolvedSolver(sampler.Name, named.File, TunedMethod.Parse(named.Text.ToString())));
            return true;
        }
        catch (MixtureFormatException exception)
        {
            return Report(
                named.File,
                $"it cannot be read at line {exception.Line}, column {exception.Column}: {exception.Problem.TrimEnd('.')}; "
                    + "delete it, build, and let the command tune write it again");
        }

        bool Report(string file, string rule)
        {
            issues.Add(new Issue(
                DiagnosticIds.SolverFileInvalid, new Site(SitePart.Sampler, sampler.Index, sampler.SolverArgument), spec.Type.DisplayName, sampler.Name,
                file, rule));
            return false;
        }
    }
}
