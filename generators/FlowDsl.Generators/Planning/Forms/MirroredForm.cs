using System.Globalization;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// Mirrored means while no logit can overflow: one exponential and its reciprocal a pair, whose sum counts in the total
/// (2 cosh l) and whose difference in the numerators (2 sinh l).
/// </summary>
internal sealed class MirroredForm : IEvaluationForm
{
    public string Name => "mirrored pairs";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (MirroredLogits.Of(evaluation) is not { } logits) return null;
        double steepest = Enumerable.Range(0, logits.Count).Max(logits.GradientNorm), reach = evaluation.GreatestExponent / steepest;
        if (evaluation.GreatestDistance(evaluation.Block.Mirrored!.Centre) > reach) return null;

        graph.Section("Opposite components: logits l and -l, in bits, without what all have in common.");
        Node[] y = logits.Centred(graph, x);
        Node[] linear = [.. Enumerable.Range(0, logits.Count).Select(pair => logits.Linear(graph, pair, y))];
        graph.Section("Their weights, as sums (for the total) and differences (for the numerators).");
        Node total = graph.Constant(Bits.PowerOfTwo(logits.MiddleBias, evaluation));
        var odd = new Node[logits.Count];
        for (int pair = 0; pair < odd.Length; pair++)
        {
            string name = pair.ToString(CultureInfo.InvariantCulture);
            (Node up, Node down) = graph.Exp2Pair(linear[pair]);
            Graph.Named(up, "up" + name);
            Graph.Named(down, "down" + name);
            odd[pair] = Graph.Named(graph.Subtract(up, down), "odd" + name);
            total = graph.MultiplyAdd(graph.Add(up, down), graph.Constant(Bits.PowerOfTwo(logits.Biases[pair], evaluation)), total);
        }
        Graph.Named(total, "total");
        graph.Section("Σ odd · constant over the total is what the slope adds to its affine part.");
        return new Slope(
            [.. x.Select((_, j) => logits.Common(x, j))],
            [.. x.Select((_, j) => Softmax.Fraction(graph, odd, total, odd.Select((_, pair) => Bits.PowerOfTwo(logits.Biases[pair], evaluation) * logits.HalfDifference(pair, j)), "sum" + j.ToString(CultureInfo.InvariantCulture)))],
            Region.Beyond(graph, y, reach));
    }
}
