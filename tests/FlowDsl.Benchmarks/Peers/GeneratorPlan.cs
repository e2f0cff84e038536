using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>What the generator decided about a sampler: its own planning, run again.</summary>
internal static class GeneratorPlan
{
    public static SamplerPlan Of(SamplerDescriptor sampler)
    {
        Mixture mixture = sampler.Model.Mixture;
        Process process = sampler.Model.Process;
        var declared = new SamplerSpec(
            0, sampler.Name, sampler.SegmentCount, sampler.Solver, Chart.Auto, Grid.Auto, new GridOptions(),
            new EquatableArray<double>([.. sampler.Times]), sampler.Precision, Tracking.Auto);
        var spec = new ModelSpec(
            new TypeSpec("", default, "", sampler.Name, sampler.Name, sampler.Name, ""), mixture.Dimension, null, default,
            new ProcessSpec(process.Definition, new EquatableArray<double>([.. process.Values])), new EquatableArray<SamplerSpec>([declared]));
        return ModelPlanner.Plan(new ResolvedModel(spec, mixture, process), [], CancellationToken.None).Samplers.Single();
    }
}
