using System.Numerics;
using System.Runtime.InteropServices;
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
        if (model.Data is not { } data) return LoopFlow.Create<T>(model.Mixture, program);
        if (typeof(T) != typeof(float)) throw new NotSupportedException("Samplers of a data set are in single precision.");
        var kernel = new DataKernel(data, program);
        return states => BlockDriver.Integrate(kernel, MemoryMarshal.Cast<T, float>(states));
    }
}
