using System.Globalization;
using FlowDsl.Analysis;

namespace FlowDsl.Generators.Planning;

/// <summary>Builds the direct form of one evaluation of a field: energies, weights, weighted sums.</summary>
internal static class EvaluationPlanner
{
    /// <summary>Adds an evaluation to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="coefficients">The evaluation's numbers.</param>
    /// <param name="x">The d coordinates at which to evaluate.</param>
    /// <returns>The slope.</returns>
    public static Slope Build(Graph graph, EvaluationCoefficients coefficients, Node[] x)
    {
        ComponentCoefficients[] components = coefficients.Components;
        int d = x.Length;
        if (components.Length == 1)
        {
            graph.Section("One Gaussian: its slope is affine in x.");
            return Slope.Plain(Enumerable.Range(0, d).Select(j => Affine(graph, components[0], x, j)).ToArray());
        }

        var energies = new Node[components.Length];
        for (int k = 0; k < components.Length; k++)
        {
            graph.Section($"Component {Text(k)}: its energy {EnergyFormula(components[k])}, in bits.");
            energies[k] = Graph.Named(Energy(graph, components[k], x, k), "energy" + Text(k));
        }

        graph.Section("Weights relative to the likeliest component, and their sum.");
        Node least = energies[0];
        foreach (Node energy in energies.Skip(1)) least = graph.Min(least, energy);
        Graph.Named(least, "least");
        var weights = new Node[components.Length];
        Node total = graph.Constant(0);
        for (int k = 0; k < components.Length; k++)
        {
            weights[k] = Graph.Named(graph.Exp2(graph.Subtract(least, energies[k])), "weight" + Text(k));
            total = graph.Add(total, weights[k]);
        }
        Graph.Named(total, "total");

        graph.Section("The weighted sum of the components' own slopes; over the total it is the slope.");
        return new Slope(Numerators(graph, components, weights, total, x), total);
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

    private static Node[] Numerators(Graph graph, ComponentCoefficients[] components, Node[] weights, Node total, Node[] x)
    {
        int d = x.Length;
        var sums = new Node[d];
        if (components.Any(component => component.Kind == CovarianceKind.Full))
        {
            for (int j = 0; j < d; j++)
            {
                sums[j] = graph.Constant(0);
                for (int k = 0; k < components.Length; k++)
                    sums[j] = graph.MultiplyAdd(weights[k], Graph.Named(Affine(graph, components[k], x, j), $"own{Text(k)}_{Text(j)}"), sums[j]);
                Graph.Named(sums[j], "sum" + Text(j));
            }
            return sums;
        }
        for (int j = 0; j < d; j++)
        {
            // Where all components have the factor in common, the weights sum to the total they are divided by.
            Node factor = components.All(c => c.Factor[j] == components[0].Factor[j])
                ? graph.Multiply(total, graph.Constant(components[0].Factor[j]))
                : Weighted(graph, weights, components.Select(c => c.Factor[j]));
            Graph.Named(factor, "factor" + Text(j));
            sums[j] = Graph.Named(graph.MultiplyAdd(factor, x[j], Weighted(graph, weights, components.Select(c => c.Constant[j]))), "sum" + Text(j));
        }
        return sums;
    }

    private static Node Weighted(Graph graph, Node[] weights, IEnumerable<double> values)
    {
        Node sum = graph.Constant(0);
        foreach ((Node weight, double value) in weights.Zip(values, (weight, value) => (weight, value)))
            sum = graph.MultiplyAdd(weight, graph.Constant(value), sum);
        return sum;
    }

    private static Node Affine(Graph graph, ComponentCoefficients component, Node[] x, int i)
    {
        int d = x.Length;
        Node sum = graph.Constant(component.Constant[i]);
        if (component.Kind != CovarianceKind.Full) return graph.MultiplyAdd(x[i], graph.Constant(component.Factor[i]), sum);
        for (int j = 0; j < d; j++) sum = graph.MultiplyAdd(x[j], graph.Constant(component.Factor[i * d + j]), sum);
        return sum;
    }

    private static string EnergyFormula(ComponentCoefficients component) => component.Kind switch
    {
        CovarianceKind.Isotropic => "c + g |x - aμ|²",
        CovarianceKind.Diagonal => "c + Σ (g (x - aμ))²",
        _ => "c + |R (x - aμ)|²",
    };

    private static string Text(int k) => k.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A slope as numerators over one denominator, so that a step can fold its length into the division.</summary>
/// <param name="Numerators">d numerators.</param>
/// <param name="Denominator">The common denominator; the constant 1 where there is none.</param>
internal sealed record Slope(Node[] Numerators, Node? Denominator)
{
    public static Slope Plain(Node[] values) => new(values, null);

    /// <summary>base + factor · slope for each coordinate.</summary>
    public Node[] AddTo(Graph graph, Node[] bases, double factor)
    {
        Node scale = graph.Constant(factor);
        if (Denominator is not null) scale = Graph.Named(graph.Divide(scale, Denominator), factor == 1 ? "inverse" : "share");
        return [.. Numerators.Zip(bases, (numerator, origin) => graph.MultiplyAdd(numerator, scale, origin))];
    }
}
