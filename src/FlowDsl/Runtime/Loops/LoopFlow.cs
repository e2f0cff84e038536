using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Loops;

/// <summary>Runs a program without generated code, in the loop form with the fewest operations.</summary>
internal static class LoopFlow
{
    public static Integration<T> Create<T>(Mixture mixture, FlowProgram program)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IBlockKernel<T> kernel = KernelOf<T>(mixture, program);
        return states => BlockDriver.Integrate(kernel, states);
    }

    /// <summary>The kernel of that form.</summary>
    public static IBlockKernel<T> KernelOf<T>(Mixture mixture, FlowProgram program)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision precision = typeof(T) == typeof(double) ? Precision.Double : Precision.Single;
        if (CoefficientSpace.Pays(mixture, program, precision)) return new CoefficientKernel<T>(mixture, program);
        return ActiveSets.Pays(mixture, program, precision, out _) ? new ActiveKernel<T>(mixture, program) : new TableKernel<T>(mixture, program);
    }
}
