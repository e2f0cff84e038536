using System.Globalization;
using FlowDsl.Metrics;

namespace FlowDsl.Examples;

/// <summary>The table of a law: what people use, what the mixture plans, and the best of all, by evaluations.</summary>
internal static class Board
{
    /// <summary>The evaluations per sample that are compared.</summary>
    public static IReadOnlyList<int> Budgets { get; } = [4, 8, 16, 32];

    private const int Middle = 8;

    private static readonly int[] s_reported = [Middle, 16];

    /// <summary>The rows of every table.</summary>
    public static IReadOnlyList<(Solver Solver, Grid Grid)> Rows { get; } =
    [
        (Solver.Euler, Grid.Uniform),
        (Solver.Euler, Grid.SharpEuler),
        (Solver.Heun, Grid.Karras),
        (Solver.DpmSolverPlusPlus2M, Grid.Uniform),
        (Solver.DpmSolverPlusPlus2M, Grid.UniformLogSnr),
        (Solver.DpmSolverPlusPlus2M, Grid.Karras),
        (Solver.DpmSolverPlusPlus2M, Grid.AlignYourSteps),
        (Solver.UniPC2, Grid.UniformLogSnr),
        (Solver.Deis2, Grid.UniformLogSnr),
        (Solver.Euler, Grid.Auto),
        (Solver.Heun, Grid.Auto),
        (Solver.DpmSolverPlusPlus2M, Grid.Auto),
        (Solver.DpmSolverPlusPlus3M, Grid.Auto),
        (Solver.UniPC2, Grid.Auto),
    ];

    /// <summary>The columns of a table.</summary>
    public static string[] Columns(string law)
        => [law, "grid", .. Budgets.Select(budget => $"error at {budget} NFE"), "median at 8", "other mode at 8", "KL at 8"];

    /// <summary>The columns of a table of reported errors.</summary>
    public static string[] ReportColumns(string law) => [law, "grid", "NFE", "NFE with reports", "error", "reported", "within a factor 2"];

    /// <summary>Runs all rows of a law.</summary>
    /// <param name="contest">The law.</param>
    /// <param name="cancellationToken">Stops between two samplers.</param>
    public static IReadOnlyList<Result> Run(Contest contest, CancellationToken cancellationToken)
    {
        var results = new List<Result>();
        foreach ((Solver solver, Grid grid) in Rows)
        {
            foreach (int budget in Budgets)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (contest.Run(solver, grid, budget, budget == Middle) is { } result) results.Add(result);
            }
        }
        return results;
    }

    /// <summary>Runs all rows of a law with estimates of their errors; none where the contest is not about them.</summary>
    /// <param name="contest">The law.</param>
    /// <param name="cancellationToken">Stops between two samplers.</param>
    public static IReadOnlyList<Report> RunReporting(Contest contest, CancellationToken cancellationToken)
    {
        var reports = new List<Report>();
        foreach ((Solver solver, Grid grid) in Rows)
        {
            foreach (int budget in s_reported)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (contest.RunReporting(solver, grid, budget) is { } report) reports.Add(report);
            }
        }
        return reports;
    }

    /// <summary>A table's rows as text.</summary>
    /// <param name="results">The results of one law.</param>
    public static IEnumerable<string[]> Text(IReadOnlyList<Result> results)
    {
        foreach ((Solver solver, Grid grid) in Rows)
        {
            Result[] own = [.. results.Where(result => (result.Solver, result.Grid) == (solver, grid))];
            if (own.Length == 0) continue;
            Result? eight = own.FirstOrDefault(result => result.Evaluations == Middle);
            yield return
            [
                $"{solver}", $"{grid}", .. Budgets.Select(budget => Number(own.FirstOrDefault(result => result.Evaluations == budget)?.Error)),
                Number(eight?.Median), eight is null ? "" : Percent(eight.Flips), Divergence(eight?.Divergence),
            ];
        }
    }

    /// <summary>The rows of a table of reported errors as text.</summary>
    /// <param name="reports">The reports of one law.</param>
    public static IEnumerable<string[]> Text(IReadOnlyList<Report> reports)
        => reports.Select(report => (string[])
        [
            $"{report.Solver}", $"{report.Grid}", $"{report.Evaluations.Plain}", $"{report.Evaluations.Reporting}", Number(report.Error),
            Number(report.Reported), Percent(report.Within),
        ]);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Divergence(MetricEstimate? divergence)
        => divergence is not { } known ? "" : string.Create(CultureInfo.InvariantCulture, $"{known.Value:0.000} ± {known.High - known.Value:0.000}");

    private static string Number(double? value)
        => value is not { } known ? "" : known.ToString(known < 0.001 ? "0.0E+0" : "0.0000", CultureInfo.InvariantCulture);
}
