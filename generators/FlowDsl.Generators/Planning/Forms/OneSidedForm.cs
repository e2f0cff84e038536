using FlowDsl.Generators.Planning.Arithmetic;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// Mirrored means where one of each pair weighs nothing: as soon as the greatest weight exceeds all that opposite components
/// can have by more bits than a sum has, |l| decides for the pair and the sign of l for its side.
/// </summary>
/// <param name="isOwned">Whether one component alone has any weight.</param>
internal sealed class OneSidedForm(bool isOwned) : IEvaluationForm
{
    public string Name => isOwned ? "one-sided pairs, one owner" : "one-sided pairs";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (MirroredLogits.Of(evaluation) is not { } logits) return null;
        // The lesser one of a pair has at most its bias; all of them together must not matter.
        double needed = logits.Biases.Max() + evaluation.NegligibleBits + PowersOfTwo.Of(logits.Count);
        bool isExact = logits.MiddleBias >= needed;
        if ((!isExact && !Covers(logits, needed)) || (isOwned && !Separation.Covers(evaluation))) return null;

        graph.Section("The nearer one of each two opposite components has the logit |l|, in bits.");
        Node[] y = logits.Centred(graph, x);
        bool hasMiddle = !double.IsNegativeInfinity(logits.MiddleBias);
        Node? greatest = hasMiddle ? graph.Constant(logits.MiddleBias) : null;
        Node[] linear = new Node[logits.Count], absolute = new Node[logits.Count];
        for (int pair = 0; pair < linear.Length; pair++)
        {
            linear[pair] = logits.Linear(graph, pair, y);
            absolute[pair] = Graph.Named(graph.Add(graph.Abs(linear[pair]), graph.Constant(logits.Biases[pair])), "nearer" + Text(pair));
            greatest = greatest is null ? absolute[pair] : graph.Max(absolute[pair], greatest);
        }
        Graph.Named(greatest!, "greatest");
        graph.Section("Weights relative to the likeliest component; with the sides' signs they make up the slope.");
        var sums = new WeightedSums(graph, x.Length, isOwned ? Separation.Needed(evaluation) : null, evaluation.IsCoarse(Enumerable.Range(0, logits.Count).Max(logits.OwnLogit)));
        if (hasMiddle) sums.AddToTotal(sums.Weight(graph.Subtract(graph.Constant(logits.MiddleBias), greatest!), "weight"));
        for (int pair = 0; pair < logits.Count; pair++)
        {
            Node weight = sums.Weight(graph.Subtract(absolute[pair], greatest!), "weight" + Text(pair));
            sums.AddToTotal(weight);
            Node signed = Graph.Named(graph.CopySign(weight, linear[pair]), "signed" + Text(pair));
            for (int j = 0; j < x.Length; j++) sums.AddToSum(j, signed, graph.Constant(logits.HalfDifference(pair, j)));
        }
        Node? excess = sums.Excess();
        if (!isExact)
        {
            graph.Section("Positive where the farther ones could matter: such samples are integrated by the loop form.");
            Node farther = Graph.Named(graph.Subtract(graph.Constant(needed), greatest!), "excess");
            excess = excess is null ? farther : graph.Max(farther, excess);
        }
        return new Slope([.. x.Select((_, j) => logits.Common(x, j))], sums.Fractions(), excess);
    }

    /// <summary>Whether the greatest weight is great enough wherever samples are: around each component, its own one is.</summary>
    private static bool Covers(MirroredLogits logits, double needed)
        => double.IsNegativeInfinity(logits.MiddleBias)
            && Enumerable.Range(0, logits.Count).All(pair => logits.OwnLogit(pair) - Evaluation.Rare * logits.OwnDeviation(pair) + logits.Biases[pair] >= needed);
}
