using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace FlowDsl.Generators.Tests;

/// <summary>Models compiled in memory, loaded apart so that they can be unloaded.</summary>
internal sealed class CompiledModels : IDisposable
{
    private readonly AssemblyLoadContext _context = new("Models", isCollectible: true);
    private readonly Assembly _assembly;

    public CompiledModels(GeneratorOutcome outcome)
    {
        using MemoryStream image = new();
        EmitResult result = outcome.Output.WithOptions(outcome.Output.Options.WithOptimizationLevel(OptimizationLevel.Release)).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5)));
        image.Position = 0;
        _assembly = _context.LoadFromStream(image);
        Size = image.Length;
    }

    /// <summary>The bytes of the assembly.</summary>
    public long Size { get; }

    public Type Type(string name) => _assembly.GetType(name, throwOnError: true)!;

    /// <summary>What a model's static members say, through the interface.</summary>
    public ModelHandle Model(string name) => Create<ModelHandle>(typeof(ModelHandle<>), Type(name));

    /// <summary>A model's sampler, through the interface.</summary>
    public SamplerHandle Sampler(string model, string name, Precision precision)
        => Create<SamplerHandle>(typeof(SamplerHandle<,>), Type($"{model}+{name}"), precision == Precision.Single ? typeof(float) : typeof(double));

    public void Dispose() => _context.Unload();

    private static T Create<T>(Type generic, params Type[] arguments) => (T)Activator.CreateInstance(generic.MakeGenericType(arguments))!;
}

/// <summary>The point functions of an annotated type.</summary>
internal abstract class ModelHandle
{
    public abstract GaussianMixtureModel Model { get; }

    public abstract (int Dimension, int ComponentCount) Size { get; }

    /// <summary>Every point function at a point: its name and values.</summary>
    public abstract IEnumerable<(string Name, double[] Values)> Evaluate(double t, double[] x, double[] direction);

    /// <summary>The same of the run-time model.</summary>
    public static IEnumerable<(string Name, double[] Values)> Evaluate(GaussianMixtureModel model, double t, double[] x, double[] direction)
    {
        double[] value = new double[x.Length], responsibilities = new double[model.ComponentCount];
        yield return ("LogDensity", [model.LogDensity(t, x)]);
        model.Score(t, x, value);
        yield return ("Score", [.. value]);
        model.Velocity(t, x, value);
        yield return ("Velocity", [.. value]);
        model.Responsibilities(t, x, responsibilities);
        yield return ("Responsibilities", responsibilities);
        model.PosteriorMean(t, x, value);
        yield return ("PosteriorMean", [.. value]);
        model.JacobianVectorProduct(t, x, direction, value);
        yield return ("JacobianVectorProduct", [.. value]);
        yield return ("StabilityBound", [model.StabilityBound(t)]);
        yield return ("ExpectedStability", [model.ExpectedStability(t)]);
    }
}

internal sealed class ModelHandle<TModel> : ModelHandle
    where TModel : IGaussianMixture<TModel>
{
    public override GaussianMixtureModel Model => TModel.Model;

    public override (int Dimension, int ComponentCount) Size => (TModel.Dimension, TModel.ComponentCount);

    public override IEnumerable<(string Name, double[] Values)> Evaluate(double t, double[] x, double[] direction)
    {
        double[] value = new double[x.Length], responsibilities = new double[TModel.ComponentCount];
        yield return ("LogDensity", [TModel.LogDensity(t, x)]);
        TModel.Score(t, x, value);
        yield return ("Score", [.. value]);
        TModel.Velocity(t, x, value);
        yield return ("Velocity", [.. value]);
        TModel.Responsibilities(t, x, responsibilities);
        yield return ("Responsibilities", responsibilities);
        TModel.PosteriorMean(t, x, value);
        yield return ("PosteriorMean", [.. value]);
        TModel.JacobianVectorProduct(t, x, direction, value);
        yield return ("JacobianVectorProduct", [.. value]);
        yield return ("StabilityBound", [TModel.StabilityBound(t)]);
        yield return ("ExpectedStability", [TModel.ExpectedStability(t)]);
    }
}

/// <summary>A generated sampler.</summary>
internal abstract class SamplerHandle
{
    public abstract SamplerDescriptor Descriptor { get; }

    /// <summary>Integrates states that are rounded to the sampler's precision.</summary>
    public double[] Integrate(double[] states) => Integrate(states, 0, Descriptor.Times.Count - 1);

    /// <summary>The same over some segments.</summary>
    public abstract double[] Integrate(double[] states, int firstSegment, int segmentCount);
}

internal sealed class SamplerHandle<TSampler, T> : SamplerHandle
    where TSampler : IFlowSampler<TSampler, T>
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    public override SamplerDescriptor Descriptor => TSampler.Descriptor;

    public override double[] Integrate(double[] states, int firstSegment, int segmentCount)
    {
        T[] rounded = [.. states.Select(T.CreateTruncating)];
        TSampler.Integrate(rounded, firstSegment, segmentCount);
        return [.. rounded.Select(double.CreateTruncating)];
    }
}
