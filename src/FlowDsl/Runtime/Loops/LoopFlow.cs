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
        if (CoefficientSpace.Pays(mixture, program, typeof(T) == typeof(double) ? Precision.Double : Precision.Single))
        {
            var coefficients = new CoefficientKernel<T>(mixture, program);
            return states => BlockDriver.Integrate(coefficients, states);
        }
        if (ActiveSets.Pays(mixture, program, typeof(T) == typeof(double) ? Precision.Double : Precision.Single, out _))
        {
            var active = new ActiveKernel<T>(mixture, program);
            return states => BlockDriver.Integrate(active, states);
        }
        var kernel = new TableKernel<T>(mixture, program);
        return states => BlockDriver.Integrate(kernel, states);
    }
}
