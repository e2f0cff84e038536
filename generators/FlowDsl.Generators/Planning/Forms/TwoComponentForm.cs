using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Two components: one logistic function of the difference of their energies, F = F_0 + (F_1 - F_0)/(1 + 2^(E_1 - E_0)).</summary>
/// <param name="isOwned">Whether the function is a step wherever samples are.</param>
internal sealed class TwoComponentForm(bool isOwned) : IEvaluationForm
{
    public string Name => isOwned ? "logistic, one owner" : "logistic";

    public string Equation => isOwned
        ? "F = F_1 where gap = E_1 - E_0 < 0, else F_0"
        : "F = F_0 + (F_1 - F_0)/(1 + 2^gap), gap = E_1 - E_0, a polynomial of second degree in x";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (evaluation.Components is not [var first, var second]) return null;
        if (isOwned && !Separation.Covers(evaluation)) return null;
        int d = x.Length;
        graph.Section("The gap between the two energies, in bits.");
        double[] origin = Origin(evaluation, first, second);
        Node[] y = [.. x.Select((node, j) => Graph.Named(graph.Subtract(node, graph.Constant(origin[j])), "dx" + Text(j)))];
        (Node polynomial, double maxTerm) = Difference(graph, first, second, origin, y);
        Node gap = Graph.Named(polynomial, "gap");

        (Func<Node, Fraction> share, Node? excess) = isOwned ? Step(graph, evaluation, gap) : Logistic(graph, evaluation, gap, evaluation.IsCoarse(maxTerm));
        LinearSum[] affine = AffineForm.Own(first, x), other = AffineForm.Own(second, x);
        var fractions = new Fraction?[d];
        for (int j = 0; j < d; j++)
        {
            Node contrast = Graph.Named(other[j].Plus(affine[j], -1).ToNode(graph, "contrast" + Text(j)), "contrast" + Text(j));
            if (!contrast.Is(0)) fractions[j] = share(contrast);
        }
        return new Slope(affine, fractions, excess);
    }

    private static (Func<Node, Fraction> Share, Node? Excess) Logistic(Graph graph, Evaluation evaluation, Node gap, bool isCoarse)
    {
        graph.Section("The odds of the first component against the second, and the contrast of their slopes.");
        Node odds = Graph.Named(graph.Exp2(graph.Min(gap, graph.Constant(evaluation.MaxExponent)), isCoarse), "odds");
        Node total = Graph.Named(graph.Add(odds, graph.Constant(1)), "total");
        return (contrast => new Fraction(contrast, total), null);
    }

    private static (Func<Node, Fraction> Share, Node? Excess) Step(Graph graph, Evaluation evaluation, Node gap)
    {
        graph.Section("Positive where both components matter: the loop form takes over such samples.");
        Node excess = Graph.Named(graph.Subtract(graph.Constant(Separation.Needed(evaluation)), graph.Abs(gap)), "excess");
        graph.Section("The contrast of the two slopes where the second component owns the sample, else 0.");
        return (contrast => new Fraction(graph.KeepIfLess(gap, graph.Constant(0), contrast), graph.Constant(1)), excess);
    }

    /// <summary>The gap as a polynomial, and its largest term at the two centres.</summary>
    private static (Node Gap, double MaxTerm) Difference(Graph graph, ComponentCoefficients first, ComponentCoefficients second, double[] origin, Node[] y)
    {
        int d = y.Length;
        double[,] quadratic = new double[d, d];
        double[] linear = new double[d];
        double constant = 0;
        Accumulate(first, -1);
        Accumulate(second, 1);

        // Horner's scheme in the coordinates: Σ_i y_i (g_i + Σ_(j ≥ i) q_ij y_j).
        Node sum = graph.Constant(constant);
        for (int i = 0; i < d; i++)
        {
            LinearSum factor = LinearSum.Zero.Plus(linear[i]);
            for (int j = i; j < d; j++) factor = factor.Plus(y[j], (i == j ? 1 : 2) * quadratic[i, j]);
            sum = Graph.Labelled(graph.MultiplyAdd(y[i], factor.ToNode(graph, "secant" + Text(i)), sum), "gap" + Text(i));
        }
        return (sum, Math.Max(MaxTerm(first), MaxTerm(second)));

        double MaxTerm(ComponentCoefficients component)
        {
            double max = Math.Abs(constant);
            for (int i = 0; i < d; i++)
            {
                double ci = component.Centre[i] - origin[i];
                max = Math.Max(max, Math.Abs(linear[i] * ci));
                for (int j = 0; j < d; j++) max = Math.Max(max, Math.Abs(quadratic[i, j] * ci * (component.Centre[j] - origin[j])));
            }
            return max;
        }

        void Accumulate(ComponentCoefficients component, double sign)
        {
            constant += sign * component.Offset;
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    double precision = component.Precision(i, j), ci = component.Centre[i] - origin[i], cj = component.Centre[j] - origin[j];
                    quadratic[i, j] += sign * precision;
                    linear[i] -= sign * 2 * precision * cj;
                    constant += sign * ci * precision * cj;
                }
            }
        }
    }

    /// <summary>0 where it is about as near as the middle of the centres, where the polynomial's terms are smallest; else the middle.</summary>
    private static double[] Origin(Evaluation evaluation, ComponentCoefficients first, ComponentCoefficients second)
    {
        int d = first.Centre.Length;
        double[] middle = [.. Enumerable.Range(0, d).Select(j => 0.5 * (first.Centre[j] + second.Centre[j]))];
        double reach = Enumerable.Range(0, d).Max(j => Math.Abs(first.Centre[j] - middle[j]));
        double spread = Math.Sqrt(evaluation.Block.Mixture.Covariances.Min(covariance => evaluation.Field.Point.Spread(covariance.MinVariance)));
        return middle.Max(Math.Abs) <= reach + spread ? new double[d] : middle;
    }
}
