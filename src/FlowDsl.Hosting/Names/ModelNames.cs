using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Names;

/// <summary>Finds models by their names, with or without the namespaces, and samplers as MODEL.SAMPLER.</summary>
internal static class ModelNames
{
    /// <summary>The model of a name.</summary>
    /// <exception cref="HostException">There is none, or more than one.</exception>
    public static ModelEntry Model(IReadOnlyList<ModelEntry> models, string text) => NameMatch.Find("model", text, models, Names);

    /// <summary>The model and sampler of a name like <c>TwoModes.Fast</c>.</summary>
    /// <exception cref="HostException">There is none, or more than one.</exception>
    public static (ModelEntry Model, SamplerEntry Sampler) Sampler(IReadOnlyList<ModelEntry> models, string text)
    {
        int dot = text.LastIndexOf('.');
        if (dot <= 0 || dot == text.Length - 1)
        {
            string example = models.FirstOrDefault(model => model.Samplers.Length > 0) is { } some ? $", as {some.Name}.{some.Samplers[0].Name}" : "";
            throw HostException.Usage($"'{text}' names no sampler; write MODEL.SAMPLER{example}.");
        }
        ModelEntry model = Model(models, text[..dot]);
        return (model, NameMatch.Find("sampler", text[(dot + 1)..], model.Samplers, sampler => [sampler.Name], $" of {model.Name}"));
    }

    /// <summary>The shortest name that means a model among some: without the namespaces if no other has the same.</summary>
    public static string Short(IReadOnlyList<ModelEntry> models, ModelEntry model)
        => Names(model).Reverse().FirstOrDefault(name => models.All(other => other == model || !Names(other).Contains(name))) ?? model.Name;

    /// <summary>The name in full, and without the namespaces and types around it.</summary>
    private static IEnumerable<string> Names(ModelEntry model)
    {
        yield return model.Name;
        for (int dot = model.Name.IndexOf('.'); dot >= 0; dot = model.Name.IndexOf('.', dot + 1)) yield return model.Name[(dot + 1)..];
    }
}
