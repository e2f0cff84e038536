using System.Globalization;
using FlowDsl.Examples.Protocols;
using FlowDsl.Figures;

namespace FlowDsl.Examples.Results;

/// <summary>What published figures are to be compared with: tables of the baselines beside them.</summary>
/// <param name="baselines">The trials of <see cref="BaselineStudy"/>.</param>
internal sealed class BaselineTables(TrialTable baselines)
{
    // From where a multiple of x is better than any published network.
    private const double LateTime = 0.7;

    /// <summary>Adds the tables to a result file; those whose baselines were not measured are left out.</summary>
    public void Add(ResultFile file)
    {
        if (baselines.Cells.Count == 0) return;
        AddTeachers(file);
        AddScores(file);
        AddOneSteps(file);
        AddBlocks(file);
        AddGrids(file);
    }

    private void AddTeachers(ResultFile file)
    {
        (string Experiment, string Steps, string Cell)[] rows =
        [
            .. Sigmas().Select(sigma => ($"2, σ0 = {Plain(sigma)}", "10", BaselineStudy.OneStepCell(sigma))),
            ("3, σ0 = 0.001", "100", BaselineStudy.BlocksCell),
            ("4, σ0 = 1", "100", BaselineStudy.GridCell),
        ];
        file.Add(
            "teachers",
            [
                "experiment", "steps", "factor of the last step (exact)", "gain of the whole map (exact)", "teacher's error",
                "score of a perfect student", "r.m.s. of a coordinate (exact)",
            ],
            rows.Select(row => new[]
            {
                row.Experiment, row.Steps, Pair(row.Cell, "lastStep", "exactLastStep"), Pair(row.Cell, "gain", "exactGain"), Text(row.Cell, "teacherError"),
                Text(row.Cell, "perfectStudent"), Pair(row.Cell, "size", "exactSize"),
            }));
    }

    private void AddScores(ResultFile file)
    {
        Published.Cell[] cells = [.. Published.Results.Of(ScoreStudy.BySigma)];
        file.Add(
            "scores-trivial", ["σ0", "t/T", "published, width 512", "best multiple of x", "best affine map", "nearest mean alone"],
            cells.Select(cell => new[]
            {
                Plain(cell.Sigma), Plain(cell.Time!.Value), ErrorText.Of(cell.Mean),
                Text(Name(cell), "multiple"), Text(Name(cell), "affine"), Text(Name(cell), "nearestMean"),
            }));
        Published.Cell[] late = [.. Published.Results.Cells.Where(cell => cell.Table is ScoreStudy.BySigma or ScoreStudy.ByWidth && cell.Time >= LateTime)];
        int worse = late.Sum(cell => cell.Trials.Count(trial => trial > Figure(Name(cell), "multiple"))), all = late.Sum(cell => cell.Trials.Length);
        file.Add("scores-worse", $"Of the {all} published trials at t/T ≥ {LateTime}, {worse} are worse than the best multiple of x.");

        static string Name(Published.Cell cell) => BaselineStudy.ScoreCell(cell.Sigma, cell.Time!.Value);
    }

    private void AddOneSteps(ResultFile file) => file.Add(
        "onestep-trivial",
            [
                "σ0", "best constant", "best multiple of x", "best affine map", "nearest mean", "affine in each mode", "published, bound 0.001",
                "bound 0.25", "affine map to the true flow", "nearest mean to the true flow",
            ],
        Sigmas().Select(sigma =>
        {
            string cell = BaselineStudy.OneStepCell(sigma);
            return new[]
            {
                Plain(sigma), Text(cell, "constant"), Text(cell, "multiple"), Text(cell, "affine"), Text(cell, "nearestMean"), Text(cell, "piecewiseAffine"),
                Of(0.001), Of(0.25), Text(cell, "convergedAffine"), Text(cell, "convergedNearestMean"),
            };

            string Of(double bound) => ErrorText.Of(Published.Results.Of(OneStepStudy.Table).Single(own => own.Sigma == sigma && own.Bound == bound).Mean);
        }));

    private void AddBlocks(ResultFile file) => file.Add(
        "blocks-trivial", ["map", "relative MSE", "least of ten trials", "greatest"],
        [
            ["best multiple of x", Text(BaselineStudy.BlocksCell, "multiple"), "", ""],
            ["best affine map", Text(BaselineStudy.BlocksCell, "affine"), "", ""],
            ["the flow's end, its offset from the mode scaled", Text(BaselineStudy.BlocksCell, "exactOffset"), "", ""],
            .. Published.Results.Of(BlocksStudy.Table).Select(cell => new[]
            {
                $"{cell.Blocks} {(cell.Blocks == 1 ? "block" : "blocks")}, published",
                ErrorText.Of(cell.Mean), ErrorText.Of(cell.Trials.Min()), ErrorText.Of(cell.Trials.Max()),
            }),
        ]);

    private void AddGrids(ResultFile file)
    {
        file.Add(
            "grids-worst", ["grid", "segments", "worst segment, published", "the identity's worst segment", "end to end, published", "NLL, published"],
            Published.Results.Of(GridStudy.Table).Select(cell => new[]
            {
                cell.Grid == "stability" ? "stability-balanced" : cell.Grid!, Plain(cell.Segments!.Value), ErrorText.Of(cell.WorstSegment!.Value),
                Text(BaselineStudy.GridCell, $"{cell.Grid}{cell.Segments}Identity"), ErrorText.Of(cell.Mean),
                Published.Results.Composition(cell.Grid!, cell.Segments.Value, Published.Nll)!.Mean.ToString("0.0", CultureInfo.InvariantCulture),
            }));
        if (baselines[BaselineStudy.GridCell].Count > 0)
        {
            double exact = Figure(BaselineStudy.GridCell, "exactNll"), affine = Figure(BaselineStudy.GridCell, "affine");
            file.Add("grids-exact", $"The exact flow has an NLL of {exact:0.0}; the best affine map has a relative MSE of {affine:0.00}.");
        }
    }

    private static IEnumerable<double> Sigmas() => Published.Results.Of(OneStepStudy.Table).Select(cell => cell.Sigma).Distinct().OrderDescending();

    // The mean over trials.
    private double Figure(string cell, string name) => baselines[cell] is { Count: > 0 } trials ? trials.Average(trial => trial.Figures[name]) : double.NaN;

    private string Text(string cell, string name) => Figure(cell, name) is var value && double.IsNaN(value) ? "" : ErrorText.Of(value);

    private string Pair(string cell, string name, string exact) => double.IsNaN(Figure(cell, name)) ? "" : $"{Text(cell, name)} ({Text(cell, exact)})";

    private static string Plain(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
