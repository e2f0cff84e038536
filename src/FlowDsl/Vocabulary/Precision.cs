namespace FlowDsl;

/// <summary>The floating-point type of a sampler's states and arithmetic.</summary>
public enum Precision
{
    /// <summary>32-bit: <see cref="float"/>.</summary>
    Single,

    /// <summary>64-bit: <see cref="double"/>.</summary>
    Double,
}
