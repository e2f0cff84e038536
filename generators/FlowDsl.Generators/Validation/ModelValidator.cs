using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;

namespace FlowDsl.Generators.Validation;

/// <summary>Gives a model's numbers their meaning: every rule that they break is an issue of its own.</summary>
internal static class ModelValidator
{
    /// <summary>The model; null where it is not valid. Invalid samplers are left out.</summary>
    /// <param name="spec">The model as declared.</param>
    /// <param name="fileText">The text of the mixture file, null without one.</param>
    /// <param name="weights">The files of weights, under the names of the students.</param>
    /// <param name="issues">Receives what is wrong.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="profiles">The profiles, under the names of the samplers.</param>
    /// <param name="solvers">The tuned solvers, under the names of the samplers.</param>
    public static ResolvedModel? Read(ModelSpec spec, string? fileText, EquatableArray<WeightsContent> weights, List<Issue> issues,
        CancellationToken cancellationToken, EquatableArray<NamedProfile> profiles = default, EquatableArray<NamedSolver> solvers = default)
    {
        var data = new DataValidator(spec, issues);
        DataPlan? plan = spec.Data is null ? null : data.Read(spec.Data, fileText);
        Mixture? mixture = spec.Data is null
            ? MixtureValidator.Read(spec, fileText, issues, cancellationToken)
            : MixtureValidator.CheckDimension(spec, issues) ? plan?.Moments.Bounding(spec.Data.Variance) : null;
        if (spec.Data is not null)
        {
            data.RefuseOthers();
            spec = spec with { Students = default, ScoreNetworks = default, Networks = default };
        }
        Process? process = ProcessValidator.Read(spec, issues);
        if (mixture is not null && process is not null && !ProcessValidator.CheckEnd(spec, mixture, process, issues)) process = null;

        List<ResolvedProfile> found = [];
        List<ResolvedSolver> tuned = [];
        SamplerSpec[] samplers = spec.Samplers.Where(sampler => new SamplerValidator(spec, sampler, process, issues).Check()
            & new ProfileValidator(spec, sampler, mixture, process, issues).Check(profiles, found)
            & SolverFileValidator.Check(spec, sampler, solvers, tuned, issues)
            & (spec.Data is null || data.Check(sampler))).ToArray();
        StudentSpec[] students = spec.Students.Where(student => StudentValidator.Check(spec, student, mixture, issues)).ToArray();
        ScoreNetworkSpec[] networks = spec.ScoreNetworks.Where(network => ScoreNetworkValidator.Check(spec, network, mixture, process, issues,
            cancellationToken)).ToArray();
        NetworkSpec[] fields = spec.Networks.Where(network => NetworkValidator.Check(spec, network, issues)).ToArray();
        FlowMapSpec[] maps = spec.FlowMaps.Where(map => FlowMapValidator.Check(spec, map, issues)).ToArray();
        return mixture is not null && process is not null
            ? new ResolvedModel(spec with
            {
                Samplers = new EquatableArray<SamplerSpec>(samplers),
                Students = new EquatableArray<StudentSpec>(students),
                ScoreNetworks = new EquatableArray<ScoreNetworkSpec>(networks),
                Networks = new EquatableArray<NetworkSpec>(fields),
                FlowMaps = new EquatableArray<FlowMapSpec>(maps),
            }, mixture, process, weights, new EquatableArray<ResolvedProfile>(found.ToArray()),
                new EquatableArray<ResolvedSolver>(tuned.ToArray()), plan)
            : null;
    }
}
