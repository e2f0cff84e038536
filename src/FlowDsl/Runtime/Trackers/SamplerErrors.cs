using System.ComponentModel;
using System.Numerics;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Trackers;

/// <summary>The calls of one sampler that take errors. What they need is made when the first of them comes. Thread-safe.</summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SamplerErrors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _d;
    private readonly Lazy<SamplerPath<T>> _path;
    private readonly Lazy<ErrorTracker<T>> _tracker;

    internal SamplerErrors(SamplerDescriptor descriptor, Func<SamplerPath<T>> path, Func<SamplerPath<T>, ErrorTracker<T>> tracker)
    {
        _d = descriptor.Dimension;
        // An exception is not kept: a student that lacks its weights may get them.
        _path = new(path, LazyThreadSafetyMode.PublicationOnly);
        _tracker = new(() => tracker(_path.Value), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{FlowError})"/>
    public void Integrate(Span<T> states, Span<FlowError> errors)
    {
        Check(states, errors);
        _tracker.Value.Integrate(states, errors);
    }

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.IntegrateWithMargins"/>
    public void IntegrateWithMargins(Span<T> states, Span<FlowError> errors)
    {
        Check(states, errors);
        _path.Value.Integrate(states, errors);
    }

    private void Check(Span<T> states, Span<FlowError> errors)
    {
        PointFunctions.CheckRows(states.Length, _d);
        PointFunctions.CheckErrors(states.Length, _d, errors.Length);
    }
}
