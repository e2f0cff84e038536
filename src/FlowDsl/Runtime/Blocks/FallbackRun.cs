using System.Buffers;
using System.Numerics;

namespace FlowDsl.Runtime.Blocks;

/// <summary>Advances a block segment by segment, and again with the fallback the samples for which the kernel is not exact.</summary>
/// <remarks>
/// Each sample decides this for itself, and only those samples are replaced: a sample's bits do not depend on its neighbours, on its block or on the
/// number of segments per call.
/// </remarks>
internal readonly ref struct FallbackRun<TKernel, T>
    where TKernel : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TKernel _kernel;
    private readonly IBlockKernel<T> _fallback;
    private readonly T[] _before, _rows;
    private readonly int _n, _carried;

    public FallbackRun(TKernel kernel, int n)
    {
        (_kernel, _n) = (kernel, n);
        _fallback = kernel.Fallback ?? throw new InvalidOperationException("A kernel that assumes something needs a fallback.");
        // Both kernels keep the state and, of a multistep solver, the slopes in the same first rows.
        _carried = kernel.Dimension * (kernel.HistoryLength > 0 ? kernel.HistoryLength + 2 : 1);
        _before = ArrayPool<T>.Shared.Rent(_carried * kernel.Stride);
        _rows = ArrayPool<T>.Shared.Rent(_fallback.RowCount * _fallback.Stride);
    }

    public void Dispose()
    {
        ArrayPool<T>.Shared.Return(_before);
        ArrayPool<T>.Shared.Return(_rows);
    }

    public void Advance(Span<T> rows, int padded, int segment, int known)
    {
        int stride = _kernel.Stride;
        Span<T> excess = rows.Slice(_kernel.ExcessRow * stride, padded);
        excess.Clear();
        rows[..(_carried * stride)].CopyTo(_before);
        _kernel.Advance(ref rows[0], (nuint)padded, segment, known);

        Span<int> samples = stackalloc int[Vector<T>.Count];
        int count = 0;
        for (int i = 0; i < _n; i++)
        {
            if (!(excess[i] > T.Zero)) continue;
            samples[count++] = i;
            if (count < samples.Length) continue;
            Replace(rows, samples, segment, known);
            count = 0;
        }
        Replace(rows, samples[..count], segment, known);
    }

    private void Replace(Span<T> rows, ReadOnlySpan<int> samples, int segment, int known)
    {
        if (samples.Length == 0) return;
        int stride = _kernel.Stride, width = _fallback.Stride;
        for (int row = 0; row < _carried; row++)
            for (int lane = 0; lane < samples.Length; lane++) _rows[row * width + lane] = _before[row * stride + samples[lane]];
        _fallback.Advance(ref _rows[0], (nuint)Vector<T>.Count, segment, known);
        for (int row = 0; row < _carried; row++)
            for (int lane = 0; lane < samples.Length; lane++) rows[row * stride + samples[lane]] = _rows[row * width + lane];
    }
}
