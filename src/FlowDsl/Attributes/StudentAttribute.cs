namespace FlowDsl;

/// <summary>
/// Declares a learned flow map: for each segment of a time grid a small network that is trained to map what the exact flow maps, compiled into a
/// sampler once there are weights. Each becomes a nested type of its name that implements <see cref="IFlowStudent{TSelf}"/>.
/// </summary>
/// <param name="name">The name of the nested type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class StudentAttribute(string name) : Attribute
{
    /// <summary>The name of the nested type.</summary>
    public string Name { get; } = name;

    /// <summary>The number of segments, each with a network of its own; from 1 to 1000.</summary>
    public int Segments { get; set; } = 8;

    /// <summary>How the segments are placed; <see cref="Grid.Auto"/> is <see cref="Grid.ExpectedStability"/>.</summary>
    public Grid Grid { get; set; }

    /// <summary>The units of a hidden layer; from 1 to 4096.</summary>
    public int Width { get; set; } = 128;

    /// <summary>The number of hidden layers; from 1 to 16.</summary>
    public int Depth { get; set; } = 2;

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation { get; set; }

    /// <summary>What the network's output means.</summary>
    public StudentForm Form { get; set; }

    /// <summary>A bound of the absolute value of each weight and bias, positive; none by default.</summary>
    public double WeightBound { get; set; } = double.PositiveInfinity;

    /// <summary>
    /// The name of the sampler of the type that the student learns from: its solver takes its own steps, with the ends of the segments between
    /// them. Without one it is Runge-Kutta 4 on the angle grid, in 16 steps a segment and at least 64.
    /// </summary>
    public string? Reference { get; set; }

    /// <summary>The name of a safetensors file among the AdditionalFiles whose weights are compiled in; files below the project are found without further setup.</summary>
    public string? Weights { get; set; }
}
