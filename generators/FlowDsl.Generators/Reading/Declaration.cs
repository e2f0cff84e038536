using FlowDsl.Generators.Model;

namespace FlowDsl.Generators.Reading;

/// <summary>
/// What one annotated declaration says. Not equatable on purpose: the sites lead to positions, which every edit of the file
/// moves. The source branch continues with <see cref="Spec"/> alone, so that such an edit stops there.
/// </summary>
/// <param name="HintName">The type's full metadata name, which finds the issues of the later rooms.</param>
/// <param name="Spec">The model; null where the type cannot be extended or an attribute cannot be read.</param>
/// <param name="Issues">What is wrong with the declaration itself.</param>
/// <param name="Sites">Where its parts are in the source.</param>
internal sealed record Declaration(string HintName, ModelSpec? Spec, EquatableArray<Issue> Issues, SiteMap Sites);
