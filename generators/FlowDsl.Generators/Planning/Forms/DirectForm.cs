using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>The definition: energies, weights, weighted sums. It applies to every mixture.</summary>
/// <param name="isOwned">Whether one component alone has any weight.</param>
internal sealed class DirectForm(bool isOwned) : IEvaluationForm
{
    public string Name => isOwned ? "direct, one owner" : "direct";

    public string Equation => "F = Σ w_k F_k / Σ w_k, w_k = 2^(min E - E_k), E_k = e_k + |R_k (x - a μ_k)|²";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (isOwned && (evaluation.Components.Length == 1 || !Separation.Covers(evaluation))) return null;
        ComponentCoefficients[] components = evaluation.Components;
        Node[] energies = Energies(graph, components, x);
        var sums = new WeightedSums(graph, x.Length, isOwned ? Separation.Needed(evaluation) : null);
        return components.Any(component => component.Kind == CovarianceType.Full)
            ? WeightedSlopes(graph, sums, components, energies, x)
            : WeightedCoefficients(graph, sums, components, energies, x);
    }

    public static Node[] Energies(Graph graph, ComponentCoefficients[] components, Node[] x)
    {
        var energies = new Node[components.Length];
        for (int k = 0; k < components.Length; k++)
        {
            graph.Section($"The energy of component {Text(k)}, in bits.");
            energies[k] = Graph.Named(Energy(graph, components[k], x, k), "energy" + Text(k));
        }
        return energies;
    }

    private static Node Energy(Graph graph, ComponentCoefficients component, Node[] x, int k)
    {
        int d = x.Length;
        var y = new Node[d];
        for (int j = 0; j < d; j++) y[j] = Graph.Named(graph.Subtract(x[j], graph.Constant(component.Centre[j])), $"dx{Text(k)}_{Text(j)}");
        Node energy = graph.Constant(component.Offset);
        switch (component.Kind)
        {
            case CovarianceType.Isotropic:
                Node square = Graph.Labelled(graph.Multiply(y[0], y[0]), "square" + Text(k));
                for (int j = 1; j < d; j++) square = Graph.Labelled(graph.MultiplyAdd(y[j], y[j], square), "square" + Text(k));
                return graph.MultiplyAdd(square, graph.Constant(component.Root[0] * component.Root[0]), energy);
            case CovarianceType.Diagonal:
                for (int j = 0; j < d; j++)
                {
                    Node scaled = Graph.Named(graph.Multiply(y[j], graph.Constant(component.Root[j])), $"scaled{Text(k)}_{Text(j)}");
                    energy = Graph.Labelled(graph.MultiplyAdd(scaled, scaled, energy), "energy" + Text(k));
                }
                return energy;
            default:
                for (int i = 0; i < d; i++)
                {
                    Node sum = graph.Constant(0);
                    for (int j = i; j < d; j++) sum = Graph.Labelled(graph.MultiplyAdd(y[j], graph.Constant(component.Root[i * d + j]), sum),
                        $"scaled{Text(k)}_{Text(i)}");
                    Graph.Named(sum, $"scaled{Text(k)}_{Text(i)}");
                    energy = Graph.Labelled(graph.MultiplyAdd(sum, sum, energy), "energy" + Text(k));
                }
                return energy;
        }
    }

    private static Slope WeightedSlopes(Graph graph, WeightedSums sums, ComponentCoefficients[] components, Node[] energies, Node[] x)
    {
        graph.Section("The weights relative to the likeliest component, and the weighted sum of the slopes.");
        sums.AddAll(energies, (k, weight) =>
        {
            LinearSum[] own = AffineForm.Own(components[k], x);
            for (int j = 0; j < x.Length; j++) sums.AddToSum(j, weight,
                Graph.Named(own[j].ToNode(graph, $"own{Text(k)}_{Text(j)}"), $"own{Text(k)}_{Text(j)}"));
        });
        return new Slope([.. Enumerable.Repeat(LinearSum.Zero, x.Length)], sums.Fractions(), sums.Excess());
    }

    /// <summary>As each coordinate has factors of its own, these are summed and x is multiplied once.</summary>
    private static Slope WeightedCoefficients(Graph graph, WeightedSums sums, ComponentCoefficients[] components, Node[] energies, Node[] x)
    {
        int d = x.Length;
        graph.Section("The weights relative to the likeliest component, and the weighted sums of the factors and constants of the slopes.");
        bool[] isCommon = [.. Enumerable.Range(0, d).Select(j => components.All(c => c.Factor[j] == components[0].Factor[j]))];
        Node[] factor = [.. Enumerable.Repeat(graph.Constant(0), d)];
        sums.AddAll(energies, (k, weight) =>
        {
            for (int j = 0; j < d; j++)
            {
                sums.AddToSum(j, weight, graph.Constant(components[k].Constant[j]));
                // Components of one isotropic variance each share the sum of factors over all coordinates.
                if (!isCommon[j]) factor[j] = Graph.Named(graph.MultiplyAdd(weight, graph.Constant(components[k].Factor[j]), factor[j]), "factor" + Text(j));
            }
        });
        for (int j = 0; j < d; j++)
            if (!isCommon[j]) sums.AddToSum(j, factor[j], x[j]);
        return new Slope([.. x.Select((_, j) => isCommon[j] ? AffineForm.Linear(components[0], x, j) : LinearSum.Zero)], sums.Fractions(), sums.Excess());
    }
}
