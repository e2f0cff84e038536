using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>Turns annotated types into specialised samplers: Declarations, Analysis, Planning, Emission.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class FlowSamplerGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
    }
}
