using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using FlowDsl.Generators;
using FlowDsl.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Benchmarks;

/// <summary>What a model of some size costs a build and a start.</summary>
/// <param name="Components">K.</param>
/// <param name="Dimension">d.</param>
/// <param name="Steps">N, of Heun's method.</param>
/// <param name="Form">Whether the sampler is straight-line code or loops over tables.</param>
/// <param name="Lines">The generated files' lines.</param>
/// <param name="GeneratorMilliseconds">The generator's time, warm, without the compiler's.</param>
/// <param name="CompilerMilliseconds">The C# compiler's time for the generated files, warm.</param>
/// <param name="FirstCall">What the JIT does.</param>
internal sealed record GeneratorPoint(
    int Components, int Dimension, int Steps, string Form, int Lines, double GeneratorMilliseconds, double CompilerMilliseconds, FirstCall FirstCall)
{
    private const int GeneratorRuns = 5, CompilerRuns = 3;

    /// <summary>The project of a model of some size.</summary>
    public static GeneratedProject Project(int components, int dimension, int steps)
        => new(BlobsSource.Of(dimension, components, string.Create(CultureInfo.InvariantCulture, $"[Sampler(\"Heun\", Steps = {steps})]")));

    public static GeneratorPoint Measure(int components, int dimension, int steps)
    {
        GeneratedProject project = Project(components, dimension, steps);
        SourceText[] generated = project.Generate();
        double own = CompileTime.Median(GeneratorRuns, () => Run(new FlowSamplerGenerator(), project));
        double nothing = CompileTime.Median(GeneratorRuns, () => Run(new NothingGenerator(), project));
        CompileTime compiler = CompileTime.Of(project, generated, CompilerRuns);
        (string form, FirstCall call) = Load(project.Compile(generated));
        return new GeneratorPoint(components, dimension, steps, form, generated.Sum(text => text.Lines.Count), own - nothing, compiler.Milliseconds, call);
    }

    /// <summary>Runs a generator for the first time over a project.</summary>
    public static void Run(IIncrementalGenerator generator, GeneratedProject project) => project.Driver(generator).RunGenerators(project.Before.Clone());

    // Apart, so that nothing of the assembly stays on the caller's stack and it can be unloaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (string Form, FirstCall Call) Load(byte[] image)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        using var stream = new MemoryStream(image);
        Type sampler = context.LoadFromStream(stream).GetType("Blobs+Heun", throwOnError: true)!;
        MethodInfo measure = typeof(GeneratorPoint).GetMethod(nameof(Call), BindingFlags.NonPublic | BindingFlags.Static)!;
        var result = ((string, FirstCall))measure.MakeGenericMethod(sampler).Invoke(null, null)!;
        context.Unload();
        return result;
    }

    private static (string Form, FirstCall Call) Call<TSampler>()
        where TSampler : IFlowSampler<TSampler, float>
        => (GeneratorPlan.Of(TSampler.Descriptor).Kernel is null ? "loops" : "straight line", FirstCall.Of<TSampler>());
}
