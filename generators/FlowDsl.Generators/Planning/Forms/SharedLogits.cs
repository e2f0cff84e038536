using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// The logits of components of one covariance: with C⁻¹ in common, |x|² drops out of their differences and what is left is
/// affine, l_k = g_k·(x - o) + b_k in bits, with max b_k = 0.
/// </summary>
internal sealed class SharedLogits
{
    // In bits; a weight changes by as little as by the rounding of a logit of some hundreds of bits.
    private const double Rounding = 2e-13;

    private SharedLogits(double[] origin, double[][] gradients, double[] biases) => (Origin, Gradients, Biases) = (origin, gradients, biases);

    public double[] Origin { get; }

    public double[][] Gradients { get; }

    public double[] Biases { get; }

    /// <param name="components">Components of one covariance.</param>
    /// <param name="origin">o, near the centres.</param>
    public static SharedLogits About(ComponentCoefficients[] components, double[] origin)
    {
        int d = origin.Length;
        double[][] gradients = new double[components.Length][];
        double[] biases = new double[components.Length];
        for (int k = 0; k < components.Length; k++)
        {
            ComponentCoefficients component = components[k];
            gradients[k] = new double[d];
            biases[k] = -component.Offset;
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++) gradients[k][i] += 2 * components[0].Precision(i, j) * (component.Centre[j] - origin[j]);
                biases[k] -= 0.5 * gradients[k][i] * (component.Centre[i] - origin[i]);
            }
        }
        double max = biases.Max();
        for (int k = 0; k < biases.Length; k++)
        {
            biases[k] -= max;
            // Means of one length, as given in decimals: their biases differ by roundings only.
            if (biases[k] > -Rounding) biases[k] = 0;
        }
        return new SharedLogits(origin, gradients, biases);
    }

    /// <summary>The largest logit of a component at its own centre, without its bias: the size of the terms of typical logits.</summary>
    public double Typical(ComponentCoefficients[] components)
        => Enumerable.Range(0, components.Length).Max(k => Math.Abs(Enumerable.Range(0,
            Origin.Length).Sum(j => Gradients[k][j] * (components[k].Centre[j] - Origin[j]))));

    /// <summary>x - o.</summary>
    public Node[] Centred(Graph graph, Node[] x)
        => [.. x.Select((node, j) => Graph.Named(graph.Subtract(node, graph.Constant(Origin[j])), "dx" + Text(j)))];

    /// <summary>g_k·y, without the bias.</summary>
    public Node Linear(Graph graph, int k, Node[] y)
    {
        LinearSum sum = LinearSum.Zero;
        for (int j = 0; j < y.Length; j++) sum = sum.Plus(y[j], Gradients[k][j]);
        return sum.ToNode(graph, "logit" + Text(k));
    }
}
