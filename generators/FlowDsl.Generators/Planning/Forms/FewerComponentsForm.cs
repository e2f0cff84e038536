using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Leaves out components too improbable to matter to any sample; the others take the cheapest form.</summary>
/// <remarks>
/// Samples are where the minimum energy of the others is below some bound. There the energy of each component left out exceeds the bound
/// by more bits than a sum of weights has. Where the minimum energy exceeds it, as for samples of the components left out, the loop form
/// takes over.
/// </remarks>
internal sealed class FewerComponentsForm : IEvaluationForm
{
    // The share of samples that a form may leave to the loop form.
    private const double RareShare = 1e-8;

    public string Name => "fewer components";

    public string Equation => "the equation of another form, for the components that can matter";

    public Slope? Build(Graph graph, Evaluation evaluation, Node[] x)
    {
        Mixture mixture = evaluation.Block.Mixture;
        int[] kept = [.. Enumerable.Range(0, mixture.Count).Where(k => mixture.Weights[k] * mixture.Count >= RareShare)];
        if (kept.Length == mixture.Count) return null;
        double radius = Evaluation.Rare + Math.Sqrt(x.Length - 1), bound = kept.Max(k => evaluation.Components[k].Offset)
            + 0.5 * PowersOfTwo.LogTwoE * radius * radius;
        int[] dropped = [.. Enumerable.Range(0, mixture.Count).Except(kept)];
        if (!dropped.All(k => kept.All(j => IsNegligible(evaluation, k, j, bound)))) return null;

        var rest = new Evaluation(new EvaluationBlock(new MixtureBlock(evaluation.Block.Coordinates, Part(mixture, kept))), evaluation.Field,
            evaluation.Precision);
        Slope slope = EvaluationForms.Rank(rest)[0].Form.Build(graph, rest, x)!;
        Node min = DirectForm.Energies(graph, [.. kept.Select(k => evaluation.Components[k])],
            x).Aggregate((left, right) => Graph.Labelled(graph.Min(left, right), "minEnergy"));
        graph.Section("Positive where an omitted component could matter: the loop form takes over such samples.");
        Node excess = Graph.Named(graph.Subtract(min, graph.Constant(bound)), "excess");
        return slope with { Excess = slope.Excess is { } own ? graph.Max(own, excess) : excess };
    }

    /// <summary>Whether component k is negligible wherever the energy of component j is within the bound.</summary>
    private static bool IsNegligible(Evaluation evaluation, int k, int j, double bound)
    {
        ComponentCoefficients dropped = evaluation.Components[k], kept = evaluation.Components[j];
        double apart = Separation.Apart(evaluation, j, k, Math.Sqrt((bound - kept.Offset) / (0.5 * PowersOfTwo.LogTwoE)));
        double advantage = dropped.Offset + apart * apart - bound;
        // A component that is much wider or farther away adds more to a slope than others of its weight.
        double size = Size(kept), ratio = Size(dropped) / size;
        return size > 0 && advantage >= Separation.Needed(evaluation) + PowersOfTwo.LogTwoE * PortableMath.Log(1 + ratio);

        double Size(ComponentCoefficients component) => component.Constant.Max(Math.Abs)
            + component.Factor.Max(Math.Abs) * (kept.Centre.Max(Math.Abs)
                + Math.Sqrt(evaluation.Field.Point.Spread(evaluation.Block.Mixture.Covariances[j].MaxVariance)));
    }

    /// <summary>Some of a mixture's components, with weights of the same ratios.</summary>
    private static Mixture Part(Mixture mixture, int[] components)
    {
        double total = components.Sum(k => mixture.Weights[k]);
        return new Mixture(
            [.. components.Select(k => mixture.Weights[k] / total)], [.. components.Select(k => mixture.Means[k].ToArray())],
                [.. components.Select(k => mixture.Covariances[k])]);
    }
}
