using FlowDsl.Generators.Planning.Arithmetic;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// Mirrored means where one of each pair weighs nothing: as soon as the largest weight exceeds all that opposite components
/// can have by more bits than a sum has, |l| decides for the pair and the sign of l for its side.
/// </summary>
/// <param name="isOwned">Whether one component alone has any weight.</param>
internal sealed class OneSidedForm(bool isOwned) : IEvaluationForm
{
    public string Name => isOwned ? "one-sided pairs, one owner" : "one-sided pairs";

    public string Equation => "F = A x + c + Σ_p ±d_p w_p / Σ_p w_p, w_p = 2^(|l_p| + b_p - max), l_p the logit of pair p, affine in x, and ± its sign";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (MirroredLogits.Of(evaluation) is not { } logits) return null;
        // The lesser one of a pair has at most its bias; all of them together must not matter.
        double needed = logits.Biases.Max() + evaluation.NegligibleBits + PowersOfTwo.Of(logits.Count);
        bool isExact = logits.MiddleBias >= needed;
        if ((!isExact && !Covers(logits, needed)) || (isOwned && !Separation.Covers(evaluation))) return null;

        graph.Section("The logit of the nearer component of each pair, in bits.");
        Node[] y = logits.Centred(graph, x);
        bool hasMiddle = !double.IsNegativeInfinity(logits.MiddleBias);
        Node? max = hasMiddle ? graph.Constant(logits.MiddleBias) : null;
        Node[] linear = new Node[logits.Count], absolute = new Node[logits.Count];
        for (int pair = 0; pair < linear.Length; pair++)
        {
            linear[pair] = logits.Linear(graph, pair, y);
            absolute[pair] = Graph.Named(graph.Add(Graph.Labelled(graph.Abs(linear[pair]), "magnitude" + Text(pair)), graph.Constant(logits.Biases[pair])),
                "nearer" + Text(pair));
            max = max is null ? absolute[pair] : Graph.Labelled(graph.Max(absolute[pair], max), "maxLogit");
        }
        Graph.Named(max!, "maxLogit");
        graph.Section("The weights relative to the likeliest component; signed by their sides, they make up the slope.");
        var sums = new WeightedSums(graph, x.Length, isOwned ? Separation.Needed(evaluation) : null,
            evaluation.IsCoarse(Enumerable.Range(0, logits.Count).Max(logits.OwnLogit)));
        if (hasMiddle) sums.AddToTotal(sums.Weight(graph.Subtract(graph.Constant(logits.MiddleBias), max!), "weight"));
        for (int pair = 0; pair < logits.Count; pair++)
        {
            Node weight = sums.Weight(graph.Subtract(absolute[pair], max!), "weight" + Text(pair));
            sums.AddToTotal(weight);
            Node signed = Graph.Named(graph.CopySign(weight, linear[pair]), "signed" + Text(pair));
            for (int j = 0; j < x.Length; j++) sums.AddToSum(j, signed, graph.Constant(logits.HalfDifference(pair, j)));
        }
        Node? excess = sums.Excess();
        if (!isExact)
        {
            graph.Section("Positive where the farther components could matter: the loop form takes over such samples.");
            Node farther = Graph.Named(graph.Subtract(graph.Constant(needed), max!), "excess");
            excess = excess is null ? farther : graph.Max(farther, excess);
        }
        return new Slope([.. x.Select((_, j) => logits.Common(x, j))], sums.Fractions(), excess);
    }

    /// <summary>Whether the largest weight is large enough wherever samples are: around each component, its own is.</summary>
    private static bool Covers(MirroredLogits logits, double needed)
        => double.IsNegativeInfinity(logits.MiddleBias)
            && Enumerable.Range(0, logits.Count).All(pair => logits.OwnLogit(pair) - Evaluation.Rare * logits.OwnDeviation(pair)
                + logits.Biases[pair] >= needed);
}
