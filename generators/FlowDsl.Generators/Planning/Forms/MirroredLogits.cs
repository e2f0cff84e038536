using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Structure;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>What the forms for mirrored means share: one linear function a pair, and slopes that differ by its sign.</summary>
internal sealed class MirroredLogits
{
    private readonly MirroredMeans _means;
    private readonly ComponentCoefficients[] _components;
    private readonly SharedLogits _logits;

    private MirroredLogits(Evaluation evaluation, MirroredMeans means)
    {
        (_means, _components) = (means, evaluation.Components);
        _logits = SharedLogits.About(_components, [.. means.Centre.Select(value => evaluation.Field.Point.A * value)]);
        Biases = [.. means.Pairs.Select(pair => _logits.Biases[pair.Component])];
    }

    public int Count => _means.Pairs.Length;

    /// <summary>The pairs' common biases.</summary>
    public double[] Biases { get; }

    /// <summary>The bias of the component at the centre; -∞ where there is none.</summary>
    public double MiddleBias => _means.Middle < 0 ? double.NegativeInfinity : _logits.Biases[_means.Middle];

    public static MirroredLogits? Of(Evaluation evaluation)
        => evaluation.Block.Mirrored is { } means && evaluation.HasAffineLogits ? new MirroredLogits(evaluation, means) : null;

    public Node[] Centred(Graph graph, Node[] x) => _logits.Centred(graph, x);

    /// <summary>The logit of a pair's component without its bias; its opposite has the negative.</summary>
    public Node Linear(Graph graph, int pair, Node[] y)
        => Graph.Named(_logits.Linear(graph, _means.Pairs[pair].Component, y), "logit" + Text(pair));

    /// <summary>|g| of a pair.</summary>
    public double GradientNorm(int pair) => Math.Sqrt(_logits.Gradients[_means.Pairs[pair].Component].Sum(value => value * value));

    /// <summary>The logit of a pair's component at its own centre, without the bias.</summary>
    public double OwnLogit(int pair)
    {
        int k = _means.Pairs[pair].Component;
        return Enumerable.Range(0, _logits.Origin.Length).Sum(j => _logits.Gradients[k][j] * (_components[k].Centre[j] - _logits.Origin[j]));
    }

    /// <summary>The standard deviation of a pair's logit over the samples of its own component.</summary>
    /// <remarks>g = C⁻¹c log2 e, so that gᵀCg = g·c log2 e.</remarks>
    public double OwnDeviation(int pair) => Math.Sqrt(PowersOfTwo.LogTwoE * OwnLogit(pair));

    /// <summary>Half the difference of a pair's constants in a coordinate.</summary>
    public double HalfDifference(int pair, int j)
    {
        (int component, int opposite) = _means.Pairs[pair];
        return 0.5 * (_components[component].Constant[j] - _components[opposite].Constant[j]);
    }

    /// <summary>The part of the slope that all components share, in a coordinate.</summary>
    public LinearSum Common(Node[] x, int j)
    {
        (int component, int opposite) = _means.Pairs[0];
        return AffineForm.Linear(_components[0], x, j).Plus(0.5 * (_components[component].Constant[j] + _components[opposite].Constant[j]));
    }
}
