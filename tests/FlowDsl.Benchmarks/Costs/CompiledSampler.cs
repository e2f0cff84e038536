using System.Reflection;
using System.Runtime.Loader;

namespace FlowDsl.Benchmarks;

/// <summary>
/// A sampler that is declared, generated and compiled while this program runs: it is what a user's build would make, for as many declarations as a
/// measurement asks for.
/// </summary>
/// <param name="Descriptor">What it is.</param>
/// <param name="Integrate">The sampler.</param>
/// <param name="Sample">Draws and integrates samples on some threads.</param>
internal sealed record CompiledSampler(SamplerDescriptor Descriptor, Integration<float> Integrate, Action<int, int> Sample)
{
    /// <summary>Generates, compiles and loads the samplers of one model, for the life of the process.</summary>
    /// <param name="project">The project.</param>
    /// <param name="model">The full name of the model's class.</param>
    /// <param name="names">The samplers' names.</param>
    public static CompiledSampler[] Of(GeneratedProject project, string model, params IEnumerable<string> names)
        => [.. Load(project.Compile(project.Generate()), model, names)
            .Select(sampler => sampler ?? throw new InvalidOperationException($"{model} lacks a sampler."))];

    /// <summary>The same where the generator may leave samplers out, with one diagnostic: these are null.</summary>
    /// <param name="project">The project.</param>
    /// <param name="model">The full name of the model's class.</param>
    /// <param name="names">The samplers' names.</param>
    /// <param name="refusal">The diagnostic.</param>
    public static CompiledSampler?[] Of(GeneratedProject project, string model, IEnumerable<string> names, string refusal)
        => [.. Load(project.Compile(project.Generate(refusal)), model, names)];

    private static IEnumerable<CompiledSampler?> Load(byte[] compiled, string model, IEnumerable<string> names)
    {
        using var image = new MemoryStream(compiled);
        // Not collectible: that would make the code slower.
        Assembly assembly = new AssemblyLoadContext(null).LoadFromStream(image);
        MethodInfo make = typeof(CompiledSampler).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!;
        return names.Select(name => assembly.GetType($"{model}+{name}") is { } type ? (CompiledSampler)make.MakeGenericMethod(type).Invoke(null, null)! : null);
    }

    private static CompiledSampler Make<TSampler>()
        where TSampler : IFlowSampler<TSampler, float>
        => new(
            TSampler.Descriptor, TSampler.Integrate,
            (count, threads) => FlowSampling.Sample<TSampler, float>(count, 1, new SamplingOptions { MaxThreads = threads }));
}
