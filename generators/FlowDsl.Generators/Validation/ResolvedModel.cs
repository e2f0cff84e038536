using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Validation;

/// <summary>A model that has passed every rule: what planning works on.</summary>
/// <param name="Spec">The model as declared, with the valid samplers and students only.</param>
/// <param name="Mixture">Its mixture, from its components or its file.</param>
/// <param name="Process">Its process.</param>
/// <param name="Weights">The files of weights that were found, under the names of the students.</param>
internal sealed record ResolvedModel(ModelSpec Spec, Mixture Mixture, Process Process, EquatableArray<WeightsContent> Weights = default);
