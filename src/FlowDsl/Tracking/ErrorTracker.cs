using System.Buffers;
using System.Numerics;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>A sampler's flow over all segments.</summary>
internal delegate void Flow<T>(Span<T> states);

/// <summary>A sampler's flow over some segments.</summary>
internal delegate void FlowSegments<T>(Span<T> states, int firstSegment, int segmentCount);

/// <summary>Runs a sampler beside the same solver on half steps, and reads the error off the difference.</summary>
/// <remarks>Samples pass in blocks that stay in the cache; a block's states are those of the untracked call.</remarks>
internal abstract class ErrorTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Values of a block: its copies stay in the second-level cache.
    private const int BlockValues = 8192;

    private readonly Flow<T> _flow;
    private readonly int _d;

    protected ErrorTracker(SamplerDescriptor descriptor, Flow<T> flow)
    {
        (_flow, _d) = (flow, descriptor.Dimension);
        SegmentCount = descriptor.SegmentCount;
        ChartFrame frame = descriptor.Chart switch
        {
            Chart.State => ChartFrame.State,
            Chart.Edm => ChartFrame.Edm,
            _ => ChartFrame.Canonical(descriptor.ChartVariance),
        };
        Process process = descriptor.Model.Process;
        var halves = FlowProgram.Create(process, frame, descriptor.Solver, Bisection.Times(process, frame, descriptor.Solver, descriptor.Times));
        Halves = new TableKernel<T>(descriptor.Model.Mixture, halves);
        // S_h - S_(h/2)S_(h/2) is (2^p - 1) times the error of the two half steps.
        Ratio = 1 / (Math.Pow(2, SolverMethod.Of(descriptor.Solver).Order) - 1);
    }

    protected int SegmentCount { get; }

    /// <summary>The solver on half steps: segments 2i and 2i + 1 are the sampler's segment i.</summary>
    protected TableKernel<T> Halves { get; }

    /// <summary>1/(2^p - 1), p the order.</summary>
    protected double Ratio { get; }

    public static ErrorTracker<T> Create(SamplerDescriptor descriptor, Flow<T> flow, FlowSegments<T> segments) => descriptor.Tracking switch
    {
        Tracking.None => new NoTracker<T>(descriptor, flow),
        _ when descriptor.HistoryLength > 0 => new RichardsonTracker<T>(descriptor, flow),
        Tracking.Local => new LocalTracker<T>(descriptor, flow, segments),
        _ => new CompanionTracker<T>(descriptor, flow, segments),
    };

    public void Integrate(Span<T> states, Span<FlowError> errors)
    {
        int block = Math.Max(BlockValues / _d, 1) * _d;
        T[] copies = ArrayPool<T>.Shared.Rent(2 * Math.Min(block, states.Length));
        for (int first = 0; first < states.Length; first += block)
        {
            Span<T> part = states.Slice(first, Math.Min(block, states.Length - first));
            Track(part, copies.AsSpan(0, part.Length), copies.AsSpan(part.Length, part.Length), errors.Slice(first / _d, part.Length / _d));
        }
        ArrayPool<T>.Shared.Return(copies);
    }

    /// <summary>Integrates a block and estimates its errors.</summary>
    /// <param name="states">The block, in place.</param>
    /// <param name="first">Memory of its length.</param>
    /// <param name="second">The same.</param>
    /// <param name="errors">Receives an error a sample.</param>
    protected abstract void Track(Span<T> states, Span<T> first, Span<T> second, Span<FlowError> errors);

    protected void Integrate(Span<T> states) => _flow(states);

    /// <summary>The distance of two blocks, sample by sample.</summary>
    protected double Distance(ReadOnlySpan<T> left, ReadOnlySpan<T> right, int sample)
    {
        double sum = 0;
        for (int j = sample * _d; j < (sample + 1) * _d; j++)
        {
            double difference = double.CreateTruncating(left[j]) - double.CreateTruncating(right[j]);
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }
}

