namespace FlowDsl;

/// <summary>
/// Declares a learned flow map: one small network per segment of a time grid, trained to reproduce the exact flow. Once there are weights it is
/// compiled into a sampler. Each becomes a nested type of this name that implements <see cref="IFlowStudent{TSelf}"/>.
/// </summary>
/// <param name="name">The name of the nested type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class StudentAttribute(string name) : Attribute
{
    /// <summary>The name of the nested type.</summary>
    public string Name { get; } = name;

    /// <summary>The number of segments, each with its own network; from 1 to 1000.</summary>
    public int Segments { get; set; } = 8;

    /// <summary>How the segments are placed; <see cref="Grid.Auto"/> is <see cref="Grid.ExpectedStability"/>.</summary>
    public Grid Grid { get; set; }

    /// <summary>The number of units per hidden layer; from 1 to 4096.</summary>
    public int Width { get; set; } = 128;

    /// <summary>The number of hidden layers; from 1 to 16.</summary>
    public int Depth { get; set; } = 2;

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation { get; set; }

    /// <summary>What the network's output means.</summary>
    public StudentForm Form { get; set; }

    /// <summary>A bound on the absolute value of each weight, positive; none by default. Training clamps to it after every step.</summary>
    public double WeightBound { get; set; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="WeightBound"/> bounds biases too.</summary>
    public bool BoundBiases { get; set; }

    /// <summary>
    /// The name of the sampler of the type that the student learns from: its solver takes its own steps, plus the ends of the segments. The default
    /// is Runge-Kutta 4 on the angle grid with 16 steps per segment and at least 64.
    /// </summary>
    public string? Reference { get; set; }

    /// <summary>
    /// The name of a safetensors file among the AdditionalFiles whose weights are compiled in; files below the project are found without further setup.
    /// </summary>
    public string? Weights { get; set; }
}
