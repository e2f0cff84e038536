using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Two components: one logistic function of the difference of their energies, F = F_0 + (F_1 - F_0)/(1 + 2^(E_1 - E_0)).</summary>
/// <param name="isOwned">Whether the function is a step wherever samples are.</param>
internal sealed class TwoComponentForm(bool isOwned) : IEvaluationForm
{
    public string Name => isOwned ? "logistic, one owner" : "logistic";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (evaluation.Components is not [var first, var second]) return null;
        if (isOwned && !Separation.Covers(evaluation)) return null;
        int d = x.Length;
        graph.Section("The second component's energy less the first's, in bits: a polynomial of second degree.");
        double[] origin = Origin(evaluation, first, second);
        Node[] y = [.. x.Select((node, j) => Graph.Named(graph.Subtract(node, graph.Constant(origin[j])), "dx" + Text(j)))];
        (Node polynomial, double greatestTerm) = Difference(graph, first, second, origin, y);
        Node difference = Graph.Named(polynomial, "difference");

        (Func<Node, Fraction> share, Node? excess) = isOwned ? Step(graph, evaluation, difference) : Logistic(graph, evaluation, difference, evaluation.IsCoarse(greatestTerm));
        LinearSum[] affine = AffineForm.Own(first, x), other = AffineForm.Own(second, x);
        var fractions = new Fraction?[d];
        for (int j = 0; j < d; j++)
        {
            Node contrast = Graph.Named(other[j].Plus(affine[j], -1).ToNode(graph), "contrast" + Text(j));
            if (!contrast.Is(0)) fractions[j] = share(contrast);
        }
        return new Slope(affine, fractions, excess);
    }

    private static (Func<Node, Fraction> Share, Node? Excess) Logistic(Graph graph, Evaluation evaluation, Node difference, bool isCoarse)
    {
        graph.Section("1/r of the second component, and the difference of the two components' own slopes.");
        Node power = graph.Exp2(graph.Min(difference, graph.Constant(evaluation.MaxExponent)), isCoarse);
        Node denominator = Graph.Named(graph.Add(power, graph.Constant(1)), "inverseResponsibility");
        return (contrast => new Fraction(contrast, denominator), null);
    }

    private static (Func<Node, Fraction> Share, Node? Excess) Step(Graph graph, Evaluation evaluation, Node difference)
    {
        graph.Section("Positive where both components matter: such samples are integrated by the loop form.");
        Node excess = Graph.Named(graph.Subtract(graph.Constant(Separation.Needed(evaluation)), graph.Abs(difference)), "excess");
        graph.Section("The difference of the two components' own slopes where the second owns the sample, else 0.");
        return (contrast => new Fraction(graph.KeepIfLess(difference, graph.Constant(0), contrast), graph.Constant(1)), excess);
    }

    /// <summary>The polynomial, and the greatest of its terms at the two centres.</summary>
    private static (Node Difference, double MaxTerm) Difference(Graph graph, ComponentCoefficients first, ComponentCoefficients second, double[] origin, Node[] y)
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
            sum = graph.MultiplyAdd(y[i], factor.ToNode(graph), sum);
        }
        return (sum, Math.Max(MaxTerm(first), MaxTerm(second)));

        double MaxTerm(ComponentCoefficients component)
        {
            double greatest = Math.Abs(constant);
            for (int i = 0; i < d; i++)
            {
                double ci = component.Centre[i] - origin[i];
                greatest = Math.Max(greatest, Math.Abs(linear[i] * ci));
                for (int j = 0; j < d; j++) greatest = Math.Max(greatest, Math.Abs(quadratic[i, j] * ci * (component.Centre[j] - origin[j])));
            }
            return greatest;
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

    /// <summary>0 where it is about as near as the middle of the centres, where the polynomial's terms are least; else the middle.</summary>
    private static double[] Origin(Evaluation evaluation, ComponentCoefficients first, ComponentCoefficients second)
    {
        int d = first.Centre.Length;
        double[] middle = [.. Enumerable.Range(0, d).Select(j => 0.5 * (first.Centre[j] + second.Centre[j]))];
        double reach = Enumerable.Range(0, d).Max(j => Math.Abs(first.Centre[j] - middle[j]));
        double spread = Math.Sqrt(evaluation.Block.Mixture.Covariances.Min(covariance => evaluation.Field.Point.Spread(covariance.MinVariance)));
        return middle.Max(Math.Abs) <= reach + spread ? new double[d] : middle;
    }
}
