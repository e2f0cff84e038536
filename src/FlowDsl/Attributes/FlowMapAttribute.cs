namespace FlowDsl;

/// <summary>
/// Declares an exact flow map: where the probability flow splits into flows on a line, each is tabulated at compile time, with a proved error and
/// without training. Each becomes a nested type of this name that implements <see cref="IFlowSampler{TSelf, T}"/>.
/// </summary>
/// <param name="name">The name of the nested type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class FlowMapAttribute(string name) : Attribute
{
    /// <summary>The name of the nested type.</summary>
    public string Name { get; } = name;

    /// <summary>The number of segments, each with its own tables; from 1 to 100.</summary>
    public int Segments { get; set; } = 1;

    /// <summary>How the segments are placed; <see cref="Grid.Auto"/> is <see cref="Grid.ExpectedStability"/>.</summary>
    public Grid Grid { get; set; }

    /// <summary>The greatest error of a segment's map: a distance in units of x, positive. What is proved of it is in the descriptor.</summary>
    public double Accuracy { get; set; } = 1e-6;

    /// <summary>The precision of the states.</summary>
    public Precision Precision { get; set; }
}
