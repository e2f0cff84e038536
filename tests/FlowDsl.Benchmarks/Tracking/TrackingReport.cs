using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Benchmarks;

/// <summary>The figures about errors as docs/benchmarks/reported-errors.md has them, or as JSON.</summary>
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

    public static ResultFile Results(TrackingFigures figures)
    {
        string command = $"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {TrackingFigures.Command} {figures.Arguments}".TrimEnd();
        var file = new ResultFile(command, Machine.Description);
        Bounds(file, "bounds", figures.Bounds);
        Bounds(file, "paper-bounds", figures.PaperBounds);
        file.Add(
            "estimates",
            ["solver", "steps", "median ratio", "within 2, mean of mixtures", "worst mixture", "within 3, mean", "worst"],
            from row in figures.Estimates
            group row by (row.Solver, row.Steps) into rows
            orderby rows.Key.Steps
            let worst = rows.MinBy(row => row.Within2)!
            select new[]
            {
                $"{rows.Key.Solver}",
                $"{rows.Key.Steps}",
                Text(Quantiles.Median(rows.Select(row => row.MedianRatio).ToArray()), "F3"),
                Text(rows.Average(row => row.Within2), "P2"),
                $"{Text(worst.Within2, "P2")}, {worst.Mixture}",
                Text(rows.Average(row => row.Within3), "P2"),
                Text(rows.Min(row => row.Within3), "P2"),
            });
        file.Add(
            "unresolved",
            $"At most {figures.Estimates.Max(row => row.Unresolved):P2} of the samples of a sampler have an error that the converged flow does not resolve.");

        PaperFigure paper = figures.Paper;
        file.Add(
            "paper-errors",
            $"""
            Runge-Kutta 4 in double precision on the automatic grid, {paper.Samples} samples: relative MSE {paper.RelativeError4:0.00E+0} in 4 steps,
            {paper.RelativeError8:0.00E+0} in 8 steps.
            """);
        file.Add(
            "paper-repair",
            $"""
            Of the 8 steps' samples {paper.Flips} end in another mode; flagging the 3 % with a branch margin below {paper.Margin:G3}
            catches {paper.FlipsCaught} of them. Integrated again: {paper.FlipsAfter} in another mode, relative MSE {paper.RelativeErrorAfter:0.00E+0},
            {paper.ExtraEvaluations:F2} evaluations per sample on top of the sampler's {paper.Evaluations}. The truth is uncertain by
            {paper.MaxUncertainty:0.0E+0} at most.
            """);

        if (figures.Grids is { } grids)
        {
            file.Add(
                "grids",
                ["mixture", "solver", "optimal", "best other", "", "ratio", "automatic"],
                grids.Select(row => new[]
                {
                    row.Mixture, $"{row.Solver}", Text(row.Optimal, "0.00E+0"), $"{row.BestOther}", Text(row.Best, "0.00E+0"), Text(row.Ratio, "F2"),
                    Text(row.Automatic, "0.00E+0"),
                }));
        }
        file.Add(
            "costs",
            ["sampler", "tracking", "µs per sample", "to the untracked call"],
            figures.Costs.Select(row => new[] { row.Sampler, $"{row.Tracking}", Text(row.Microseconds, "G3"), "×" + Text(row.Ratio, "G3") }));
        return file;
    }

    private static void Bounds(ResultFile file, string name, BoundFigure figure)
    {
        file.Add(
            name,
            ["", "samples", "violations", "finite", "bound / error, median", "95 %", "99 %"],
            figure.BySolver.Concat(figure.ByMixture).Append(figure.Total).Select(row => new[]
            {
                $"{row.Key}", $"{row.Samples}", $"{row.Violations}", Text(row.FiniteShare, "P3"), Text(row.MedianRatio, "F5"), Text(row.Ratio95, "F5"),
                Text(row.Ratio99, "G6"),
            }));
        file.Add(
            name + "-truth",
            $"""
            {figure.Seconds:F0} s. The truth's uncertainty is {figure.MedianUncertainty:0.0E+0} of the error in the median. Errors that seemed to exceed
            their bounds until a finer truth decided: {figure.Rechecked}.
            """);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
