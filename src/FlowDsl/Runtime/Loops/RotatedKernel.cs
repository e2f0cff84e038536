using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// A sampler that integrates the coordinates along the axes of a <see cref="MeansSpan"/> with another kernel. The part orthogonal to them is one
/// Gaussian, whose steps are one factor. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// With axes Q the coordinates y = Qᵀx follow the reduced mixture, whatever the solver: a field acts on them and on the rest separately, and a solver
/// only takes linear combinations. A segment's steps take x - Qy to s(x - Qy) + bμ, with μ the common part of the means and (s, b) the
/// <see cref="GaussianFlow"/> of these steps. So x' = s x + Q(y' - s y) + bμ.
/// </para>
/// <para>
/// A call over several segments stays in these coordinates; the same segments in several calls go through the states in between and differ by
/// rounding. If a history is needed, calls go segment by segment, as <see cref="TableKernel{T}"/> does.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The kernel of the reduced mixture.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RotatedKernel<TInner, T> : BlockKernel<T>, ISpanKernel<T>
    where TInner : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of state values that fit the first-level cache beside the inner kernel's block.
    private const int StateInCache = 4096;

    private readonly TInner _inner;
    private readonly Mixture _reduced;
    private readonly FlowProgram _program;
    private readonly double _variance;
    private readonly double[] _complement;
    private readonly GaussianFlow _wholeFlow;
    private readonly PackedMatrix<T> _toAxes, _fromAxes;
    private readonly T[] _zeros;
    private readonly TableKernel<T>? _direct;
    private readonly int _axes, _innerStart, _innerLength;

    /// <summary>Wraps a kernel.</summary>
    /// <param name="inner">A kernel for the span's reduced mixture and the same program.</param>
    /// <param name="mixture">The mixture.</param>
    /// <param name="span">Its axes.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="ArgumentException">The kernel's number of coordinates differs from the span's number of axes.</exception>
    public RotatedKernel(TInner inner, Mixture mixture, MeansSpan span, FlowProgram program)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(span);
        ArgumentNullException.ThrowIfNull(program);
        double[][] axes = span.Axes;
        if (inner.Dimension != axes.Length)
            throw new ArgumentException($"The kernel has {inner.Dimension} coordinates; there are {axes.Length} axes.", nameof(inner));
        (_inner, _program, _axes, _reduced) = (inner, program, axes.Length, span.Reduced);
        Points = PointProgram.Of(mixture, program);
        (Dimension, SegmentCount, HistoryLength) = (mixture.Dimension, inner.SegmentCount, inner.HistoryLength);
        _variance = mixture.Covariances[0].MinVariance;
        _complement = span.IsWhole ? [] : span.Complement;
        _wholeFlow = GaussianFlow.Over(program, _variance, 0, SegmentCount);
        _toAxes = new PackedMatrix<T>(_axes, Dimension, (i, j) => axes[i][j]);
        _fromAxes = new PackedMatrix<T>(Dimension, _axes, (j, i) => axes[i][j]);
        _zeros = new T[_fromAxes.Rows];

        Stride = Math.Clamp(StateInCache / Dimension / 32 * 32, 32, inner.Stride);
        // One-step solvers have no history, so all their calls go over a span.
        if (program.HistoryLength > 0) _direct = new TableKernel<T>(mixture, program, new MeanTables<T>(mixture), Stride);
        // Products write an even number of rows.
        _innerStart = _fromAxes.Rows * Stride;
        _innerLength = Math.Max(inner.RowCount, _toAxes.Rows) * inner.Stride;
        int length = _innerStart + _innerLength + (span.IsWhole ? 0 : _axes * inner.Stride);
        RowCount = Math.Max(_direct?.RowCount ?? 0, (length + Stride - 1) / Stride);
    }

    /// <inheritdoc/>
    public override void Advance(ref T rows, nuint count, int segment, int history)
    {
        if (_direct is null) AdvanceSpan(ref rows, count, segment, 1, watch: null);
        else _direct.Advance(ref rows, count, segment, history);
    }

    Mixture ISpanKernel<T>.Watched => _reduced;

    void ISpanKernel<T>.AdvanceSpan(ref T rows, nuint count, int firstSegment, int segmentCount, INodeWatch<T>? watch)
        => AdvanceSpan(ref rows, count, firstSegment, segmentCount, watch);

    private void AdvanceSpan(ref T rows, nuint count, int firstSegment, int segmentCount, INodeWatch<T>? watch)
    {
        nuint lanes = PackedMatrix<T>.Pairs(count), pitch = (nuint)_inner.Stride;
        Span<T> inner = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, _innerStart), _innerLength);
        var run = new SegmentRun<TInner, T>(_inner, (int)count, (int)count, firstSegment, segmentCount, known: 0);
        ToAxes(ref rows, inner, lanes);
        ref T start = ref Unsafe.Add(ref rows, _innerStart + _innerLength);
        bool rest = _complement.Length > 0;
        if (rest)
        {
            for (int i = 0; i < _axes; i++)
                inner.Slice(i * _inner.Stride, (int)lanes).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, i * _inner.Stride), (int)lanes));
        }

        run.AdvanceSpan(inner, watch);
        if (run.LeftSamplesOut(inner))
        {
            ToAxes(ref rows, inner, lanes);
            run.AdvanceCarefully(inner, watch);
        }

        if (rest)
        {
            GaussianFlow flow = segmentCount == SegmentCount ? _wholeFlow : GaussianFlow.Over(_program, _variance, firstSegment, segmentCount);
            Continue(flow, ref rows, lanes);
            Change(T.CreateTruncating(flow.Start), ref inner[0], ref start, lanes);
            _fromAxes.Multiply(ref Unsafe.NullRef<T>(), ref inner[0], pitch, ref rows, (nuint)Stride, ref Unsafe.NullRef<T>(), lanes);
        }
        else
        {
            _fromAxes.Multiply(ref _zeros[0], ref inner[0], pitch, ref rows, (nuint)Stride, ref Unsafe.NullRef<T>(), lanes);
        }
    }

    private void ToAxes(ref T rows, Span<T> inner, nuint lanes)
    {
        _toAxes.Multiply(ref _zeros[0], ref rows, (nuint)Stride, ref inner[0], (nuint)_inner.Stride, ref Unsafe.NullRef<T>(), lanes);
        if (_inner.ExcessRow >= 0) inner.Slice(_inner.ExcessRow * _inner.Stride, (int)lanes).Clear();
    }

    // x ← s x + bμ
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Continue(GaussianFlow flow, ref T x, nuint lanes)
    {
        Vector<T> scale = Vector.Create(T.CreateTruncating(flow.Start));
        for (int j = 0; j < _complement.Length; j++)
        {
            Vector<T> shift = Vector.Create(T.CreateTruncating(flow.Mean * _complement[j]));
            for (nuint i = (nuint)(j * Stride); i < (nuint)(j * Stride) + lanes; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref x, i), scale, shift).StoreUnsafe(ref x, i);
        }
    }

    // y' ← y' - s y
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Change(T start, ref T end, ref T before, nuint lanes)
    {
        Vector<T> scale = Vector.Create(-start);
        int stride = _inner.Stride;
        for (int axis = 0; axis < _axes; axis++)
            for (nuint i = (nuint)(axis * stride); i < (nuint)(axis * stride) + lanes; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref before, i), scale, Vector.LoadUnsafe(ref end, i)).StoreUnsafe(ref end, i);
    }
}
