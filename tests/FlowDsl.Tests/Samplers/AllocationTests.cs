using System.Diagnostics;
using System.Numerics;
using System.Reflection;

namespace FlowDsl.Tests;

/// <summary>Integrating allocates nothing once a sampler is warm: a block of a small model lives on the stack, a large one's is pooled.</summary>
public abstract class AllocationTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Few steps are enough, and there are loop forms of every kind among them. The coefficients of a straight-line multistep
    // solver are spans of constants, which are free in optimised code; a debug build allocates for each, so it leaves them out.
    public static TheoryData<string> Samplers => new(SamplerUnderTest<T>.Names.Where(name =>
    {
        SamplerDescriptor descriptor = SamplerUnderTest<T>.Get(name).Descriptor;
        return descriptor.SegmentCount <= 50 && (s_optimized || descriptor.HistoryLength == 0);
    }));

    private static readonly bool s_optimized = typeof(TwoModes).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    [Theory]
    [MemberData(nameof(Samplers))]
    public void NothingInSteadyState(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int segments = Math.Min(2, sampler.Descriptor.SegmentCount);
        T[] states = sampler.Starts(50), history = new T[states.Length * sampler.Descriptor.HistoryLength];
        // The first calls make the tables, fill the pool and are compiled. A collection may empty the pool at any time, but
        // not again and again.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            for (int i = 0; i < 3; i++) Call();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++) Call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);

        void Call()
        {
            sampler.Integrate(states);
            sampler.Integrate(states, 0, segments);
            sampler.Integrate(states, history, 0, segments);
        }
    }
}

public class SingleAllocationTests : AllocationTests<float>;

public class DoubleAllocationTests : AllocationTests<double>;
