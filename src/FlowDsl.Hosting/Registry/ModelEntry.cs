using System.ComponentModel;

namespace FlowDsl.Hosting.Registry;

/// <summary>A generated model, by its name.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ModelEntry
{
    private protected ModelEntry(string name, SamplerEntry[] samplers) => (Name, Samplers) = (name, [.. samplers]);

    /// <summary>The type's name with its namespace: <c>Physics.Ring</c>.</summary>
    internal string Name { get; }

    /// <summary>Its samplers in the order of their declarations, students after them.</summary>
    internal ImmutableArray<SamplerEntry> Samplers { get; }

    /// <summary>The mixture and its process.</summary>
    internal abstract GaussianMixtureModel Model { get; }
}

/// <summary>A generated model; made by generated code.</summary>
/// <typeparam name="TModel">The annotated type.</typeparam>
/// <param name="name">The type's name with its namespace.</param>
/// <param name="samplers">Its samplers.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModelEntry<TModel>(string name, SamplerEntry[] samplers) : ModelEntry(name, samplers)
    where TModel : IGaussianMixture<TModel>
{
    /// <inheritdoc/>
    internal override GaussianMixtureModel Model => GaussianMixtureModel.From<TModel>();
}
