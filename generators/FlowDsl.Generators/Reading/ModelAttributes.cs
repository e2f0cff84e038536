using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Processes;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>The attributes of a type, from all its partial declarations, sorted by what they say.</summary>
internal sealed class ModelAttributes
{
    private ModelAttributes(AttributeData mixture) => Mixture = mixture;

    public AttributeData Mixture { get; }

    public List<AttributeData> Components { get; } = [];

    public List<(ProcessDefinition Kind, AttributeData Data)> Processes { get; } = [];

    public List<AttributeData> Samplers { get; } = [];

    public List<AttributeData> Students { get; } = [];

    public List<AttributeData> FlowMaps { get; } = [];

    public List<AttributeData> ScoreNetworks { get; } = [];

    public List<AttributeData> Networks { get; } = [];

    /// <summary>Sorts a type's attributes.</summary>
    /// <param name="type">The annotated type.</param>
    /// <param name="marker">The class of its mixture attribute: the others are looked up in the same assembly.</param>
    public static ModelAttributes? Of(INamedTypeSymbol type, INamedTypeSymbol marker)
    {
        IAssemblySymbol library = marker.ContainingAssembly;
        INamedTypeSymbol? component = library.GetTypeByMetadataName(AttributeNames.Component);
        INamedTypeSymbol? sampler = library.GetTypeByMetadataName(AttributeNames.Sampler), student = library.GetTypeByMetadataName(AttributeNames.Student);
        INamedTypeSymbol? score = library.GetTypeByMetadataName(AttributeNames.ScoreNetwork), network = library.GetTypeByMetadataName(AttributeNames.Network);
        INamedTypeSymbol? map = library.GetTypeByMetadataName(AttributeNames.FlowMap);
        (ProcessDefinition Kind, INamedTypeSymbol? Class)[] processes =
            [.. ProcessDefinition.All.Select(kind => (kind, library.GetTypeByMetadataName(kind.Attribute)))];

        ModelAttributes? sorted = null;
        foreach (AttributeData data in type.GetAttributes())
        {
            if (Is(data, marker))
            {
                sorted = new ModelAttributes(data);
                break;
            }
        }
        if (sorted is null) return null;
        foreach (AttributeData data in type.GetAttributes())
        {
            if (Is(data, component)) sorted.Components.Add(data);
            else if (Is(data, sampler)) sorted.Samplers.Add(data);
            else if (Is(data, student)) sorted.Students.Add(data);
            else if (Is(data, map)) sorted.FlowMaps.Add(data);
            else if (Is(data, score)) sorted.ScoreNetworks.Add(data);
            else if (Is(data, network)) sorted.Networks.Add(data);
            else
                foreach ((ProcessDefinition kind, INamedTypeSymbol? process) in processes)
                    if (Is(data, process)) sorted.Processes.Add((kind, data));
        }
        return sorted;
    }

    private static bool Is(AttributeData data, INamedTypeSymbol? attributeClass)
        => attributeClass is not null && SymbolEqualityComparer.Default.Equals(data.AttributeClass, attributeClass);
}
