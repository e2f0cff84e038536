using System.Runtime;

namespace FlowDsl.Benchmarks;

/// <summary>What the JIT does for a sampler's first call, the methods of the library that no sampler has called before included.</summary>
/// <param name="JitMilliseconds">Its time.</param>
/// <param name="IntermediateBytes">The length of the methods' IL.</param>
/// <param name="MachineBytes">The length of the machine code.</param>
internal sealed record FirstCall(double JitMilliseconds, long IntermediateBytes, long MachineBytes)
{
    /// <summary>Calls a sampler for the first time.</summary>
    public static FirstCall Of<TSampler>()
        where TSampler : IFlowSampler<TSampler, float>
    {
        // The tables and what else is made once come before: they are not the JIT's.
        float[] states = FlowSampling.DrawPrior<float>(TSampler.Descriptor.Model, count: 64, seed: 1);
        TSampler.Integrate(states, 0, 0);
        using var code = new MachineCode();
        TimeSpan time = JitInfo.GetCompilationTime(currentThread: true);
        long bytes = JitInfo.GetCompiledILBytes(currentThread: true);
        TSampler.Integrate(states);
        return new FirstCall(
            (JitInfo.GetCompilationTime(currentThread: true) - time).TotalMilliseconds, JitInfo.GetCompiledILBytes(currentThread: true) - bytes, code.Take());
    }
}
