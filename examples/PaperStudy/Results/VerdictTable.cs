using System.Globalization;
using FlowDsl.Examples.Protocols;
using FlowDsl.Figures;
using FlowDsl.Hosting;

namespace FlowDsl.Examples.Results;

/// <summary>The verdicts on all figures of a published table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Verdicts">One a figure, in the published order.</param>
internal sealed record VerdictTable(string Table, IReadOnlyList<Verdict> Verdicts)
{
    /// <summary>The published tables.</summary>
    public static IReadOnlyList<string> Names { get; } = [ScoreStudy.BySigma, ScoreStudy.ByWidth, OneStepStudy.Table, BlocksStudy.Table, GridStudy.Table];

    /// <summary>Compares a published table with the trials that are kept.</summary>
    public static VerdictTable Of(string table, TrialTable trials)
    {
        Dictionary<string, double> operations = Studies.All.Single(study => study.Name == table).CreateTasks(new StudyBudget(Share: 1, Trials: 1))
            .ToDictionary(task => task.Name, task => task.Operations);
        return new VerdictTable(
            table,
            [
                .. from cell in Published.Results.Cells
                   where cell.Table == table
                   select Verdict.Of(cell, trials[cell.Name], operations[CellTask.NameOf(cell.Name, trial: 0)]),
            ]);
    }

    /// <summary>Adds the table to a result file.</summary>
    public void Add(ResultFile file)
    {
        string[] settings = [.. Settings(Verdicts[0].Cell).Select(setting => setting.Name)];
        file.Add(
            Table, [.. settings, "published, 10 trials", "ours", "trials", "steps", "z", "verdict"],
            Verdicts.Select(verdict => new[]
            {
                [.. Settings(verdict.Cell).Select(setting => setting.Value)],
                new[]
                {
                    $"{Text(verdict.Cell, verdict.Cell.Mean)} ± {Spread(verdict.Cell)}",
                    verdict.Trials.Count == 0 ? "" : Text(verdict.Cell, verdict.Mean),
                    verdict.Trials.Count == 0 ? "" : verdict.Trials.Count.ToString(CultureInfo.InvariantCulture),
                    verdict.Trials.Count == 0 ? "" : verdict.Trials[0].Steps.ToString("N0", CultureInfo.InvariantCulture),
                    verdict.Share < 1 ? "" : verdict.Z.ToString("+0.0;-0.0", CultureInfo.InvariantCulture),
                    verdict.Word,
                },
            }.SelectMany(part => part).ToArray()));
    }

    private static IEnumerable<(string Name, string Value)> Settings(Published.Cell cell)
    {
        if (cell.Grid is { } grid) yield return ("grid", grid == "stability" ? "stability-balanced" : grid);
        if (cell.Segments is { } segments) yield return ("segments", Number(segments));
        if (cell.Grid is not null) yield return ("metric", cell.Metric == Published.Nll ? "NLL" : "relative MSE");
        if (cell.Table is ScoreStudy.BySigma or OneStepStudy.Table) yield return ("σ0", Number(cell.Sigma));
        if (cell.Table == ScoreStudy.ByWidth) yield return ("width", Number(cell.Width!.Value));
        if (cell.Time is { } time) yield return ("t/T", Number(time));
        if (cell.Bound is { } bound) yield return ("bound", Number(bound));
        if (cell.Blocks is { } blocks) yield return ("blocks", Number(blocks));
    }

    private static string Text(Published.Cell cell, double value)
        => cell.Metric == Published.Nll ? value.ToString("0.0", CultureInfo.InvariantCulture) : ErrorText.Of(value);

    private static string Spread(Published.Cell cell)
        => cell.Deviation.ToString(cell.Metric == Published.Nll ? "0.0" : "0.0E0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
