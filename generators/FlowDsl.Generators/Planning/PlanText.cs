using FlowDsl.Analysis;
using FlowDsl.Generators.Planning.Forms;
using static FlowDsl.Generators.Planning.Invariant;

namespace FlowDsl.Generators.Planning;

/// <summary>A plan for people to read.</summary>
internal static class PlanText
{
    /// <summary>The forms in use, in the order of their first evaluations.</summary>
    public static string Summary(SamplerPlan plan) => plan.Kernel is { } kernel
        ? string.Join(", ", kernel.Evaluations.SelectMany(evaluation => evaluation.Blocks).Select(block => block.Ranking[0].Form.Name).Distinct())
        : plan.InCoefficients ? "coefficients of the means" : "loops over tables";

    /// <summary>
    /// One line for each run of evaluations in the same forms: which, their predicted cost in instructions a vector of samples,
    /// and what the alternatives would cost.
    /// </summary>
    public static IEnumerable<string> Forms(EvaluationPlan[] evaluations)
    {
        for (int first = 0; first < evaluations.Length;)
        {
            int next = first + 1;
            while (next < evaluations.Length && Key(evaluations[next]) == Key(evaluations[first])) next++;
            string which = next == first + 1 ? $"Evaluation {Text(first + 1)}" : $"Evaluations {Text(first + 1)} to {Text(next)}";
            yield return $"{which}: {string.Join("; ", evaluations[first].Blocks.Select(block => Describe(block, evaluations[first].Blocks.Length > 1)))}.";
            first = next;
        }

        static string Key(EvaluationPlan evaluation) => string.Join(";", evaluation.Blocks.Select(block => string.Join(",", block.Ranking.Select(choice => choice.Form.Name))));
    }

    /// <summary>Why the coefficients of the means are integrated instead of the coordinates.</summary>
    public static string Coefficients(Mixture mixture, FlowProgram program)
        => $"the coefficients of the means, {Text((long)CoefficientSpace.Operations(mixture, program))} multiply-adds a sample where the coordinates would take "
            + $"{Text((long)CoefficientSpace.DirectOperations(mixture, program))}; parts of the flow compose up to rounding";

    private static string Describe(BlockChoice block, bool isPart)
    {
        string where = isPart ? $" for {string.Join(", ", block.Coordinates.Select(j => "x" + Text(j)))}" : "";
        FormChoice chosen = block.Ranking[0];
        string others = string.Join(", ", block.Ranking.Skip(1).Select(choice => $"{choice.Form.Name} {Text(choice.Cost)}"));
        return $"{chosen.Form.Name}{where} at {Text(chosen.Cost)} instructions{(others.Length > 0 ? $" ({others})" : "")}";
    }
}
