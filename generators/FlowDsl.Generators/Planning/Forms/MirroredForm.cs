using FlowDsl.Generators.Planning.Arithmetic;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// Mirrored means while no logit can overflow: one exponential and its reciprocal a pair, whose sum counts in the total
/// (2 cosh l) and whose difference in the numerators (2 sinh l).
/// </summary>
internal sealed class MirroredForm : IEvaluationForm
{
    public string Name => "mirrored pairs";

    public string Equation => "F = A x + c + Σ_p d_p w_p (2^l_p - 2^-l_p) / Σ_p w_p (2^l_p + 2^-l_p), l_p the logit of pair p, affine in x";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (MirroredLogits.Of(evaluation) is not { } logits) return null;
        double steepest = Enumerable.Range(0, logits.Count).Max(logits.GradientNorm);
        double constant = Enumerable.Range(0, logits.Count).Max(pair => Enumerable.Range(0, x.Length).Max(j => Math.Abs(logits.HalfDifference(pair, j))));
        double reach = evaluation.MaxSummedExponent(constant) / steepest;
        if (evaluation.MaxDistance(evaluation.Block.Mirrored!.Centre) > reach) return null;

        graph.Section("The weights of each pair: their sums make up the total, their differences the slope.");
        Node[] y = logits.Centred(graph, x);
        var sums = new WeightedSums(graph, x.Length);
        sums.AddToTotal(graph.Constant(PowersOfTwo.PowerOfTwo(logits.MiddleBias, evaluation)));
        for (int pair = 0; pair < logits.Count; pair++)
        {
            string name = Text(pair);
            double factor = PowersOfTwo.PowerOfTwo(logits.Biases[pair], evaluation);
            (Node up, Node down) = graph.Exp2Pair(logits.Linear(graph, pair, y));
            Graph.Named(up, "up" + name);
            Graph.Named(down, "down" + name);
            sums.AddToTotal(Graph.Labelled(graph.Add(up, down), "both" + name), factor);
            Node difference = Graph.Named(graph.Subtract(up, down), "difference" + name);
            for (int j = 0; j < x.Length; j++) sums.AddToSum(j, difference, graph.Constant(factor * logits.HalfDifference(pair, j)));
        }
        return new Slope(
            [.. x.Select((_, j) => logits.Common(x, j))],
            sums.Fractions(),
            Region.Beyond(graph, y, reach));
    }
}
