using System.ComponentModel;
using System.Numerics;
using System.Text;
using FlowDsl.Mathematics.Maps;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Maps;

/// <summary>A flow map with its tables; made by generated code. Thread-safe.</summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TabulatedMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AxisKernel<T>? _kernel;

    /// <summary>Reads a map.</summary>
    /// <param name="descriptor">Its descriptor.</param>
    /// <param name="base64">Base64 of its tables, segment by segment.</param>
    public TabulatedMap(SamplerDescriptor descriptor, ReadOnlySpan<byte> base64)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Descriptor = descriptor;
        Axes = FlowAxes.Find(descriptor.Model.Mixture, out string reason)
            ?? throw new ArgumentException($"The flow does not split: {reason}.", nameof(descriptor));
        LineTable[] tables = LineTableData.Read(Convert.FromBase64String(Encoding.ASCII.GetString(base64)));
        int lines = Axes.Lines.Length;
        Segments =
        [
            .. Enumerable.Range(0, descriptor.SegmentCount).Select(i => MapSegment.Of(
                descriptor.Model, Axes, descriptor.Times[i], descriptor.Times[i + 1], tables[(i * lines)..((i + 1) * lines)])),
        ];
        if (Axes.Span is null) _kernel = new AxisKernel<T>(Axes, Segments);
        else Span = new SpanMap(Axes, Segments);
    }

    /// <summary>The sampler.</summary>
    internal SamplerDescriptor Descriptor { get; }

    /// <summary>The axes along which it splits.</summary>
    internal FlowAxes Axes { get; }

    /// <summary>The segments.</summary>
    internal MapSegment[] Segments { get; }

    /// <summary>The map along a span's axes; null along given coordinates.</summary>
    internal SpanMap? Span { get; }

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T})"/>
    public void Integrate(Span<T> states) => Integrate(states, default, 0, Segments.Length);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{T}, int, int)"/>
    public void Integrate(Span<T> states, Span<T> history, int firstSegment, int segmentCount)
    {
        if (_kernel is not null)
        {
            BlockDriver.Integrate(_kernel, states, history, firstSegment, segmentCount);
            return;
        }
        PointFunctions.CheckRows(states.Length, Descriptor.Dimension);
        BlockDriver.CheckSegments(Segments.Length, firstSegment, segmentCount);
        BlockDriver.CheckHistory(history.Length, states.Length, 0);
        Span!.Integrate(states, firstSegment, segmentCount);
    }
}
