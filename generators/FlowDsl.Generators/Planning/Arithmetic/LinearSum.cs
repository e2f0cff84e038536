namespace FlowDsl.Generators.Planning.Arithmetic;

/// <summary>A constant plus nodes times known factors, kept open: what is added later folds into the factors.</summary>
/// <param name="Constant">The constant.</param>
/// <param name="Terms">The nodes, each once, with their factors.</param>
internal sealed record LinearSum(double Constant, IReadOnlyList<(Node Node, double Factor)> Terms)
{
    public static readonly LinearSum Zero = new(0, []);

    public static LinearSum Of(Node node, double factor = 1) => Zero.Plus(node, factor);

    public LinearSum Plus(double constant) => this with { Constant = Constant + constant };

    public LinearSum Plus(Node node, double factor)
    {
        if (node.IsConstant) return Plus(node.Value * factor);
        if (factor == 0) return this;
        var terms = new List<(Node, double)>(Terms.Count + 1);
        bool isNew = true;
        foreach ((Node known, double before) in Terms)
        {
            double sum = before;
            if (known == node) (isNew, sum) = (false, before + factor);
            if (sum != 0) terms.Add((known, sum));
        }
        if (isNew) terms.Add((node, factor));
        return this with { Terms = terms };
    }

    public LinearSum Plus(LinearSum other, double factor)
    {
        LinearSum sum = Plus(other.Constant * factor);
        foreach ((Node node, double own) in other.Terms) sum = sum.Plus(node, own * factor);
        return sum;
    }

    /// <summary>The same sum where each of some nodes is a sum itself.</summary>
    public LinearSum Substitute(Node[] nodes, LinearSum[] sums)
    {
        LinearSum result = Zero.Plus(Constant);
        foreach ((Node node, double factor) in Terms)
        {
            int which = Array.IndexOf(nodes, node);
            result = which < 0 ? result.Plus(node, factor) : result.Plus(sums[which], factor);
        }
        return result;
    }

    /// <summary>The sum as a chain of multiply-adds that begins with the constant.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="label">What the sum is called where it needs a variable.</param>
    public Node ToNode(Graph graph, string label)
    {
        Node sum = graph.Constant(Constant);
        foreach ((Node node, double factor) in Terms) sum = Graph.Labelled(graph.MultiplyAdd(node, graph.Constant(factor), sum), label);
        return sum;
    }
}