/// <summary>No estimate.</summary>
internal sealed class NoTracker<T>(SamplerDescriptor descriptor, Flow<T> flow) : ErrorTracker<T>(descriptor, flow)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Track(Span<T> states, Span<T> first, Span<T> second, Span<FlowError> errors)
    {
        Integrate(states);
        errors.Fill(new FlowError(double.NaN, double.PositiveInfinity));
    }
}

/// <summary>
/// The companion: a twin run by local extrapolation, x̃ ← S_(h/2)S_(h/2) + (S_(h/2)S_(h/2) - S_h)/(2^p - 1) from its own state, an order more
/// exact; the error is x̂ - x̃.
/// </summary>
internal sealed class CompanionTracker<T>(SamplerDescriptor descriptor, Flow<T> flow, FlowSegments<T> segments) : ErrorTracker<T>(descriptor, flow)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Track(Span<T> states, Span<T> first, Span<T> second, Span<FlowError> errors)
    {
        Span<T> companion = first, whole = second;
        states.CopyTo(companion);
        T ratio = T.CreateTruncating(Ratio);
        for (int segment = 0; segment < SegmentCount; segment++)
        {
            companion.CopyTo(whole);
            segments(whole, segment, 1);
            BlockDriver.Integrate(Halves, companion, 2 * segment, 2);
            Extrapolate(companion, whole, ratio);
        }
        Integrate(states);
        for (int i = 0; i < errors.Length; i++) errors[i] = new FlowError(Distance(states, companion, i), double.PositiveInfinity);
    }

    private static void Extrapolate(Span<T> halves, ReadOnlySpan<T> whole, T ratio)
    {
        int i = 0;
        Vector<T> factor = new(ratio);
        for (; i + Vector<T>.Count <= halves.Length; i += Vector<T>.Count)
        {
            Vector<T> better = new(halves[i..]);
            SimdMath.MultiplyAdd(better - new Vector<T>(whole[i..]), factor, better).CopyTo(halves[i..]);
        }
        // The same arithmetic for what is left, so that a sample's bits do not depend on its place.
        for (; i < halves.Length; i++) halves[i] = T.MultiplyAddEstimate(halves[i] - whole[i], ratio, halves[i]);
    }
}

/// <summary>Local errors (S_h - S_(h/2)S_(h/2))/(1 - 2^-p) from the sampler's own states; the estimate is the sum of their lengths.</summary>
internal sealed class LocalTracker<T>(SamplerDescriptor descriptor, Flow<T> flow, FlowSegments<T> segments) : ErrorTracker<T>(descriptor, flow)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _composes = descriptor.ComposesExactly;

    protected override void Track(Span<T> states, Span<T> first, Span<T> second, Span<FlowError> errors)
    {
        Span<T> path = first, halves = second;
        states.CopyTo(path);
        errors.Fill(new FlowError(0, double.PositiveInfinity));
        for (int segment = 0; segment < SegmentCount; segment++)
        {
            path.CopyTo(halves);
            BlockDriver.Integrate(Halves, halves, 2 * segment, 2);
            segments(path, segment, 1);
            for (int i = 0; i < errors.Length; i++) errors[i] = errors[i] with { Estimate = errors[i].Estimate + Distance(path, halves, i) * (1 + Ratio) };
        }
        if (_composes) path.CopyTo(states);
        else Integrate(states);
    }
}

/// <summary>Richardson's extrapolation over all steps, x̂_N - x̂_2N over 1 - 2^-p: multistep solvers cannot start anew at each step.</summary>
internal sealed class RichardsonTracker<T>(SamplerDescriptor descriptor, Flow<T> flow) : ErrorTracker<T>(descriptor, flow)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Track(Span<T> states, Span<T> first, Span<T> second, Span<FlowError> errors)
    {
        states.CopyTo(first);
        BlockDriver.Integrate(Halves, first);
        Integrate(states);
        for (int i = 0; i < errors.Length; i++) errors[i] = new FlowError(Distance(states, first, i) * (1 + Ratio), double.PositiveInfinity);
    }
}
