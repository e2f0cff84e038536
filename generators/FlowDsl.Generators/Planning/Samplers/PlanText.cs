using FlowDsl.Generators.Planning.Forms;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Structure;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>A plan for people to read.</summary>
internal static class PlanText
{
    // The lines of a table of what was chosen among.
    private const int RankingLength = 6;

    /// <summary>Why a grid was chosen together with the rest of the sampler.</summary>
    public static string ChoiceReason(SamplerChoice choice)
        => "chosen with the solver" + (choice.Pilot is null ? "" : $": {choice.Pilot}");

    /// <summary>How a method was found.</summary>
    public static string Method(Discovery discovery)
        => discovery.Errors is { } errors ? $"{errors}" : "DPM-Solver++(2M), the start of a search that was not made";

    /// <summary>A table of the best samplers that were measured, the best first.</summary>
    public static IEnumerable<string> Ranking(IEnumerable<SamplerChoice> ranking)
    {
        yield return $"{"solver",-20} {"chart",-14} {"steps",5} {"evaluations",11} {"relative MSE",12}";
        foreach (SamplerChoice own in ranking.Take(RankingLength))
        {
            string solver = $"{own.Solver}", chart = $"{own.Frame.Chart}";
            yield return $"{solver,-20} {chart,-14} {Text(own.Steps),5} {Text(own.Evaluations),11} {NumberText.Brief(own.Error),12}";
        }
    }

    /// <summary>The forms in use, in the order of their first evaluations.</summary>
    public static string Summary(SamplerPlan plan)
    {
        string forms = plan.Kernel is { } kernel
            ? string.Join(", ", kernel.Evaluations.SelectMany(evaluation => evaluation.Blocks).Select(block => block.Ranking[0].Form.Name).Distinct())
            : Code(plan.Form);
        return plan.Form.Span is { } span ? $"{forms} along {Axes(span)}" : forms;
    }

    /// <summary>
    /// One line for each run of evaluations in the same forms: which, their predicted cost in instructions per vector of samples,
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

        static string Key(EvaluationPlan evaluation)
            => string.Join(";", evaluation.Blocks.Select(block => string.Join(",", block.Ranking.Select(choice => choice.Form.Name))));
    }

    /// <summary>What the evaluations of a kernel compute: the equation of each form in use, once.</summary>
    public static IEnumerable<string> Equations(KernelPlan kernel)
    {
        IEnumerable<IEvaluationForm> used = kernel.Evaluations.SelectMany(evaluation => evaluation.Blocks).Select(block => block.Ranking[0].Form);
        IEvaluationForm[] forms = [.. used.GroupBy(form => form.Name).Select(group => group.First())];
        yield return forms.Any(form => form.Equation.Contains("_k") || form.Equation.Contains("E_1"))
            ? "The slope F at x, from the energies E_k of the components in bits (component k weighs 2^-E_k) and their own slopes F_k = A_k x + c_k:"
            : "The slope F at x:";
        foreach (IEvaluationForm form in forms) yield return $"  {form.Name}: {form.Equation}.";
    }

    /// <summary>Why the coefficients of the means are integrated instead of the coordinates.</summary>
    public static string Coefficients(Mixture mixture, FlowProgram program)
        => $"the coefficients of the means, {(program.HistoryLength == 0 ? "at most " : "")}{Text((long)CoefficientSpace.Operations(mixture, program))} "
            + $"multiply-adds per sample instead of {Text((long)CoefficientSpace.DirectOperations(mixture, program))} for the coordinates; "
            + (program.HistoryLength == 0 ? "samples whose other components have fallen below rounding leave the loop; " : "")
            + "parts of the flow compose up to rounding";

    /// <summary>Why only some components are summed, and how many at the evaluations, or at eight of them.</summary>
    public static string Active(Mixture mixture, double[] meanCounts)
    {
        const int most = 8;
        int last = meanCounts.Length - 1, shown = Math.Min(meanCounts.Length, most);
        IEnumerable<string> counts = Enumerable.Range(0, shown).Select(n => PortableNumber.Format(meanCounts[n * last / Math.Max(shown - 1, 1)], 2));
        string evaluations = meanCounts.Length > most ? $"{Text(most)} of its {Text(meanCounts.Length)} evaluations" : "its evaluations";
        return $"loops over the components that a sample feels, {string.Join(", ", counts)} of {Text(mixture.Count)} at {evaluations}, because those left out "
            + "weigh less than the rounding of the sum";
    }

    /// <summary>How the rows of a data set are summed.</summary>
    public static string Data(int count)
        => $"products of the samples with the {Text(count)} rows of data; rows whose weight is proved to be negligible are left out, and together have "
            + "less than 2^-24 of it";

    /// <summary>Why other axes than the coordinates are integrated along.</summary>
    public static string Rotation(Mixture mixture, MeansSpan span, double cost, FormPlan direct, FormPlan along)
        => $"rotated to {(mixture.HasSharedIsotropicCovariance ? "the span of the means" : "the principal axes of the covariance")}, {Axes(span)}, "
            + $"for {Text((long)cost)} instructions per vector of samples instead of {Text((long)direct.Cost)} in {Code(direct)} along the coordinates; "
            + $"{along.Reason}; parts of the flow compose up to rounding";

    private static string Axes(MeansSpan span)
    {
        int axes = span.Axes.Length, d = span.Complement.Length;
        string count = $"{Text(axes)} {(axes == 1 ? "axis" : "axes")}";
        return span.IsWhole ? count : $"{count} of {Text(d)}";
    }

    private static string Code(FormPlan form)
        => form.Kernel is not null ? "straight-line code" : form.Loops switch
        {
            LoopForm.Coefficients => "coefficients of the means",
            LoopForm.Active => "loops over active components",
            _ => "loops over tables",
        };

    /// <summary>Why a grid, what it was measured on, and what stands in for it; null where there is nothing to say.</summary>
    /// <param name="reason">Why it was chosen; null where it was asked for.</param>
    /// <param name="asked">The grid before it was measured.</param>
    /// <param name="grid">The result.</param>
    public static string? GridReason(string? reason, Grid asked, GridTimes grid)
    {
        string? measured = grid switch
        {
            { Pilot: { } pilot } =>
                $"found on {Text(pilot.Samples)} trajectories with relative MSE {Error(pilot.Pilot)}, held out {Error(pilot.HeldOut)} (best of the "
                    + $"others: {pilot.Other} {Error(pilot.OtherHeldOut)})",
            { Samples: > 0 } => $"measured on {Text(grid.Samples)} trajectories",
            _ => null,
        };
        string? instead = grid.StandIn is { } why ? $"in place of {asked}: {why.Description()}" : null;
        string[] parts = [.. new[] { reason, instead, measured }.Where(part => part is not null).Select(part => part!)];
        return parts.Length == 0 ? null : string.Join("; ", parts);
    }

    private static string Error(double value) => PortableNumber.Format(value, 2);

    private static string Describe(BlockChoice block, bool isPart)
    {
        string where = isPart ? $" for {string.Join(", ", block.Coordinates.Select(j => "x" + Text(j)))}" : "";
        FormChoice chosen = block.Ranking[0];
        string others = string.Join(", ", block.Ranking.Skip(1).Select(choice => $"{choice.Form.Name} {Text(choice.Cost)}"));
        return $"{chosen.Form.Name}{where}, {Text(chosen.Cost)} "
            + $"instruction{(chosen.Cost == 1 ? "" : "s")}{(others.Length > 0 ? $" (instead of {others})" : "")}";
    }
}
