using FlowDsl.Generators.Planning.Samplers;

namespace FlowDsl.Benchmarks;

/// <summary>
/// The generated sampler's own operations, compiled by Clang. Where these hold for some region of x only, the samples beyond it are
/// found as the generated sampler finds them, but not computed again: they are few.
/// </summary>
internal sealed unsafe class GraphPeer
{
    private readonly delegate* unmanaged<float*, nuint, bool> _integrate;
    private readonly int _d;

    private GraphPeer(nint function, int d)
    {
        _integrate = (delegate* unmanaged<float*, nuint, bool>)function;
        _d = d;
    }

    /// <summary>One for each width, and each number of vectors that are computed side by side.</summary>
    /// <exception cref="NotSupportedException">The plan has an operation that cannot be printed.</exception>
    public static IReadOnlyList<Variant> Variants(KernelPlan plan, int d)
    {
        int[] vectors = [1, 2, 4];
        return [.. from library in CppCompiler.CompileAll(CppEmitter.Write(plan, d, vectors))
                   from count in vectors
                   select new Variant(library.Describe(count), 64, new GraphPeer(library.Method($"integrate{count}"), d).Integrate)];
    }

    private void Integrate(Span<float> states)
    {
        fixed (float* samples = states) _integrate(samples, (nuint)(states.Length / _d));
    }
}
