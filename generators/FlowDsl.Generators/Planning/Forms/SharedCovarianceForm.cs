using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>One covariance for all components: energies affine in x, and slopes that differ by constants.</summary>
/// <param name="isOwned">Whether one component alone has any weight.</param>
internal sealed class SharedCovarianceForm(bool isOwned) : IEvaluationForm
{
    // Means that lie off the origin by more than this many times their own extent lose digits to it.
    private const double FarOff = 4;

    public string Name => isOwned ? "affine energies, one owner" : "affine energies";

    public string Equation => "F = A x + Σ w_k c_k / Σ w_k, w_k = 2^(min E - E_k), the energies E_k without their common part affine in x";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        ComponentCoefficients[] components = evaluation.Components;
        if (components.Length == 1 || !evaluation.HasAffineLogits) return null;
        if (isOwned && !Separation.Covers(evaluation)) return null;
        var logits = SharedLogits.About(components, Origin(components));
        graph.Section("The energies without their common part, in bits.");
        Node[] y = logits.Centred(graph, x);
        var energies = new Node[components.Length];
        for (int k = 0; k < energies.Length; k++)
        {
            LinearSum sum = LinearSum.Zero.Plus(-logits.Biases[k]);
            for (int j = 0; j < y.Length; j++) sum = sum.Plus(y[j], -logits.Gradients[k][j]);
            energies[k] = Graph.Named(sum.ToNode(graph, "energy" + Text(k)), "energy" + Text(k));
        }
        graph.Section("The weights relative to the likeliest component, their total, and the weighted sum of the constants.");
        var sums = new WeightedSums(graph, x.Length, isOwned ? Separation.Needed(evaluation) : null, evaluation.IsCoarse(logits.Typical(components)));
        sums.AddAll(energies, (k, weight) =>
        {
            for (int j = 0; j < x.Length; j++) sums.AddToSum(j, weight, graph.Constant(components[k].Constant[j]));
        });
        return new Slope([.. x.Select((_, j) => AffineForm.Linear(components[0], x, j))], sums.Fractions(), sums.Excess());
    }

    /// <summary>The middle of the centres where these lie far off; else 0, which saves the subtraction.</summary>
    private static double[] Origin(ComponentCoefficients[] components)
    {
        int d = components[0].Centre.Length;
        double[] middle = [.. Enumerable.Range(0, d).Select(j => 0.5 * (components.Min(c => c.Centre[j]) + components.Max(c => c.Centre[j])))];
        double reach = Enumerable.Range(0, d).Max(j => components.Max(c => Math.Abs(c.Centre[j] - middle[j])));
        return middle.Max(Math.Abs) <= FarOff * reach ? new double[d] : middle;
    }
}
