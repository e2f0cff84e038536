using FlowDsl.Generators.Planning.Arithmetic;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// A total of weights and, for each coordinate, a weighted sum: both grow component by component, so that a weight is used where
/// it is made and needs no register afterwards.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="d">The number of coordinates.</param>
/// <param name="ownership">
/// Null for weights that are powers of two. Otherwise how many bits below the likeliest component another one does not matter: where
/// that holds for all others the likeliest weighs 1 and they weigh 0, with no exponential and no division.
/// </param>
/// <param name="isCoarse">Whether logits are too inexact for exact powers.</param>
internal sealed class WeightedSums(Graph graph, int d, double? ownership = null, bool isCoarse = false)
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
    public Fraction? Fraction(int j) => _sums[j].Is(0) ? null : new Fraction(_sums[j], ownership is null ? _total : graph.Constant(1));

    public Fraction?[] Fractions() => [.. _sums.Select((_, j) => Fraction(j))];

    /// <summary>Positive where more than one component matters although one should own the sample; null where weights are powers of two.</summary>
    public Node? Excess()
    {
        if (ownership is null) return null;
        graph.Section("Positive where a second component matters: the loop form takes over such samples.");
        return Graph.Named(graph.Subtract(_total, graph.Constant(1)), "excess");
    }

    /// <summary>The weight of a component relative to the likeliest one.</summary>
    /// <param name="exponent">How many bits it is below that one, negative.</param>
    /// <param name="name">What it is called.</param>
    public Node Weight(Node exponent, string name) => Graph.Named(
        ownership is { } bits ? graph.KeepIfLess(graph.Constant(-bits), exponent, graph.Constant(1)) : graph.Exp2(exponent, isCoarse), name);

    /// <summary>Weights relative to the likeliest component, 2^(minimum energy - energy).</summary>
    /// <param name="energies">The energies of all components.</param>
    /// <param name="use">Receives each component and its weight, which is in the total.</param>
    public void AddAll(Node[] energies, Action<int, Node> use)
    {
        Node min = energies[0];
        foreach (Node energy in energies.Skip(1)) min = Graph.Labelled(graph.Min(min, energy), "minEnergy");
        Graph.Named(min, "minEnergy");
        for (int k = 0; k < energies.Length; k++)
        {
            Node weight = Weight(Graph.Labelled(graph.Subtract(min, energies[k]), "logit" + Text(k)), "weight" + Text(k));
            AddToTotal(weight);
            use(k, weight);
        }
    }
}
