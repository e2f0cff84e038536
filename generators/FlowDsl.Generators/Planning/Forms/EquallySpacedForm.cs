using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// Equally spaced means on a line with one variance, while no logit can overflow: weights are c_m 2^(±mφ), so that the total and
/// the numerator are polynomials in 2 cosh φ, of cost independent of the exponentials' number.
/// </summary>
/// <remarks>
/// With an odd number of means m counts from the middle one and φ is the logit of one spacing; the polynomials are in z = 2 cosh φ - 2.
/// With an even number m is odd, φ the logit of half a spacing, and they are in z = (2 sinh φ)². In z ≥ 0 all their coefficients are
/// positive: nothing cancels.
/// </remarks>
internal sealed class EquallySpacedForm : IEvaluationForm
{
    // Beyond this the constants c_m and the powers of z leave the range of floats before the logits do.
    private const int MaxMeans = 15;

    public string Name => "powers of one exponential";

    public string Equation
        => "F = A x + c + sum/total; the weights c_m 2^(mφ), φ affine in x, make total (even in φ) and sum (odd in φ) polynomials in z";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (evaluation.Block.EquallySpaced is not { Count: <= MaxMeans } means) return null;
        ComponentCoefficients[] components = evaluation.Components;
        double[] positions = [.. evaluation.Block.Mixture.Means.Select(mean => mean[0])];
        ComponentCoefficients first = components[Array.IndexOf(positions, positions.Min())], last = components[Array.IndexOf(positions, positions.Max())];

        bool isOdd = means.Count % 2 == 1;
        double precision = components[0].Precision(0, 0), half = 0.5 * evaluation.Field.Point.A * means.Spacing;
        double unit = isOdd ? 2 * half : half, gradient = 2 * precision * unit;
        double constant = 0.5 * Math.Abs(last.Constant[0] - first.Constant[0]);
        double reach = evaluation.MaxSummedExponent(constant) / (gradient * (isOdd ? means.Count / 2 : means.Count - 1));
        if (evaluation.MaxDistance([means.Centre]) > reach) return null;
        (double[] even, double[] odd) = Polynomials(means.Count, isOdd,
            m => PowersOfTwo.PowerOfTwo(-precision * unit * unit * (m * m - (isOdd ? 0 : 1)), evaluation));

        graph.Section("The power 2^φ and its reciprocal, and the polynomials in z.");
        Node y = Graph.Named(graph.Subtract(x[0], graph.Constant(evaluation.Field.Point.A * means.Centre)), "dx");
        (Node up, Node down) = graph.Exp2Pair(Graph.Named(graph.Multiply(y, graph.Constant(gradient)), "phi"));
        Graph.Named(up, "up");
        Graph.Named(down, "down");
        Node sum = Graph.Named(graph.Add(up, down), "both"), difference = Graph.Named(graph.Subtract(up, down), "difference");
        Node z = Graph.Named(isOdd ? graph.Subtract(sum, graph.Constant(2)) : graph.Multiply(difference, difference), "z");
        Node total = Horner(graph, z, even, "totalFactor");
        if (!isOdd) total = graph.Multiply(total, sum);
        // Constants are affine in the position: one step of m adds this much.
        double step = (last.Constant[0] - first.Constant[0]) / (isOdd ? means.Count - 1 : 2 * (means.Count - 1));
        Node numerator = Graph.Named(graph.Multiply(Horner(graph, z, [.. odd.Select(value => step * value)], "sumFactor"), difference), "sum");
        var affine = LinearSum.Of(x[0], components[0].Factor[0]).Plus(0.5 * (first.Constant[0] + last.Constant[0]));
        return new Slope([affine], [new Fraction(numerator, Graph.Named(total, "total"))], Region.Beyond(graph, [y], reach));
    }

    /// <summary>
    /// Σ c_m 2 cosh mφ and Σ m c_m 2 sinh mφ as polynomials in z; the first over 2 cosh φ where m is odd, the second over 2 sinh φ.
    /// </summary>
    private static (double[] Even, double[] Odd) Polynomials(int count, bool isOdd, Func<int, double> weight)
    {
        int maxMultiple = isOdd ? count / 2 : count - 1, terms = count / 2 + (isOdd ? 1 : 0);
        double[] total = new double[terms], numerator = new double[terms];
        // With w = z + 2 (for odd m, w = 2 cosh 2φ): C_(m+1) = w C_m - C_(m-1), and the same for S.
        double[] cosh, coshBefore, sinh, sinhBefore;
        if (isOdd)
        {
            total[0] = 1;
            (coshBefore, cosh, sinhBefore, sinh) = ([2], [2, 1], [0], [1]);
        }
        else
        {
            (coshBefore, cosh, sinhBefore, sinh) = ([1], [1], [-1], [1]);
        }
        for (int m = 1; m <= maxMultiple; m += isOdd ? 1 : 2)
        {
            Accumulate(total, cosh, weight(m));
            Accumulate(numerator, sinh, m * weight(m));
            (coshBefore, cosh) = (cosh, Next(cosh, coshBefore));
            (sinhBefore, sinh) = (sinh, Next(sinh, sinhBefore));
        }
        return (total, numerator);

        static void Accumulate(double[] sum, double[] polynomial, double factor)
        {
            for (int i = 0; i < polynomial.Length; i++) sum[i] += factor * polynomial[i];
        }

        static double[] Next(double[] current, double[] before)
        {
            double[] next = new double[current.Length + 1];
            for (int i = 0; i < current.Length; i++)
            {
                next[i] += 2 * current[i];
                next[i + 1] += current[i];
            }
            for (int i = 0; i < before.Length; i++) next[i] -= before[i];
            return next;
        }
    }

    private static Node Horner(Graph graph, Node z, double[] coefficients, string label)
    {
        int degree = Array.FindLastIndex(coefficients, value => value != 0);
        Node sum = graph.Constant(coefficients[Math.Max(degree, 0)]);
        for (int i = degree - 1; i >= 0; i--) sum = Graph.Labelled(graph.MultiplyAdd(sum, z, graph.Constant(coefficients[i])), label);
        return sum;
    }
}
