using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowDsl.Generators.Tests;

/// <summary>What MSBuild tells a generator: the project's folder, and the names that the project gives files from elsewhere.</summary>
internal sealed class ProjectOptions(string folder, params (string Path, string Link)[] links) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions => new Options(("build_property.ProjectDir", folder));

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options();

    // As MSBuild writes it: empty for a file without one.
    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile)
        => new Options(("build_metadata.AdditionalFiles.Link", links.FirstOrDefault(link => link.Path == textFile.Path).Link ?? ""));

    private sealed class Options(params (string Key, string Value)[] values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = values.FirstOrDefault(pair => KeyComparer.Equals(pair.Key, key)).Value;
            return value is not null;
        }
    }
}
