namespace FlowDsl.Generators.Model;

/// <summary>The issues of a model, without its source: what the diagnostics branch may depend on.</summary>
/// <param name="HintName">The type's full metadata name.</param>
/// <param name="Issues">What is wrong with it.</param>
internal sealed record ModelIssues(string HintName, EquatableArray<Issue> Issues);
