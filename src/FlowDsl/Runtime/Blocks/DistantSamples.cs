using System.Numerics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Blocks;

/// <summary>
/// Samples that a kernel cannot integrate because their squares overflow in single precision: they go by a <see cref="PointProgram"/>, one by one, as long
/// as they are so far out.
/// </summary>
/// <remarks>Each segment decides by the state at its start, so a sample's bits do not depend on the number of segments per call.</remarks>
internal static class DistantSamples
{
    /// <summary>Integrates samples that became NaN anew if they started as numbers.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="points">The same sampler for them.</param>
    /// <param name="starts">n×d values at the start.</param>
    /// <param name="past">The history then.</param>
    /// <param name="states">n×d values at the end.</param>
    /// <param name="history">The history at the end; may be empty.</param>
    /// <param name="firstSegment">The first segment.</param>
    /// <param name="segmentCount">The number of segments.</param>
    public static void Restore<TKernel, T>(
        TKernel kernel, PointProgram points, ReadOnlySpan<T> starts, ReadOnlySpan<T> past, Span<T> states, Span<T> history, int firstSegment, int segmentCount)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = kernel.Dimension, width = kernel.HistoryLength * d;
        T[] state = new T[d], slopes = new T[width];
        double[] x = new double[d];
        PointProgram.Scratch? scratch = null;
        for (int i = 0; i < states.Length / d; i++)
        {
            if (!T.IsNaN(states[i * d]) || !Vectors.AreFinite<T>(starts.Slice(i * d, d))) continue;
            starts.Slice(i * d, d).CopyTo(state);
            bool remembers = history.Length > 0;
            if (remembers) past.Slice(i * width, width).CopyTo(slopes);
            // Without its history a multistep solver begins anew with the call, which a kernel does not know of later segments.
            bool isWhole = remembers || width == 0 || firstSegment == 0;
            for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
            {
                int known = Math.Min(remembers ? segment : segment - firstSegment, kernel.HistoryLength);
                if (segmentCount > 1 && isWhole && WholeSamples.IsInRange<T>(state)) BlockDriver.Integrate(kernel, state, slopes, segment, 1);
                else Advance<T>(points, state, slopes, x, scratch ??= points.CreateScratch(d), segment, known);
            }
            state.CopyTo(states[(i * d)..]);
            if (remembers) slopes.CopyTo(history[(i * width)..]);
        }
    }

    private static void Advance<T>(
        PointProgram points, Span<T> state, Span<T> slopes, Span<double> x, PointProgram.Scratch scratch, int segment, int known)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < x.Length; j++) x[j] = double.CreateTruncating(state[j]);
        for (int j = 0; j < slopes.Length; j++) scratch.Slopes[j] = double.CreateTruncating(slopes[j]);
        points.Advance(x, scratch, segment, known);
        for (int j = 0; j < slopes.Length; j++) slopes[j] = T.CreateTruncating(scratch.Slopes[j]);
        for (int j = 0; j < x.Length; j++) state[j] = T.CreateTruncating(x[j]);
        if (!Vectors.AreFinite<T>(state)) state.Fill(T.NaN);
    }
}
