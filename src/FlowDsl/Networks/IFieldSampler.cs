namespace FlowDsl;

/// <summary>
/// A sampler that also runs with a network in place of the mixture's field: the mixture plans, the network gives the slopes. States are float, x, and
/// rows, as for <see cref="IFlowSampler{TSelf, T}"/>.
/// </summary>
/// <typeparam name="TSelf">The sampler.</typeparam>
public interface IFieldSampler<TSelf>
    where TSelf : IFieldSampler<TSelf>
{
    /// <summary>The sampler on any network of the declared kind.</summary>
    static abstract FieldSampler FieldSampler { get; }

    /// <inheritdoc cref="FieldSampler.Integrate(Span{float}, INetworkField)"/>
    static abstract void Integrate(Span<float> states, INetworkField field);

    /// <inheritdoc cref="FieldSampler.Integrate(Span{float}, INetworkField, int, int)"/>
    static abstract void Integrate(Span<float> states, INetworkField field, int firstSegment, int segmentCount);

    /// <inheritdoc cref="FieldSampler.Integrate(Span{float}, INetworkField, Span{float}, int, int)"/>
    static abstract void Integrate(Span<float> states, INetworkField field, Span<float> history, int firstSegment, int segmentCount);

    /// <inheritdoc cref="FieldSampler.Integrate(Span{float}, Span{FlowError}, INetworkField)"/>
    static abstract void Integrate(Span<float> states, Span<FlowError> errors, INetworkField field);
}
