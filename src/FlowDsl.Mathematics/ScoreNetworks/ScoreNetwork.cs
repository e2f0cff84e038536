using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.ScoreNetworks;

namespace FlowDsl.Mathematics;

/// <summary>
/// A network of ReLU and ReQU units that computes a mixture's score to a given accuracy, built without training: the construction behind
/// arXiv:2606.03820's approximation theorem with every weight explicit.
/// </summary>
/// <remarks>
/// In (x, t): e^{-βt} by doubling; the variances at t and their reciprocals; with unequal covariances the logarithms of the variances; the
/// logits by products; their softmax; and the score by products with x. At one time everything except the softmax is folded into weights: with one
/// covariance the logits are affine in x, and the score is affine in x and in the responsibilities. <see cref="NetworkFunctions"/> has the parts,
/// <see cref="ScoreNetworkBound"/> the resulting error.
/// </remarks>
public sealed class ScoreNetwork
{
    private readonly Lazy<LayeredNetwork> _layered;

    private ScoreNetwork(
        NetworkBuilder builder, (double, double)[] inputs, AffineForm[] outputs, ScoreNetworkOptions options, ScoreNetworkPrecision precision, double guarantee,
            double rounding)
    {
        (Units, Outputs, Inputs, Options, Precision, Guarantee, Rounding) = (builder.Units, outputs, inputs.Length, options, precision, guarantee, rounding);
        _layered = new(() => LayeredNetwork.Of([.. inputs.Select(range => range.Item1)], Units, Outputs));
    }

    /// <summary>The options.</summary>
    public ScoreNetworkOptions Options { get; }

    /// <summary>The precision of its parts.</summary>
    public ScoreNetworkPrecision Precision { get; }

    /// <summary>The bound on its error in exact arithmetic, at most <see cref="ScoreNetworkOptions.Accuracy"/>.</summary>
    public double Guarantee { get; }

    /// <summary>An estimate of the error that rounding to double adds.</summary>
    public double Rounding { get; }

    /// <summary>The number of inputs: the d coordinates, then t if it is an input.</summary>
    public int Inputs { get; }

    /// <summary>The layered network.</summary>
    public LayeredNetwork Layers => _layered.Value;

    internal IReadOnlyList<NetworkUnit> Units { get; }

    internal AffineForm[] Outputs { get; }

    /// <summary>Why a network cannot be built; null if it can.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Stops the search for its parts.</param>
    public static (string Argument, string Reason)? Obstacle(
        Mixture mixture, Process process, ScoreNetworkOptions options, CancellationToken cancellationToken = default)
    {
        if (DeclaredObstacle(mixture, process, options) is { } obstacle) return obstacle;
        return new ScoreNetworkDesign(mixture, process, options, cancellationToken).Choose() is null ? s_outOfReach : null;
    }

    private static readonly (string Argument, string Reason) s_outOfReach
        = ("Accuracy", "no network computed in double precision is known to have it for this mixture, whose numbers are of very different sizes; ask for less");

    private static (string Argument, string Reason)? DeclaredObstacle(Mixture mixture, Process process, ScoreNetworkOptions options)
    {
        if (!(options.Accuracy > 0) || double.IsInfinity(options.Accuracy)) return ("Accuracy", "it must be positive and finite");
        if (!(options.P >= 1)) return ("P", "it must be at least 1");
        if (options.P > MaxP && !double.IsInfinity(options.P)) return ("P", $"it must be at most {MaxP}, or infinite");
        if (options.Time is null && process.Definition.HasSchedule)
            return ("TimeDependent", "training steps as an input would take a unit for each of them; build it for one time");
        bool isUniform = options.Time is not null && mixture.HasSharedCovariance && mixture.Count > 1;
        if (double.IsInfinity(options.P) && !isUniform)
            return ("P", "a bound for every x needs a network at one time and a mixture of several components with one covariance; use a finite P");
        if (options.Time is { } time && !(time >= process.EarlyStop && time <= process.Horizon))
            return ("Time", $"it must be from {PortableNumber.Format(process.EarlyStop)} to {PortableNumber.Format(process.Horizon)}");
        double least = options.Time is { } at ? process.At(at).Spread(mixture.MinVariance) : ScoreNetworkDesign.Range(process, mixture.MinVariance).Low;
        if (!(least > 0)) return ("EarlyStop", "a component's variance vanishes there and the score has no bound; stop earlier");
        double weights = Weights(mixture);
        if (weights > MaxWeights)
            return ("Accuracy", $"networks of up to {MaxWeights} weights are built, and that of this mixture has about {PortableNumber.Format(weights, 2)}");
        double rounding = new ScoreNetworkBound(mixture, process, options).Rounding();
        // An overflow is out of reach too.
        if (double.IsNaN(rounding) || double.IsInfinity(rounding)) return s_outOfReach;
        return options.Accuracy > rounding
            ? null
            : ("Accuracy", $"it must be greater than about {PortableNumber.Format(rounding, 2)}, which is what rounding to double precision leaves");
    }

    // The size of the widest layers: products of components and axes.
    private static double Weights(Mixture mixture)
    {
        double d = mixture.Dimension, k = mixture.Count;
        if (mixture.Covariances.All(covariance => covariance.IsIsotropic)) return 8 * k * d;
        double dense = mixture.Covariances.Any(covariance => covariance.Basis is not null) ? d * d : d;
        return mixture.HasSharedCovariance ? 8 * k * d + 8 * dense : 8 * k * d * dense;
    }

    /// <summary>The maximum estimated number of weights of a network.</summary>
    public const int MaxWeights = 2_000_000;

    /// <summary>The maximum finite p.</summary>
    public const double MaxP = 16;

    /// <summary>Builds a network.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Stops the search for its parts and their assembly.</param>
    /// <exception cref="ArgumentException">There is no such network, or it would be useless; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ScoreNetwork Build(Mixture mixture, Process process, ScoreNetworkOptions options, CancellationToken cancellationToken = default)
    {
        if (DeclaredObstacle(mixture, process, options) is { } obstacle) throw Refusal(obstacle);
        var design = new ScoreNetworkDesign(mixture, process, options, cancellationToken);
        (ScoreNetworkPrecision precision, double guarantee) = design.Choose() ?? throw Refusal(s_outOfReach);
        int d = mixture.Dimension;
        var inputs = new List<(double, double)>(Enumerable.Repeat((double.NegativeInfinity, double.PositiveInfinity), d));
        if (options.Time is null) inputs.Add((process.EarlyStop, process.Horizon));
        var builder = new NetworkBuilder([.. inputs], cancellationToken);
        var clock = NetworkClock.Of(builder, mixture, process, options, precision);
        AffineForm[] x = [.. Enumerable.Range(0, d).Select(builder.Input)];
        AffineForm[] score = new ScoreNetworkFields(builder, mixture, clock, precision).Score(x);
        return new ScoreNetwork(builder, [.. inputs], score, options, precision, guarantee, design.Bound.Rounding());

        static ArgumentException Refusal((string Argument, string Reason) obstacle)
            => new($"There is no such score network, for its {obstacle.Argument}: {obstacle.Reason}.", nameof(options));
    }
}
