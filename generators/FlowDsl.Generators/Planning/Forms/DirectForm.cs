using System.Globalization;
using FlowDsl.Analysis;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>The definition: energies, weights, weighted sums. It applies to every mixture.</summary>
internal sealed class DirectForm : IEvaluationForm
{
    public string Name => "direct";

    public Slope Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        ComponentCoefficients[] components = evaluation.Components;
        var energies = new Node[components.Length];
        for (int k = 0; k < components.Length; k++)
        {
            graph.Section($"Component {Text(k)}: its energy {EnergyFormula(components[k])}, in bits.");
            energies[k] = Graph.Named(Energy(graph, components[k], x, k), "energy" + Text(k));
        }
        (Node[] weights, Node total) = Softmax.Weights(graph, energies);
        graph.Section("The weighted sum of the components' own slopes; over the total it is the slope.");
        return Weighted(graph, components, weights, total, x);
    }

    private static Node Energy(Graph graph, ComponentCoefficients component, Node[] x, int k)
    {
        int d = x.Length;
        var y = new Node[d];
        for (int j = 0; j < d; j++) y[j] = Graph.Named(graph.Subtract(x[j], graph.Constant(component.Centre[j])), $"dx{Text(k)}_{Text(j)}");
        Node energy = graph.Constant(component.Offset);
        switch (component.Kind)
        {
            case CovarianceKind.Isotropic:
                Node square = graph.Multiply(y[0], y[0]);
                for (int j = 1; j < d; j++) square = graph.MultiplyAdd(y[j], y[j], square);
                return graph.MultiplyAdd(square, graph.Constant(component.Root[0] * component.Root[0]), energy);
            case CovarianceKind.Diagonal:
                for (int j = 0; j < d; j++)
                {
                    Node scaled = Graph.Named(graph.Multiply(y[j], graph.Constant(component.Root[j])), $"scaled{Text(k)}_{Text(j)}");
                    energy = graph.MultiplyAdd(scaled, scaled, energy);
                }
                return energy;
            default:
                for (int i = 0; i < d; i++)
                {
                    Node sum = graph.Constant(0);
                    for (int j = i; j < d; j++) sum = graph.MultiplyAdd(y[j], graph.Constant(component.Root[i * d + j]), sum);
                    Graph.Named(sum, $"scaled{Text(k)}_{Text(i)}");
                    energy = graph.MultiplyAdd(sum, sum, energy);
                }
                return energy;
        }
    }

    private static Slope Weighted(Graph graph, ComponentCoefficients[] components, Node[] weights, Node total, Node[] x)
    {
        int d = x.Length;
        var affine = new LinearSum[d];
        var fractions = new Fraction?[d];
        bool isFull = components.Any(component => component.Kind == CovarianceKind.Full);
        for (int j = 0; j < d; j++)
        {
            affine[j] = LinearSum.Zero;
            Node constants = Softmax.Sum(graph, weights, components.Select(c => c.Constant[j]));
            Node sum = constants;
            if (isFull)
            {
                sum = graph.Constant(0);
                for (int k = 0; k < components.Length; k++)
                {
                    Node own = AffineForm.Linear(components[k], x, j).Plus(components[k].Constant[j]).ToNode(graph);
                    sum = graph.MultiplyAdd(weights[k], Graph.Named(own, $"own{Text(k)}_{Text(j)}"), sum);
                }
            }
            else if (components.All(c => c.Factor[j] == components[0].Factor[j]))
            {
                affine[j] = AffineForm.Linear(components[0], x, j);
            }
            else
            {
                Node factor = Graph.Named(Softmax.Sum(graph, weights, components.Select(c => c.Factor[j])), "factor" + Text(j));
                sum = graph.MultiplyAdd(factor, x[j], constants);
            }
            Graph.Named(sum, "sum" + Text(j));
            if (!sum.Is(0)) fractions[j] = new Fraction(sum, total);
        }
        return new Slope(affine, fractions);
    }

    private static string EnergyFormula(ComponentCoefficients component) => component.Kind switch
    {
        CovarianceKind.Isotropic => "c + g |x - aμ|²",
        CovarianceKind.Diagonal => "c + Σ (g (x - aμ))²",
        _ => "c + |R (x - aμ)|²",
    };

    private static string Text(int k) => k.ToString(CultureInfo.InvariantCulture);
}
