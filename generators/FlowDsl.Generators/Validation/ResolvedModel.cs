using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Generators.Validation;

/// <summary>A model that has passed every rule: what planning works on.</summary>
/// <param name="Spec">The model as declared, with the valid samplers and students only.</param>
/// <param name="Mixture">Its mixture, from its components or its file; of a data set one that bounds it.</param>
/// <param name="Process">Its process.</param>
/// <param name="Weights">The files of weights that were found, under the names of the students.</param>
/// <param name="Profiles">The profiles of the samplers on Grid.Profile.</param>
/// <param name="Solvers">The tuned solvers that were found.</param>
/// <param name="Data">What is known of the data set whose rows are the components; null for other mixtures.</param>
internal sealed record ResolvedModel(
    ModelSpec Spec, Mixture Mixture, Process Process, EquatableArray<WeightsContent> Weights = default,
    EquatableArray<ResolvedProfile> Profiles = default, EquatableArray<ResolvedSolver> Solvers = default, DataPlan? Data = null);

/// <summary>The profile of a sampler.</summary>
/// <param name="Sampler">The sampler's name.</param>
/// <param name="Data">What was measured, for the sampler's process, solver and chart.</param>
internal sealed record ResolvedProfile(string Sampler, ProfileData Data);

/// <summary>The tuned solver of a sampler.</summary>
/// <param name="Sampler">The sampler's name.</param>
/// <param name="File">The file's name.</param>
/// <param name="Method">What it says; perhaps of another mixture.</param>
internal sealed record ResolvedSolver(string Sampler, string File, TunedMethod Method);
