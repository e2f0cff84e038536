using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>Describes a score network at run time.</summary>
public sealed class ScoreNetworkDescriptor
{
    private readonly Lazy<ScoreNetwork> _network;

    /// <summary>Describes a network; called by generated code.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="model">The mixture and process.</param>
    /// <param name="options">The options.</param>
    public ScoreNetworkDescriptor(string name, GaussianMixtureModel model, ScoreNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        (Name, Model, Options) = (name, model, options);
        _network = new(() => ScoreNetwork.Build(model.Mixture, model.Process, options));
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>The mixture and process whose score it computes.</summary>
    public GaussianMixtureModel Model { get; }

    /// <summary>The options: the accuracy, p, and the time if the network is valid at one only.</summary>
    public ScoreNetworkOptions Options { get; }

    /// <summary>d.</summary>
    public int Dimension => Model.Dimension;

    /// <summary>The first time at which it is valid.</summary>
    public double Earliest => Options.Time ?? Model.Process.EarlyStop;

    /// <summary>The last time at which it is valid.</summary>
    public double Latest => Options.Time ?? Model.Process.Horizon;

    /// <summary>
    /// A bound on its error in exact arithmetic, ‖network - score‖ in L^p(p_t) at each of its times, in units of the score; at most the requested accuracy.
    /// </summary>
    public double Guarantee => Network.Guarantee;

    /// <summary>Whether the guarantee holds for every x in R^d, and not only in the mean over the law of x at t.</summary>
    public bool IsUniform => Options.Time is not null && Model.Mixture.HasSharedCovariance;

    /// <summary>An estimate of the error that rounding to double adds.</summary>
    public double Rounding => Network.Rounding;

    /// <summary>The number of hidden layers.</summary>
    public int Depth => Layers.Depth;

    /// <summary>The number of units in the widest layer.</summary>
    public int Width => Layers.Width;

    /// <summary>The number of weights and biases that are not 0.</summary>
    public int NonZeros => Layers.NonZeros;

    /// <summary>The network in layers: its inputs are the d coordinates of x, then t unless it is valid at one time only.</summary>
    public LayeredNetwork Layers => Network.Layers;

    /// <summary>The network.</summary>
    public ScoreNetwork Network => _network.Value;

    /// <summary>Describes the network, with its layers if it has already been built, which takes time.</summary>
    public override string ToString()
        => $"{Name}: the score of {NumberText.Count(Model.ComponentCount, "Gaussian")} in {NumberText.Count(Dimension, "dimension")}, "
            + $"{Options}; {Model.Process}."
            + (_network.IsValueCreated
                ? $"\n{NumberText.Count(Depth, "hidden layer")}, the widest of {NumberText.Count(Width, "unit")}; "
                    + $"{NumberText.Count(NonZeros, "weight")} that are not 0; guaranteed error {NumberText.Brief(Guarantee)}."
                : "");

    /// <summary>
    /// The network as a file in the ONNX format, of double precision and operator set <see cref="OnnxModel.OperatorSet"/>: the weights are those
    /// of <see cref="Layers"/>, as dense matrices. Any runtime that multiplies matrices of double evaluates it; ONNX Runtime does.
    /// </summary>
    /// <returns>
    /// The bytes of the file, the same on every host. Its input <see cref="OnnxModel.InputName"/> is [n, d], one point x per row, or [n, d + 1] with
    /// t in the last column unless the network is valid at one time only; its output <see cref="OnnxModel.OutputName"/> is [n, d], the scores. The
    /// file's description says what they are.
    /// </returns>
    /// <exception cref="ArgumentException">The network is too wide for the format: its dense matrices need 2³¹ bytes or more.</exception>
    public byte[] ToOnnx()
    {
        string times = Options.Time is { } time ? PortableNumber.Format(time) : $"{PortableNumber.Format(Earliest)} to {PortableNumber.Format(Latest)}";
        string norm = double.IsInfinity(Options.P) ? "for every x" : $"in L^{PortableNumber.Format(Options.P)}(p_t)";
        return OnnxModel.Write(Layers, Name,
            $"The score of a Gaussian mixture, K = {Model.ComponentCount}, d = {Dimension}, in the process {Model.Process.Description}, at t = {times}, " +
            $"to {PortableNumber.Format(Options.Accuracy)} {norm}. Input: rows of {(Options.Time is null ? "x, then t" : "x")}. Output: rows of the score.");
    }
}
