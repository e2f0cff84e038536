using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>With a watched kernel. A block is transposed once: its companion starts from the same rows, and the distance is taken between rows.</summary>
internal sealed class KernelPath<TKernel, T>(SamplerDescriptor descriptor, TKernel kernel) : SamplerPath<T>
    where TKernel : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A data set has no margins.
    private readonly BranchMargins<T>? _margins = descriptor.Model.Data is not null
        ? null
        : new(kernel is ISpanKernel<T> span ? span.Watched : descriptor.Model.Mixture, descriptor.Model.Process, descriptor.Times);

    private readonly T[] _unknown = descriptor.Model.Data is null ? [] : [.. Enumerable.Repeat(T.NaN, kernel.Stride)];

    // A watch belongs to one thread at a time.
    private readonly ConcurrentBag<MarginWatch<T>> _watches = [];

    public override void Integrate(Span<T> states, Span<FlowError> errors, Twin<T>? companion)
    {
        MarginWatch<T>? watch = null;
        if (_margins is not null && !_watches.TryTake(out watch)) watch = new MarginWatch<T>(_margins, kernel.Stride);
        IBlockKernel<T>? other = companion?.Kernel;
        int d = kernel.Dimension, stride = other is null ? kernel.Stride : Math.Min(kernel.Stride, other.Stride);
        using var own = new PooledRows<T>(kernel.RowCount * kernel.Stride);
        using var twin = new PooledRows<T>(other is null ? 0 : other.RowCount * other.Stride);
        for (int first = 0; first < errors.Length; first += stride)
        {
            int n = Math.Min(stride, errors.Length - first);
            Span<T> block = states.Slice(first * d, n * d);
            BlockDriver.Load(kernel, own.Span, block, n);
            if (other is not null) Copy(own.Span, other, twin.Span, n);
            BlockDriver.Advance(kernel, own.Span, block, n, watch);
            if (other is not null)
            {
                BlockDriver.Advance(other, twin.Span, block, n, watch: null);
                WholeSamples.Keep(twin.Span, other.Stride, d, n);
            }
            BlockDriver.Store(kernel, own.Span, block, n);
            ReadOnlySpan<T> margins = watch is null ? _unknown : watch.Least;
            if (other is null)
            {
                Write(margins, errors.Slice(first, n));
                continue;
            }
            Measure(own.Span, twin.Span, other.Stride, n);
            Write(twin.Span, companion!.Excess, margins, errors.Slice(first, n));
        }
        if (watch is not null) _watches.Add(watch);
    }

    private void Copy(ReadOnlySpan<T> from, IBlockKernel<T> other, Span<T> to, int n)
    {
        // With the zeros of the last pair of vectors.
        int lanes = Math.Min((int)PackedMatrix<T>.Pairs((nuint)n), Math.Min(kernel.Stride, other.Stride));
        for (int j = 0; j < kernel.Dimension; j++) from.Slice(j * kernel.Stride, lanes).CopyTo(to[(j * other.Stride)..]);
        if (other.ExcessRow >= 0) to.Slice(other.ExcessRow * other.Stride, other.Stride).Clear();
    }

    /// <summary>The distances of the two blocks' samples, to the first row of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure(Span<T> own, Span<T> other, int otherStride, int n)
    {
        ref T left = ref MemoryMarshal.GetReference(own), right = ref MemoryMarshal.GetReference(other);
        nuint d = (nuint)kernel.Dimension, stride = (nuint)kernel.Stride;
        for (nuint i = 0; i < (nuint)n; i += (nuint)Vector<T>.Count)
        {
            Vector<T> sum = Vector<T>.Zero;
            for (nuint j = 0; j < d; j++)
            {
                Vector<T> difference = Vector.LoadUnsafe(ref left, j * stride + i) - Vector.LoadUnsafe(ref right, j * (nuint)otherStride + i);
                sum = SimdMath.MultiplyAdd(difference, difference, sum);
            }
            Vector.SquareRoot(sum).StoreUnsafe(ref right, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(ReadOnlySpan<T> distances, double excess, ReadOnlySpan<T> margins, Span<FlowError> errors)
    {
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = new FlowError(
                excess * double.CreateTruncating(distances[i]), double.PositiveInfinity, double.NaN, double.CreateTruncating(margins[i]));
        }
    }
}
