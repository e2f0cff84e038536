using FlowDsl.Analysis;

namespace FlowDsl.Generators;

internal sealed record ResolvedModel(ModelSpec Spec, Mixture Mixture, Process Process);
