using System.Globalization;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Weights relative to the likeliest component, and weighted sums over their total.</summary>
internal static class Softmax
{
    /// <summary>2^(least energy - energy) for each component, and their sum.</summary>
    public static (Node[] Weights, Node Total) Weights(Graph graph, Node[] energies)
    {
        graph.Section("Weights relative to the likeliest component, and their sum.");
        Node least = energies[0];
        foreach (Node energy in energies.Skip(1)) least = graph.Min(least, energy);
        Graph.Named(least, "least");
        var weights = new Node[energies.Length];
        Node total = graph.Constant(0);
        for (int k = 0; k < energies.Length; k++)
        {
            weights[k] = Graph.Named(graph.Exp2(graph.Subtract(least, energies[k])), "weight" + k.ToString(CultureInfo.InvariantCulture));
            total = graph.Add(total, weights[k]);
        }
        return (weights, Graph.Named(total, "total"));
    }

    /// <summary>Σ weight · value over the total; null where all values are 0.</summary>
    public static Fraction? Fraction(Graph graph, Node[] weights, Node total, IEnumerable<double> values, string name)
    {
        Node sum = Graph.Named(Sum(graph, weights, values), name);
        return sum.Is(0) ? null : new Fraction(sum, total);
    }

    /// <summary>Σ weight · value.</summary>
    public static Node Sum(Graph graph, Node[] weights, IEnumerable<double> values)
    {
        LinearSum sum = LinearSum.Zero;
        foreach ((Node weight, double value) in weights.Zip(values, (weight, value) => (weight, value))) sum = sum.Plus(weight, value);
        return sum.ToNode(graph);
    }
}
