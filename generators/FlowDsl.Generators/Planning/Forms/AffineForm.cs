using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>One Gaussian: F(x) = A x + c.</summary>
internal sealed class AffineForm : IEvaluationForm
{
    public string Name => "one Gaussian";

    public string Equation => "F = A x + c";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
        => evaluation.Components.Length == 1 ? new Slope(Own(evaluation.Components[0], x), new Fraction?[x.Length]) : null;

    /// <summary>A component's own slope.</summary>
    public static LinearSum[] Own(ComponentCoefficients component, Node[] x) => [.. x.Select((_, i) => Linear(component, x, i).Plus(component.Constant[i]))];

    /// <summary>Its part linear in x, in one coordinate.</summary>
    public static LinearSum Linear(ComponentCoefficients component, Node[] x, int i)
    {
        if (component.Kind != CovarianceType.Full) return LinearSum.Of(x[i], component.Factor[i]);
        LinearSum sum = LinearSum.Zero;
        for (int j = 0; j < x.Length; j++) sum = sum.Plus(x[j], component.Factor[i * x.Length + j]);
        return sum;
    }
}
