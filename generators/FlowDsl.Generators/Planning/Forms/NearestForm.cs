using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>
/// Equally spaced means on a line with one variance, when only the nearest mean and its neighbours weigh anything: two
/// exponentials however many means there are.
/// </summary>
/// <remarks>
/// With y the distance from the nearest mean, g the logit's gradient and b the logit half-way to a neighbour, neighbours weigh 2^(±gy - b)
/// and the ones behind them 2^(±2gy - 4b), against 1. Half-way between two means, where it matters most, the first mean left out weighs
/// 2^(-2b) without, 2^(-6b) with these second neighbours.
/// </remarks>
/// <param name="isOwned">Whether not even the neighbours weigh anything.</param>
internal sealed class NearestForm(bool isOwned) : IEvaluationForm
{
    public string Name => isOwned ? "nearest mean" : "nearest neighbours";

    public string Equation => isOwned
        ? "F = A x + c + δ nearest, with the position of the nearest mean, which owns the sample"
        : "F = A x + c + δ nearest + sum/total: the nearest mean weighs 1, its neighbours 2^(±g distance - b)";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        if (evaluation.Block.EquallySpaced is not { } means) return null;
        ComponentCoefficients[] components = evaluation.Components;
        double spacing = evaluation.Field.Point.A * means.Spacing, precision = components[0].Precision(0, 0);
        double half = precision * spacing * spacing, negligible = evaluation.NegligibleBits;
        if (isOwned ? !Separation.Covers(evaluation) : 6 * half < negligible) return null;

        // Positions are counted from the middle: whole numbers where there is a mean in the middle, else halves.
        double last = 0.5 * (means.Count - 1), offset = means.Count % 2 == 0 ? 0.5 : 0;
        graph.Section("The nearest of the equally spaced means.");
        Node y = Graph.Named(graph.Subtract(x[0], graph.Constant(evaluation.Field.Point.A * means.Centre)), "dx");
        Node position = graph.Max(graph.Min(Graph.Labelled(graph.Multiply(y, graph.Constant(1 / spacing)), "spacings"), graph.Constant(last)),
            graph.Constant(-last));
        Graph.Named(position, "position");
        Node nearest = Graph.Named(offset == 0 ? graph.Round(position)
            : graph.Add(graph.Round(graph.Subtract(position, graph.Constant(offset))), graph.Constant(offset)), "nearest");

        // Constants are affine in the position.
        double[] positions = [.. evaluation.Block.Mixture.Means.Select(mean => mean[0])];
        double low = components[Array.IndexOf(positions, positions.Min())].Constant[0],
            high = components[Array.IndexOf(positions, positions.Max())].Constant[0];
        double step = (high - low) / (means.Count - 1);
        LinearSum affine = LinearSum.Of(x[0], components[0].Factor[0]).Plus(0.5 * (low + high)).Plus(nearest, step);
        if (isOwned) return new Slope([affine], [null],
            BetweenMeans(graph, Graph.Named(graph.Subtract(position, nearest), "distance"), half, Separation.Needed(evaluation)));

        (Node total, Node difference) = half >= negligible
            ? NearerNeighbour(graph, Graph.Named(graph.Subtract(position, nearest), "distance"), half)
            : Neighbours(graph, evaluation, nearest, Graph.Named(graph.MultiplyAdd(nearest, graph.Constant(-spacing), y), "distance"), 2 * half / spacing,
                half, last);

        Node numerator = Graph.Named(graph.Multiply(difference, graph.Constant(step)), "sum");
        return new Slope([affine], [new Fraction(numerator, Graph.Named(total, "total"))]);
    }

    /// <summary>The nearer neighbour is 2·half·|distance| - half bits below the nearest mean, the distance in spacings.</summary>
    private static Node BetweenMeans(Graph graph, Node distance, double half, double needed)
    {
        graph.Section("Positive where the nearer neighbour matters: the loop form takes over such samples.");
        return Graph.Named(graph.MultiplyAdd(graph.Abs(distance), graph.Constant(2 * half), graph.Constant(needed - half)), "excess");
    }

    /// <summary>
    /// Where the farther neighbour weighs nothing: one exponential. The distance is in spacings and ends with the means, so that
    /// beyond them the neighbour that is not there weighs nothing.
    /// </summary>
    private static (Node Total, Node Difference) NearerNeighbour(Graph graph, Node distance, double half)
    {
        graph.Section("The weight of the nearer neighbour.");
        Node weight = Graph.Named(graph.Exp2(Graph.Labelled(graph.MultiplyAdd(graph.Abs(distance), graph.Constant(2 * half), graph.Constant(-half)),
            "logit")), "weight");
        return (graph.Add(weight, graph.Constant(1)), graph.CopySign(weight, distance));
    }

    private static (Node Total, Node Difference) Neighbours(Graph graph, Evaluation evaluation, Node nearest, Node distance, double gradient, double half,
        double last)
    {
        graph.Section("The weights of its neighbours; at an end there is only one.");
        Node opposite = graph.Multiply(nearest, graph.Constant(-1));
        Node right = Weight(gradient, nearest, "right"), left = Weight(-gradient, opposite, "left");
        Node total = graph.Add(graph.Add(right, left), graph.Constant(1)), difference = graph.Subtract(right, left);
        if (2 * half >= evaluation.NegligibleBits) return (total, difference);

        double factor = PowersOfTwo.PowerOfTwo(-2 * half, evaluation);
        Node farRight = Second(right, nearest, "farRight"), farLeft = Second(left, opposite, "farLeft");
        return (graph.Add(total, graph.Add(farRight, farLeft)), graph.MultiplyAdd(graph.Subtract(farRight, farLeft), graph.Constant(2), difference));

        // A logit beyond the range of exponentials is one of a neighbour that does not exist: its weight is set to 0.
        Node Weight(double slope, Node towards, string name) => Graph.Named(
            graph.KeepIfLess(
                towards, graph.Constant(last - 0.5),
                Graph.Labelled(graph.Exp2(Graph.Labelled(graph.MultiplyAdd(distance, graph.Constant(slope), graph.Constant(-half)), name + "Logit")), name
                    + "Weight")), name);

        Node Second(Node first, Node towards, string name) => Graph.Named(
            graph.KeepIfLess(towards, graph.Constant(last - 1.5), graph.Multiply(graph.Multiply(first, first), graph.Constant(factor))), name);
    }
}
