using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Data;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>Runs a program of a model without generated code.</summary>
internal static class ModelFlow
{
    public static Integration<T> Create<T>(GaussianMixtureModel model, FlowProgram program)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IBlockKernel<T> kernel = KernelOf<T>(model, program);
        return states => BlockDriver.Integrate(kernel, states);
    }

    /// <summary>The kernel of a program.</summary>
    /// <exception cref="NotSupportedException">The model is of a data set, and the precision is not single.</exception>
    public static IBlockKernel<T> KernelOf<T>(GaussianMixtureModel model, FlowProgram program)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => model.Data is not { } data
            ? LoopFlow.KernelOf<T>(model.Mixture, program)
            : (object)new DataKernel(data, program) as IBlockKernel<T>
                ?? throw new NotSupportedException("Samplers of a data set are in single precision.");
}
