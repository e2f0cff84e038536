using System.Text;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Generators.Reading;

/// <summary>The names of the types that will be nested in an annotated type: whether each can be declared.</summary>
internal sealed class NestedNames(INamedTypeSymbol type, string typeName, GeneratedMembers members, CancellationToken cancellationToken)
{
    // Metadata ends names at 1,023 bytes, and the types behind a sampler have its name within a longer one.
    private const int MaximumBytes = 500;

    // Each with what it names.
    private readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal);
    private readonly AttributeWords _words = new(type, cancellationToken);

    /// <summary>Takes a name; what is wrong with it, or null.</summary>
    /// <param name="name">The name as declared, without formatting characters.</param>
    /// <param name="site">Where.</param>
    /// <param name="kind">What it names: <c>sampler</c>, <c>student</c>.</param>
    public Issue? Add(string? name, Site site, string kind)
    {
        if (name is null || !SyntaxFacts.IsValidIdentifier(name)) return Invalid(name is null ? "null" : $"\"{name}\"");
        // Contextual keywords too: some of them (record, required, scoped) are refused as type names.
        if (SyntaxNames.IsKeyword(name)) return Invalid($"the keyword \"{name}\"");
        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes > MaximumBytes) return Invalid($"{bytes} bytes long, more than {MaximumBytes}");

        string? owner = name == type.Name ? "the type itself"
            : members.Contains(name) || members.IsNestedMember(name, kind) ? "a generated member"
            : _kinds.TryGetValue(name, out string? earlier) ? $"an earlier {earlier}"
            : null;
        if (owner is not null) return new Issue(DiagnosticIds.SamplerNameTaken, site, typeName, name, owner, kind);

        _kinds[name] = kind;
        if (members.OwnerOf(GeneratedMember.NestedType(name)) is var (reason, _))
            return new Issue(DiagnosticIds.MemberNameTaken, site, typeName, name, kind, reason);
        return _words.Contains(name) ? new Issue(DiagnosticIds.NameHidesAttributeWord, site, typeName, name, kind) : null;

        Issue Invalid(string what) => new(DiagnosticIds.SamplerNameInvalid, site, typeName, $"{site.Index}", what, kind);
    }
}
