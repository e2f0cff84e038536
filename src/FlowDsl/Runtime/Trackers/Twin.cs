using System.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Trackers;

/// <summary>What a sampler is compared with, see <see cref="CompanionProgram"/>.</summary>
/// <param name="Kernel">Its kernel.</param>
/// <param name="Excess">The estimated error as a multiple of the distance between the two.</param>
internal sealed record Twin<T>(IBlockKernel<T> Kernel, double Excess)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The companion of a sampler, in loops over tables.</summary>
    /// <param name="sampler">The sampler.</param>
    public static Twin<T> Of(SamplerDescriptor sampler) => new(
        ModelFlow.KernelOf<T>(sampler.Model, CompanionProgram.Create(sampler.Model.Process, sampler.Frame, sampler.Solver, sampler.Times)),
        CompanionProgram.Excess(sampler.Solver));
}
