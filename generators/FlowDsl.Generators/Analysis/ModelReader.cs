using FlowDsl.Analysis;

namespace FlowDsl.Generators;

/// <summary>Gives a model's numbers their meaning: every rule that they break is an issue of its own.</summary>
internal static class ModelReader
{
    /// <summary>The model; null where it is not valid. Invalid samplers are left out.</summary>
    /// <param name="spec">The model as declared.</param>
    /// <param name="fileText">The text of the mixture file, null without one.</param>
    /// <param name="weights">The files of weights, under the names of the students.</param>
    /// <param name="issues">Receives what is wrong.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static ResolvedModel? Read(ModelSpec spec, string? fileText, EquatableArray<WeightsContent> weights, List<Issue> issues, CancellationToken cancellationToken)
    {
        Mixture? mixture = MixtureReader.Read(spec, fileText, issues, cancellationToken);
        Process? process = ProcessReader.Read(spec, issues);
        if (mixture is not null && process is not null && !ProcessReader.CheckEnd(spec, mixture, issues)) process = null;

        SamplerSpec[] samplers = spec.Samplers.Where(sampler => SamplerReader.Check(spec, sampler, process is not null, issues)).ToArray();
        StudentSpec[] students = spec.Students.Where(student => StudentReader.Check(spec, student, mixture, issues)).ToArray();
        ScoreNetworkSpec[] networks = spec.ScoreNetworks.Where(network => ScoreNetworkReader.Check(spec, network, mixture, process, issues, cancellationToken)).ToArray();
        return mixture is not null && process is not null
            ? new ResolvedModel(spec with { Samplers = new EquatableArray<SamplerSpec>(samplers), Students = new EquatableArray<StudentSpec>(students), ScoreNetworks = new EquatableArray<ScoreNetworkSpec>(networks) }, mixture, process, weights)
            : null;
    }
}
