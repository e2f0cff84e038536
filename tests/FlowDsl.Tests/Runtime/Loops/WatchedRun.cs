using System.Numerics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>Runs a kernel with a watch, block by block.</summary>
internal static class WatchedRun
{
    /// <summary>Integrates over all segments.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="states">n×d values, in place.</param>
    /// <param name="watch">A watch with the lanes of a block.</param>
    /// <param name="margins">Receives n margins.</param>
    public static void Integrate<TKernel, T>(TKernel kernel, Span<T> states, MarginWatch<T> watch, Span<T> margins)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = kernel.Dimension;
        Span<T> rows = new T[kernel.RowCount * kernel.Stride];
        for (int first = 0; first < margins.Length; first += kernel.Stride)
        {
            int n = Math.Min(kernel.Stride, margins.Length - first);
            Span<T> block = states.Slice(first * d, n * d);
            BlockDriver.Load(kernel, rows, block, n);
            BlockDriver.Advance(kernel, rows, block, n, watch);
            BlockDriver.Store(kernel, rows, block, n);
            watch.Least[..n].CopyTo(margins[first..]);
        }
    }
}
