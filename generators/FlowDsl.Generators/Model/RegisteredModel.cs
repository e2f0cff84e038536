namespace FlowDsl.Generators.Model;

/// <summary>What a host is told of a model: how to name it in code, and what it offers.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Type">Its name in code, from <c>global::</c> on.</param>
/// <param name="HelperNamespace">The namespace of the types that are generated beside it.</param>
/// <param name="Samplers">Its samplers, students among them, as they were generated.</param>
internal sealed record RegisteredModel(string Name, string Type, string HelperNamespace, EquatableArray<RegisteredSampler> Samplers);

/// <summary>What a host is told of a sampler.</summary>
/// <param name="Name">The nested type's name.</param>
/// <param name="Precision">float or double.</param>
/// <param name="Form">How it was compiled, and why so.</param>
/// <param name="IsTrained">Of a student, whether it has weights; null of other samplers.</param>
/// <param name="HasField">Whether it also runs on networks.</param>
internal sealed record RegisteredSampler(string Name, Precision Precision, string Form, bool? IsTrained = null, bool HasField = false);
