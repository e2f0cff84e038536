using System.Globalization;
using FlowDsl.Figures;

namespace FlowDsl.Examples.Results;

/// <summary>Tables of students that are not the paper's, on its mixture.</summary>
internal static class OwnTables
{
    /// <summary>Adds the tables to a result file; those that were not run in full are left out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="compose">The trials of the best composition.</param>
    /// <param name="corrected">The trials of students that correct responsibilities.</param>
    public static void Add(ResultFile file, TrialTable compose, TrialTable corrected)
    {
        if (Full(compose, "balanced").Length > 0)
        {
            file.Add(
                "compose", ["8 segments", "trials", "relative MSE", "samples in another mode", "NLL"],
                [
                    Own("error-balanced grid", Full(compose, "balanced")),
                    Own("uniform grid, same student", Full(compose, "uniform")),
                    Theirs("published, stability-balanced grid", "stability"),
                    Theirs("published, uniform grid", "uniform"),
                ]);
            double median = Mean(Full(compose, "balanced"), "medianError");
            file.Add("compose-median", $"Half of the samples are within {median:0.0000} of where the exact flow takes them, of |x| about 24.");
        }
        if (Full(corrected, "uniform") is not { Length: > 0 } uniform) return;
        file.Add(
            "corrected", ["8 segments", "trials", "relative MSE", "to the uniform grid", "samples in another mode"],
            from grid in new[]
            {
                ("uniform", "uniform"), ("stability-balanced", "stability"), ("expected stability", "expected"), ("error-balanced", "balanced"),
            }
            let trials = Full(corrected, grid.Item2)
            select new[]
            {
                grid.Item1, Count(trials), Mean(trials, Published.RelativeMse).ToString("0.0E0", CultureInfo.InvariantCulture),
                grid.Item2 == "uniform" ? "" : Ratio(trials, uniform).ToString("+0.0 %;-0.0 %", CultureInfo.InvariantCulture),
                Mean(trials, "flipShare").ToString("0.00 %", CultureInfo.InvariantCulture),
            });
    }

    private static string[] Own(string name, Trial[] trials) =>
    [
        name, Count(trials), Mean(trials, Published.RelativeMse).ToString("0.0E0", CultureInfo.InvariantCulture),
        Mean(trials, "flipShare").ToString("0.00 %", CultureInfo.InvariantCulture), Mean(trials, Published.Nll).ToString("0.0", CultureInfo.InvariantCulture),
    ];

    private static string[] Theirs(string name, string grid)
    {
        Published.Cell cell = Published.Results.Composition(grid, 8)!;
        double nll = Published.Results.Composition(grid, 8, Published.Nll)!.Mean;
        string error = cell.Mean.ToString("0.00E0", CultureInfo.InvariantCulture);
        return [name, $"{cell.Trials.Length}", error, "", nll.ToString("0.0", CultureInfo.InvariantCulture)];
    }

    private static Trial[] Full(TrialTable table, string cell) => [.. table[cell].Where(trial => trial.Share == 1)];

    private static double Mean(Trial[] trials, string figure) => trials.Average(trial => trial.Figures[figure]);

    // The geometric mean over trials, which share their first weights and samples.
    private static double Ratio(Trial[] trials, Trial[] others)
        => Math.Exp(trials.Zip(others, (own, other) => Math.Log(own.Figures[Published.RelativeMse] / other.Figures[Published.RelativeMse])).Average()) - 1;

    private static string Count(Trial[] trials) => trials.Length.ToString(CultureInfo.InvariantCulture);
}
