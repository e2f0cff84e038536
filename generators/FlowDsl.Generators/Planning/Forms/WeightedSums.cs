using static FlowDsl.Generators.Planning.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// A total of weights and, for each coordinate, a weighted sum: both grow component by component, so that a weight is used where
/// it is made and needs no register afterwards.
/// </summary>
internal sealed class WeightedSums(Graph graph, int d)
{
    private readonly Node[] _sums = [.. Enumerable.Repeat(graph.Constant(0), d)];
    private Node _total = graph.Constant(0);

    /// <summary>Adds factor · weight to the total.</summary>
    public void AddToTotal(Node weight, double factor = 1)
        => _total = Graph.Named(graph.MultiplyAdd(weight, graph.Constant(factor), _total), "total");

    /// <summary>Adds weight · value to the sum of a coordinate.</summary>
    public void AddToSum(int j, Node weight, Node value)
        => _sums[j] = Graph.Named(graph.MultiplyAdd(weight, value, _sums[j]), "sum" + Text(j));

    /// <summary>The sum of a coordinate over the total; null where it is 0.</summary>
    public Fraction? Fraction(int j) => _sums[j].Is(0) ? null : new Fraction(_sums[j], _total);

    public Fraction?[] Fractions() => [.. _sums.Select((_, j) => Fraction(j))];

    /// <summary>Weights relative to the likeliest component, 2^(least energy - energy).</summary>
    /// <param name="energies">The energies of all components.</param>
    /// <param name="use">Receives each component and its weight, which is in the total.</param>
    public void AddAll(Node[] energies, Action<int, Node> use)
    {
        Node least = energies[0];
        foreach (Node energy in energies.Skip(1)) least = graph.Min(least, energy);
        Graph.Named(least, "least");
        for (int k = 0; k < energies.Length; k++)
        {
            Node weight = Graph.Named(graph.Exp2(graph.Subtract(least, energies[k])), "weight" + Text(k));
            AddToTotal(weight);
            use(k, weight);
        }
    }
}
