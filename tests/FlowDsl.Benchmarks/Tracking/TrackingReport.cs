using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowDsl.Benchmarks;

/// <summary>The figures about errors as a page, or as JSON.</summary>
internal static class TrackingReport
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // Bounds may be infinite.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Json(TrackingFigures figures) => JsonSerializer.Serialize(figures, s_json) + "\n";

    public static string Page(TrackingFigures figures)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # What reported errors are worth

            Written by `dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {TrackingFigures.Command} {figures.Arguments}`, in one
            process on {Machine.Description}.

            Ornstein-Uhlenbeck from t = 3 to 0.001 (the paper's mixture to 0.01), the automatic grid of each solver. The truth is a converged flow: Dormand and Prince's method in double precision on
            many steps, in code that certificates do not use, and its own uncertainty the distance from half as many steps.


            """);
        Bounds(text, "Bounds against the converged flow, 8 steps, float and double", figures.Bounds);
        Bounds(text, "Bounds on the paper's mixture, K = 20, d = 64", figures.PaperBounds);

        text.Append("## Companion estimates within a factor of the error\n\n| solver | steps | median ratio | within 2, mean of mixtures | worst mixture | within 3, mean | worst |\n|---|---|---|---|---|---|---|\n");
        foreach (var group in figures.Estimates.GroupBy(row => (row.Solver, row.Steps)).OrderBy(group => group.Key.Steps))
        {
            EstimateRow worst = group.MinBy(row => row.Within2)!;
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {group.Key.Solver} | {group.Key.Steps} | {Quantiles.Median(group.Select(row => row.MedianRatio).ToArray()):F3} | {group.Average(row => row.Within2):P2} | {worst.Within2:P2}, {worst.Mixture} | {group.Average(row => row.Within3):P2} | {group.Min(row => row.Within3):P2} |\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\nAt most {figures.Estimates.Max(row => row.Unresolved):P2} of the samples of a sampler have an error that the converged flow does not resolve.\n\n");

        PaperFigure paper = figures.Paper;
        text.Append(CultureInfo.InvariantCulture, $"""
            ## The paper's mixture, K = 20, d = 64

            Runge-Kutta 4 in double precision on the automatic grid, {paper.Samples} samples: relative MSE {paper.RelativeError4:0.00E+0} in 4 steps, {paper.RelativeError8:0.00E+0} in 8 steps.

            Of the 8 steps' samples {paper.Flips} end in another mode; flagging the 3 % with a branch margin below {paper.Margin:G3} catches {paper.FlipsCaught} of them. Integrated again:
            {paper.FlipsAfter} in another mode, relative MSE {paper.RelativeErrorAfter:0.00E+0}, {paper.ExtraEvaluations:F2} evaluations a sample besides the sampler's {paper.Evaluations}. The truth is uncertain by {paper.GreatestUncertainty:0.0E+0} at most.


            """);

        if (figures.Grids is { } grids)
        {
            text.Append("## The optimal grid against the best other one, 8 steps, relative MSE\n\n| mixture | solver | optimal | best other | | ratio | automatic |\n|---|---|---|---|---|---|---|\n");
            foreach (GridRow row in grids)
                text.Append(CultureInfo.InvariantCulture, $"| {row.Mixture} | {row.Solver} | {row.Optimal:0.00E+0} | {row.BestOther} | {row.Best:0.00E+0} | {row.Ratio:F2} | {row.Automatic:0.00E+0} |\n");
            text.Append('\n');
        }

        text.Append("## Cost, float, one thread\n\n| sampler | tracking | µs a sample | to the untracked call |\n|---|---|---|---|\n");
        foreach (CostRow row in figures.Costs)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Sampler} | {row.Tracking} | {row.Microseconds:G3} | ×{row.Ratio:G3} |\n");
        return text.ToString();
    }

    private static void Bounds(StringBuilder text, string title, BoundFigure figure)
    {
        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| | samples | violations | finite | bound / error, median | 95 % | 99 % |\n|---|---|---|---|---|---|---|\n");
        foreach (BoundRow row in figure.BySolver.Concat(figure.ByMixture).Append(figure.Total))
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key} | {row.Samples} | {row.Violations} | {row.FiniteShare:P3} | {row.MedianRatio:F5} | {row.Ratio95:F5} | {row.Ratio99:G6} |\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{figure.Seconds:F0} s. The truth's uncertainty is {figure.MedianUncertainty:0.0E+0} of the error in the median. Errors that seemed to exceed their bounds until a finer truth decided: {figure.Rechecked}.\n\n");
    }
}
