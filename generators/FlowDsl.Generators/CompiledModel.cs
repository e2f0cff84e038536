using FlowDsl.Generators.Model;

namespace FlowDsl.Generators;

/// <summary>What became of a model.</summary>
/// <param name="HintName">The type's full metadata name.</param>
/// <param name="Source">The generated code; null where the model is not valid.</param>
/// <param name="Issues">What is wrong with it.</param>
/// <param name="Registered">What a host is told of it; null where the model is not valid or cannot be named.</param>
internal sealed record CompiledModel(string HintName, string? Source, EquatableArray<Issue> Issues, RegisteredModel? Registered = null);
